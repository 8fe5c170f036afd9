"""Running means and maxima, local maxima, groups by average linkage: what decoders need of SciPy, in NumPy.

SciPy has all of it. But it is twice as large as all else that listening without torch needs, and importing its filters
takes longer than hearing ten seconds of music, so that decoders do without (`docs/install.md`).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from onpu.music.arrays import Floats, Integers


def moving_mean(values: np.ndarray, frames: int) -> Floats:
    """Mean over an odd number of frames around each, along the last axis; the first and the last value go on beyond the
    ends."""
    if values.shape[-1] == 0:
        return values.astype(np.float64)
    reach = frames // 2
    padded = np.pad(np.asarray(values, np.float64), [(0, 0)] * (values.ndim - 1) + [(reach + 1, reach)], mode="edge")
    padded[..., 0] = 0
    total = np.cumsum(padded, axis=-1)
    means: Floats = (total[..., 2 * reach + 1 :] - total[..., : -2 * reach - 1]) / (2 * reach + 1)
    return means


def moving_maximum(values: np.ndarray, frames: int) -> Floats:
    """The largest of an odd number of frames around each, values (frames,) of 0 or more."""
    if not len(values):
        return values.astype(np.float64)
    reach = frames // 2
    largest: Floats = sliding_window_view(np.pad(values, reach), 2 * reach + 1).max(axis=-1)
    return largest


def local_maxima(values: np.ndarray, least: float, apart: float) -> Integers:
    """Frames (n,) of values (frames,) of at least `least` that are higher than what surrounds them, of a plateau the
    middle one; of those nearer than `apart` frames the highest."""
    edges = np.flatnonzero(np.diff(values))  # the last frame of each plateau, but for that of the last
    firsts, lasts = np.append(0, edges + 1), np.append(edges, len(values) - 1)
    heights = values[firsts]
    top = np.flatnonzero((heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:]) & (heights[1:-1] >= least)) + 1
    frames = (firsts[top] + lasts[top]) // 2
    kept = np.ones(len(frames), bool)
    for number in np.argsort(heights[top])[::-1]:
        if kept[number]:
            near = np.abs(frames - frames[number]) < apart
            near[number] = False
            kept &= ~near
    found: Integers = frames[kept]
    return found


def linked(distance: np.ndarray, most: float) -> Integers:
    """Numbers (n,) of the groups that average linkage makes of n things, while groups are `most` apart or less.

    distance: (n, n), symmetric; that of two groups is the mean over the pairs of their members.
    """
    members = [[number] for number in range(len(distance))]
    apart = np.array(distance, np.float64)
    np.fill_diagonal(apart, np.inf)
    while len(members) > 1:
        one, other = sorted(divmod(int(apart.argmin()), len(members)))
        if apart[one, other] > most:
            break
        sizes = len(members[one]), len(members[other])
        apart[one] = apart[:, one] = np.average(apart[[one, other]], axis=0, weights=sizes)
        apart[one, one] = np.inf
        members[one] += members.pop(other)
        apart = np.delete(np.delete(apart, other, axis=0), other, axis=1)
    groups = np.zeros(len(distance), np.int64)
    for number, group in enumerate(members):
        groups[group] = number
    return groups
