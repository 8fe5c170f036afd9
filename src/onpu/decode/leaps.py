"""Of several melodies, the one that leaps least."""

import numpy as np

LEAP = 7
"""Semitones of a fifth; wider intervals are leaps."""


def fewest_leaps(tried: np.ndarray, last: int | None) -> np.ndarray:
    """Of pitches (tried, steps) the first row of those with the fewest semitones beyond `LEAP` in their intervals.

    Songs have a leap in 23 intervals; a generator of few layers, whose steps are chosen each by itself, has many more.

    last: the pitch before them, to which an interval leads too; None: there is none.
    """
    line = tried if last is None else np.pad(tried, ((0, 0), (1, 0)), constant_values=last)
    beyond = np.maximum(np.abs(np.diff(line, axis=1)) - LEAP, 0).sum(axis=1)
    found: np.ndarray = tried[int(beyond.argmin())]
    return found
