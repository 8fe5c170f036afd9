"""Scores and lead sheets: how right they are, how they read, and who reads them."""
