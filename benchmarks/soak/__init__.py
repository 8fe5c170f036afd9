"""What takes too long for the tests: damaged files, odd batches, kills, whole pages, recordings of hours."""
