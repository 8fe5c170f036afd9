"""Which pieces of a set are learned from: the hash of a piece's name decides, so that it stays as it is."""

from hashlib import sha256

PARTS = 10
"""The pieces are divided into so many parts: number 0 is for tests and never learned from."""


def held_out(name: str) -> bool:
    """Whether a piece of this name is kept for tests."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big") % PARTS == 0


def in_split(name: str, split: str) -> bool:
    """Whether a piece belongs to `train` or `test`."""
    return held_out(name) == (split == "test")
