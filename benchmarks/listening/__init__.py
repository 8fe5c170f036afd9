"""What the listeners hear, beside the peers."""
