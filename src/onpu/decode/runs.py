"""Stretches in which something is heard, from a probability a frame for each of several labels."""

from collections.abc import Iterable, Sequence

import numpy as np

from onpu.decode.filters import moving_mean
from onpu.music import Clock

Row = tuple[float, float, str, float]
"""Start and end in seconds, label, confidence."""


def runs(values: Iterable[np.ndarray], labels: Sequence[str], clock: Clock, threshold: float,
         median_seconds: float) -> list[Row]:
    """Runs of frames whose median over so many seconds passes the threshold, by their start; how sure: their mean
    activation. The last frame lies on the recording's end, beyond which none goes.

    values: (frames,) in [0, 1] for each of the labels.
    """
    rows: list[Row] = []
    reach = 2 * round(median_seconds * clock.fps / 2) + 1
    for label, row in zip(labels, values, strict=True):
        likely = (row >= threshold).astype(np.uint8)
        if not likely.any():
            continue
        smooth = (moving_mean(likely, reach) > 0.5).astype(np.int8)  # the median of zeros and ones
        for first, last in np.flatnonzero(np.diff(smooth, prepend=0, append=0)).reshape(-1, 2).tolist():
            start = max(0.0, float(clock.seconds(first - 0.5)))
            end = float(clock.seconds(min(last - 0.5, len(row) - 1)))
            if start < end:
                rows.append((start, end, label, float(row[first:last].mean())))
    return sorted(rows, key=lambda found: found[0])
