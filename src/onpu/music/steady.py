"""Stretches of steady tempo: beats that lie within their jitter of a line.

Beats that are found stray by a few milliseconds, also those of a click. Where a line explains them, what is left is
this jitter, and the music's tempo is the line's slope. The stretches are those of the best piecewise line: least
squares with a price for each piece, by dynamic programming (Bellman & Roth, "Curve fitting by segmented straight
lines", JASA 1969).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from onpu.music.arrays import Floats

JITTER_SECONDS = 0.004
"""Standard deviation of found beats about steady ones."""
PIECE_PRICE = 16.0
"""Price of another piece, in the unit of squared distances over squared jitter."""
LEAST_BEATS = 12
"""Beats from which on a line is a tempo and not a chance."""
STRAY_SECONDS = 0.04
"""Largest distance from the line of beats that are taken for stray ones."""
STRAY_BEATS = 2
"""So many stray beats in a row may lie within a stretch; at the ends of all, fewer than `LEAST_BEATS`."""


class Stretch(NamedTuple):
    """Beats first to last, both inclusive, lie at `seconds` + `slope` (place - places[first])."""

    first: int
    last: int
    seconds: float
    slope: float


class _Line(NamedTuple):
    """A line that explains the beats [first, end): seconds a place, where it puts each of all beats (n,), and how far
    from there each is, in seconds."""

    first: int
    end: int
    slope: float
    at: np.ndarray
    far: np.ndarray


def steady_stretches(places: np.ndarray, times: np.ndarray) -> list[Stretch]:
    """The stretches of steady tempo, in order; beats in none of them have tempi of their own.

    places: (n,) in beats or quarters, ascending. times: (n,) seconds, ascending.
    """
    if len(times) < LEAST_BEATS:
        return []
    edges = _edges(places, times)
    found: list[_Line] = []
    for first, end in pairwise(edges):
        if end - first < LEAST_BEATS:
            continue
        both = _line(found[-1].first, end, places, times) if found and first - found[-1].end <= STRAY_BEATS else None
        far = both.far[both.first : end] if both is not None else np.zeros(0)
        if both is not None and far.max() <= STRAY_SECONDS and np.median(far) <= JITTER_SECONDS:
            found[-1] = both
        else:
            found.append(_line(first, end, places, times))
    if found:
        found[0] = _reaching(found[0], 0, found[0].end)
        found[-1] = _reaching(found[-1], found[-1].first, len(times))
    return [Stretch(line.first, line.end - 1, float(line.at[line.first]), line.slope) for line in found]


def straightened(times: np.ndarray) -> np.ndarray:
    """The beats (n,) on their line, where one line explains them all; through 0 s where the first lies there."""
    found = steady_stretches(np.arange(len(times)), times)
    if len(found) != 1 or (found[0].first, found[0].last) != (0, len(times) - 1):
        return times
    count = np.arange(len(times))
    seconds, slope = found[0].seconds, found[0].slope
    if abs(seconds) <= JITTER_SECONDS:
        core = np.abs(times - seconds - slope * count) <= 3 * JITTER_SECONDS
        seconds, slope = 0.0, float(times[core] @ count[core] / (count[core] @ count[core]))
    on_line: Floats = seconds + slope * count
    return on_line if on_line[0] >= 0 else times


def _line(first: int, end: int, places: np.ndarray, times: np.ndarray) -> _Line:
    """The line of the beats [first, end), by least squares; again without the beats that stray."""
    x, y = places[first:end], times[first:end]
    slope, level = np.polyfit(x, y, 1)
    near = np.abs(y - level - slope * x) <= 3 * JITTER_SECONDS
    if near.sum() >= LEAST_BEATS:
        slope, level = np.polyfit(x[near], y[near], 1)
    at = level + slope * places
    return _Line(first, end, float(slope), at, np.abs(times - at))


def _reaching(line: _Line, first: int, end: int) -> _Line:
    """The line for all beats up to an end of them, where those beyond it are few and stray."""
    beyond = np.concatenate([line.far[first : line.first], line.far[line.end : end]])
    few = 0 < len(beyond) < LEAST_BEATS and beyond.max() <= STRAY_SECONDS
    return line._replace(first=first, end=end) if few else line


def _edges(places: np.ndarray, times: np.ndarray) -> list[int]:
    """Firsts of the pieces of the best piecewise line, and the number of beats."""
    x, count = places - places.mean(), len(places)
    y = times - np.polyval(np.polyfit(x, times, 1), x)
    sums = [np.concatenate([[0.0], np.cumsum(column)]) for column in (x, y, x * x, x * y, y * y)]
    best, came = np.zeros(count + 1), np.zeros(count + 1, np.int64)
    for end in range(1, count + 1):
        n = end - np.arange(end)
        sx, sy, sxx, sxy, syy = (column[end] - column[:end] for column in sums)
        spread = np.maximum(sxx - sx * sx / n, 1e-12)
        rest = np.maximum(syy - sy * sy / n - (sxy - sx * sy / n) ** 2 / spread, 0)
        total = best[:end] + rest / JITTER_SECONDS**2 + PIECE_PRICE
        came[end] = total.argmin()
        best[end] = total[came[end]]
    edges = [count]
    while edges[-1]:
        edges.append(int(came[edges[-1]]))
    return edges[::-1]
