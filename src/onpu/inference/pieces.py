"""Joining what was made of a recording piece by piece."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
from torch import Tensor

Pieces = TypeVar("Pieces", np.ndarray, Tensor)


def overlap_add(pieces: Iterable[Pieces], step: int, rise: Pieces, fall: Pieces) -> Iterator[Pieces]:
    """Consecutive stretches of what pieces (…, step + overlap) make, each of which begins `step` after the one before.

    Where two overlap, the earlier one is weighted by `fall` and the later one by `rise`, both (overlap,), and they are
    added. The first piece and the end of the last one stay as they are; the last two pieces may be shorter. Pieces are
    changed in place, and a piece is asked for only when the stretch before has been taken.
    """
    tail = None
    for piece in pieces:
        if tail is not None:
            count = min(tail.shape[-1], piece.shape[-1])
            piece[..., :count] = tail[..., :count] * fall[:count] + piece[..., :count] * rise[:count]
        yield piece[..., :step]
        tail = piece[..., step:]
    if tail is not None:
        yield tail


def linear_fade(overlap: int) -> tuple[np.ndarray, np.ndarray]:
    """Rise and fall (overlap,), float32, which sum to 1 and do not reach 0."""
    rise = np.arange(1, overlap + 1, dtype=np.float32) / (overlap + 1)
    return rise, 1 - rise
