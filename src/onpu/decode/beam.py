"""Search for the most probable of all sequences, step by step, with no more than so many in hand."""

from collections.abc import Callable

import numpy as np

Advance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(rows (k,) of the last call, classes (k,) that follow them) -> log p (k, classes) of what comes then."""


def beam(advance: Advance, start: int, length: int, width: int) -> tuple[np.ndarray, float]:
    """Classes (length,) and the log p of the best of the sequences that were followed, `width` at most at each step; 1:
    the most probable class each time. Used for translations by Sutskever, Vinyals & Le (NIPS 2014, section 3.2).

    advance: called first with row 0 and the class `start`. Ties go to what was found first.
    """
    found, scores = np.zeros((1, 0), np.int64), np.zeros(1)
    rows, classes = np.zeros(1, np.int64), np.array([start])
    for _ in range(length):
        likely = scores[:, None] + advance(rows, classes)  # (k, classes)
        best = np.argsort(-likely, axis=None, kind="stable")[:width]
        rows, classes = np.unravel_index(best, likely.shape)
        scores = likely[rows, classes]
        found = np.concatenate([found[rows], classes[:, None]], axis=1)
    return found[0], float(scores[0])
