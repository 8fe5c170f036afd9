"""Stretches of steady tempo: beats that lie within their jitter of a line.

Beats that are found are put on these lines, and whatever says a tempo, be it a timeline, MIDI or a score, has it from
there. (`onpu.decode.steady_pulse` tells from the sound which beats there are.)

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
LEAST_BEATS = 24
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
        alone = _line(first, end, places, times)
        if both is not None and both.far[both.first : end].max() <= STRAY_SECONDS and _jitters(both):
            found[-1] = both
        elif _jitters(alone):
            found.append(alone)
    if found:
        found[0] = _reaching(found[0], 0, found[0].end)
        found[-1] = _reaching(found[-1], found[-1].first, len(times))
    return [Stretch(line.first, line.end - 1, float(line.at[line.first]), line.slope) for line in found]


class Knots(NamedTuple):
    """Between the beats `rows` (k,), indices, which lie at `times` (k,) seconds, the tempo is steady; the first and the
    last of all are among them. stretches: the steady stretches that they were made from."""

    rows: np.ndarray
    times: np.ndarray
    stretches: list[Stretch]


def tempo_knots(places: np.ndarray, times: np.ndarray) -> Knots:
    """The ends of the steady stretches, on their lines, and all other beats as they are; for arguments see
    `steady_stretches`. Two stretches that meet have one knot, in the beat in which they meet best."""
    steady = steady_stretches(places, times)
    inside = np.zeros(len(times), bool)
    at = times.astype(np.float64)
    for stretch in steady:
        inside[stretch.first + 1 : stretch.last] = True
        for end in (stretch.first, stretch.last):
            at[end] = _on(stretch, places, end)
    for before, after in pairwise(steady):
        if after.first == before.last + 1:
            _join(before, after, places, at, inside)
    ascending = np.append(True, np.diff(at[~inside]) > 0)
    rows = np.flatnonzero(~inside)[ascending[: int((~inside).sum())]]
    return Knots(rows, at[rows], steady)


def straightened(times: np.ndarray) -> np.ndarray:
    """The beats (n,), those of steady stretches on their lines; the same array where there are none. Beats of one line
    that begin at 0 s lie on the line through it."""
    count = np.arange(len(times))
    found = tempo_knots(count, times)
    if not found.stretches:
        return times
    whole = found.stretches[0]
    if (whole.first, whole.last) != (0, len(times) - 1):
        on_lines: Floats = np.interp(count, found.rows, np.maximum(found.times, 0.0))
        return on_lines if on_lines[1] > 0 and found.rows[-1] == count[-1] else times
    seconds, slope = whole.seconds, whole.slope
    if abs(seconds) <= JITTER_SECONDS:
        core = np.abs(times - seconds - slope * count) <= 3 * JITTER_SECONDS
        seconds, slope = 0.0, float(times[core] @ count[core] / (count[core] @ count[core]))
    on_line: Floats = seconds + slope * count
    return on_line if on_line[0] >= 0 else times


def _on(stretch: Stretch, places: np.ndarray, beat: int) -> float:
    """Seconds at which the stretch puts a beat."""
    return float(stretch.seconds + stretch.slope * (places[beat] - places[stretch.first]))


def _join(before: Stretch, after: Stretch, places: np.ndarray, at: np.ndarray, inside: np.ndarray) -> None:
    """One knot for two stretches that meet, at the beat in which they meet best, unless they lie apart."""
    apart = {beat: abs(_on(before, places, beat) - _on(after, places, beat)) for beat in (before.last, after.first)}
    beat = min(apart, key=lambda beat: apart[beat])
    if apart[beat] <= STRAY_SECONDS:
        at[beat] = (_on(before, places, beat) + _on(after, places, beat)) / 2
        inside[before.last if beat == after.first else after.first] = True


def _line(first: int, end: int, places: np.ndarray, times: np.ndarray) -> _Line:
    """The line of the beats [first, end), by least squares; again without the beats that stray."""
    x, y = places[first:end], times[first:end]
    slope, level = np.polyfit(x, y, 1)
    near = np.abs(y - level - slope * x) <= 3 * JITTER_SECONDS
    if near.sum() >= LEAST_BEATS:
        slope, level = np.polyfit(x[near], y[near], 1)
    at = level + slope * places
    return _Line(first, end, float(slope), at, np.abs(times - at))


def _jitters(line: _Line) -> bool:
    """Whether its beats stray by their jitter and no more: half of them lie within it."""
    return bool(np.median(line.far[line.first : line.end]) <= JITTER_SECONDS)


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
