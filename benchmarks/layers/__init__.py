"""What recurrent cells remember."""
