"""What the makers make, judged by their fields' measures."""
