"""Where the tempo of beats changes: the knots of a line that is straight where the tempo is steady.

MIDI files and collections for disc jockeys have their tempi from here."""

from dataclasses import dataclass

import numpy as np

from onpu.music.bars import DEFAULT_BEAT_SECONDS
from onpu.music.steady import JITTER_SECONDS, tempo_knots

AT_START_SECONDS = 0.012
"""What would begin no further from 0 s begins there."""
WANDERING_SECONDS = 0.01
"""So far from the map may heard beats of no steady tempo lie: their listener strays by as much, and people hear no less
(Friberg & Sundberg, "Time discrimination in a monotonic, isochronous sequence", JASA 98(5), 1995)."""
REACH = 64
"""Beats between two knots at most."""


@dataclass(frozen=True, eq=False)
class TempoKnots:
    """Between places[i] and the next, (n,) quarters, ascending, which lie at times[i], (n,) seconds, holds one tempo.
    usual: seconds a quarter where there is but one knot. steady: whether the first tempo is that of many beats."""

    places: np.ndarray
    times: np.ndarray
    usual: float
    steady: bool

    def seconds_per_quarter(self) -> float:
        """Of the first tempo."""
        if len(self.places) < 2:
            return self.usual
        return float((self.times[1] - self.times[0]) / (self.places[1] - self.places[0]))

    def after(self, lead_in: float) -> "TempoKnots":
        """The same with places counted from 0 s, which is so many quarters before the first. A steady tempo goes on to
        there if that meets 0 s as nearly as beats lie on a line (the line through 0 s that fits the others best ends
        half as far on the other side), else there is another."""
        places, times = self.places + lead_in, self.times
        back = float(times[0]) - lead_in * self.seconds_per_quarter()
        if not lead_in or (self.steady and abs(back) <= JITTER_SECONDS):
            places, times = places[1:], times[1:] + (back / 2 if self.steady and len(times) == 2 else 0.0)
        return TempoKnots(np.append(0.0, places), np.append(0.0, times), self.usual, self.steady)


def knots_of(places: np.ndarray, times: np.ndarray, tolerance: float = 0.0) -> TempoKnots:
    """The knots of beats at `places` quarters after the first, (n,), and `times` seconds, (n,): the ends of steady
    stretches (`onpu.music.steady`), and of all other beats as few as leave none of them further from the lines between
    knots than the tolerance in seconds."""
    found = tempo_knots(places, times)
    steady = bool(found.stretches) and found.stretches[0].first == 0
    kept = _fewest(places, found.rows, found.times, tolerance)
    return TempoKnots(places[found.rows[kept]], found.times[kept], _usual(places, times), steady)


def _fewest(places: np.ndarray, rows: np.ndarray, times: np.ndarray, tolerance: float) -> np.ndarray:
    """Which of the knots (k,), beats `rows` at `times` seconds, are kept, the ends among them: fewest by dynamic
    programming. From a knot a line may go to another one if its slope lies between those to all that it passes, each
    moved by the tolerance; it passes no steady stretch, whose knots are no neighbours among the beats."""
    count = len(rows)
    if tolerance <= 0 or count < 3:
        return np.arange(count)
    at = places[rows]
    spans = np.append(np.diff(rows) == 1, False)  # whether the next knot is the next beat
    fewest, came = np.full(count, count), np.zeros(count, np.int64)
    fewest[0] = 0
    for first in range(count - 1):
        gap = np.flatnonzero(~spans[first : first + REACH])
        end = first + 1 + max(int(gap[0]) if len(gap) else REACH, 1)
        slopes, low, high = ((times[first + 1 : end] - times[first] + side) / (at[first + 1 : end] - at[first])
                             for side in (0.0, -tolerance, tolerance))
        passed = np.append(True, (slopes[1:] >= np.maximum.accumulate(low)[:-1])
                           & (slopes[1:] <= np.minimum.accumulate(high)[:-1]))
        others = first + 1 + np.flatnonzero(passed)
        nearer = others[fewest[others] > fewest[first] + 1]
        fewest[nearer], came[nearer] = fewest[first] + 1, first
    kept = [count - 1]
    while kept[-1]:
        kept.append(int(came[kept[-1]]))
    return np.array(kept[::-1])


def constant_tempo(places: np.ndarray, times: np.ndarray) -> TempoKnots:
    """One tempo throughout, by least squares; for arguments see `knots_of`."""
    if len(times) < 2:
        return knots_of(places, times)
    slope, start = np.polyfit(places, times, 1)
    start = float(np.clip(start, 0.0, None))
    ends = places[[0, -1]]
    return TempoKnots(ends, start + slope * ends, float(slope), True)


def _usual(places: np.ndarray, times: np.ndarray) -> float:
    return float(np.median(np.diff(times) / np.diff(places))) if len(times) > 1 else DEFAULT_BEAT_SECONDS
