"""Composed items of aligned sounds, one kind a file, and the corpora that they are written to."""
