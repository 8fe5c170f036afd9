"""Recordings through networks in bounded memory: streaming of features, activations, overlap-add."""
