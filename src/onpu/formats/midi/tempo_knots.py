"""Where the tempo of beats changes: the knots of a line that is straight where the tempo is steady."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onpu.music.bars import DEFAULT_BEAT_SECONDS
from onpu.music.steady import STRAY_SECONDS, Stretch, steady_stretches

AT_START_SECONDS = 0.012
"""What would begin no further from 0 s begins there."""


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
        there if that nearly meets 0 s (the line through 0 s that fits the others best ends half as far on the other
        side), else there is another."""
        places, times = self.places + lead_in, self.times
        back = float(times[0]) - lead_in * self.seconds_per_quarter()
        if not lead_in or (self.steady and abs(back) <= AT_START_SECONDS):
            places, times = places[1:], times[1:] + (back / 2 if self.steady and len(times) == 2 else 0.0)
        return TempoKnots(np.append(0.0, places), np.append(0.0, times), self.usual, self.steady)


def tempo_knots(places: np.ndarray, times: np.ndarray) -> TempoKnots:
    """The knots of beats at `places` quarters after the first, (n,), and `times` seconds, (n,): the ends of steady
    stretches, and all other beats."""
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
    kept = np.flatnonzero(~inside)[ascending]
    return TempoKnots(places[kept], at[kept], _usual(places, times), bool(steady) and steady[0].first == 0)


def constant_tempo(places: np.ndarray, times: np.ndarray) -> TempoKnots:
    """One tempo throughout, by least squares; for arguments see `tempo_knots`."""
    if len(times) < 2:
        return tempo_knots(places, times)
    slope, start = np.polyfit(places, times, 1)
    start = float(np.clip(start, 0.0, None))
    ends = places[[0, -1]]
    return TempoKnots(ends, start + slope * ends, float(slope), True)


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


def _usual(places: np.ndarray, times: np.ndarray) -> float:
    return float(np.median(np.diff(times) / np.diff(places))) if len(times) > 1 else DEFAULT_BEAT_SECONDS
