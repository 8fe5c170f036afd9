"""How a metre is written: 2/4 or 6/8, 7/4 or 7/8.

The bar-pointer model counts beats. Beats that fall into three are dotted quarters, and the bar is written in eighths:
two of them are 6/8, three 9/8, four 12/8. Five or seven beats that are too fast for quarters are eighths: 5/8, 7/8.
"""

import numpy as np

from onpu.decode.pulse import HeardPulse
from onpu.music import Beats, Clock, Metre

COMPOUND_METRES = (2, 3, 4)
"""Beats a bar that may be dotted quarters: 6/8, 9/8, 12/8."""
TERNARY, TERNARY_THREE = 0.02, 0.25
"""Logarithm of the flux at the weaker third over that half-way, from which on beats fall into three, in bars of two or
four and in those of three. Of swung eighths only the second third is strong."""
THIRD_SHARE = 0.05
"""Share of the flux at beats that is added to the flux between them before the ratio is taken."""
EIGHTHS_BPM, EIGHTH_METRES = 200.0, (5, 7)
"""Beats a minute from which on beats are eighths, in bars of so many."""
MIN_BEATS = 8
"""Beats of a metre, fewer of which do not tell how they are divided."""


def written(beats_in_bar: int, frames: np.ndarray, pulse: HeardPulse) -> tuple[int, int]:
    """Numerator and denominator of a metre of so many beats a bar, whose beats lie at `frames` (n,)."""
    if len(frames) < 2:
        return beats_in_bar, 4
    bpm = 60 * pulse.fps / float(np.median(np.diff(frames)))
    if beats_in_bar in EIGHTH_METRES and bpm >= EIGHTHS_BPM:
        return beats_in_bar, 8
    if beats_in_bar in COMPOUND_METRES and len(frames) >= MIN_BEATS:
        if ternary(frames, pulse) > (TERNARY_THREE if beats_in_bar == 3 else TERNARY):
            return 3 * beats_in_bar, 8
    return beats_in_bar, 4


def ternary(frames: np.ndarray, pulse: HeardPulse) -> float:
    """How much rather beats fall into three than into two: logarithm of the flux at the weaker of the two thirds over
    that half-way; 0 where the flux is not known."""
    starts, lengths = frames[:-1], np.diff(frames)
    beat, half, *thirds = (float(pulse.rise(starts + part * lengths).mean()) for part in (0, 1 / 2, 1 / 3, 2 / 3))
    floor = THIRD_SHARE * beat
    return float(np.log((min(thirds) + floor) / (half + floor)))


def metre_of(beats: Beats, signatures: np.ndarray, downbeat: np.ndarray, clock: Clock) -> Metre:
    """Runs of equal signature, (n, 3) numerator, denominator and beats a bar; how sure: mean downbeat activation on the
    downbeats over that plus the best other place."""
    if len(beats.times) == 0:
        return Metre.empty()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(signatures, axis=0).any(axis=1)) + 1])
    ends = np.concatenate([starts[1:], [len(signatures)]])
    height = np.interp(clock.frames(beats.times), np.arange(len(downbeat)), downbeat)
    sure = []
    for a, b in zip(starts, ends, strict=True):
        places = [height[a:b][beats.positions[a:b] == p] for p in range(1, signatures[a, 2] + 1)]
        level = [float(place.mean()) if len(place) else 0.0 for place in places]
        sure.append(level[0] / max(level[0] + max(level[1:], default=0.0), 1e-9))
    return Metre(beats.times[starts], signatures[starts, 0], signatures[starts, 1], np.array(sure))
