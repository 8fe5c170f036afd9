"""Augmentation of audio, of labels and of features."""
