"""Accuracy and speed of onpu beside its peers; run from the root of the repository, see README.md."""
