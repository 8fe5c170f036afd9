"""How many beats the rhythm takes to come round, which tells the length of a bar.

A bar's rhythm is like that of the bar before. So beats are described by the flux on a grid inside them, and each is
compared with the beat some beats later, as Foote & Uchihashi do with frames ("The beat spectrum: a new approach to
rhythm analysis", ICME 2001). Bars of five or seven beats are found by this where the downbeat activation is in doubt.
How much it counts beside the activation was chosen with the songs of `benchmarks.listening.beats --only metres`.
"""

from dataclasses import replace

import numpy as np

from onpu.decode.bars import METRES, BarModel, BarPath, decode_bars
from onpu.decode.levels import tempo_around
from onpu.decode.pulse import HeardPulse, near
from onpu.decode.signature import TERNARY, ternary
from onpu.music.arrays import Floats

PLACES = 6
"""Places inside a beat at which the flux is read: two and three divide it."""
LOUDNESS = 20.0
"""Factor of the flux under the logarithm."""
REPEATED = 1.5
"""Nats a beat for a metre whose similarity is by 1 above that of its neighbours."""
TWO_OR_FOUR = 2.0
"""Nats a beat for 6/8 beside 12/8 when two beats are by 1 more alike than four."""
MIN_OVERLAP = 8
"""Pairs of beats, with fewer of which a lag tells nothing."""


def beat_patterns(frames: np.ndarray, pulse: HeardPulse) -> np.ndarray:
    """(beats, places and bands): logarithm of the flux inside each beat, less the mean over the beats."""
    assert pulse.flux is not None
    flux = np.log1p(LOUDNESS * pulse.flux)
    starts, lengths = frames[:-1].astype(np.float64), np.diff(frames)
    read = [near(flux, starts + place / PLACES * lengths, 1.0) for place in range(PLACES)]
    patterns: Floats = np.concatenate(read).T
    return patterns - patterns.mean(axis=0)


def similarity(patterns: np.ndarray, lags: int) -> np.ndarray:
    """(lags + 1,): cosine of all patterns with those some beats later, 1 for none; NaN where too few are left."""
    alike = np.full(lags + 1, np.nan)
    for lag in range(min(lags, len(patterns) - MIN_OVERLAP) + 1):
        a, b = patterns[: len(patterns) - lag], patterns[lag:]
        alike[lag] = (a * b).sum() / max(np.sqrt((a * a).sum() * (b * b).sum()), 1e-9)
    return alike


def excess(alike: np.ndarray, metre: int) -> float:
    """By how much beats one or two bars apart are more alike than those a beat more or less apart; 0: not known."""
    found = [alike[lag] - (alike[lag - 1] + alike[lag + 1]) / 2
             for lag in (metre, 2 * metre) if np.isfinite(alike[lag - 1: lag + 2]).all()]
    return float(np.mean(found)) if found else 0.0


def metre_favour(path: BarPath, pulse: HeardPulse, model: BarModel) -> tuple[tuple[int, float], ...]:
    """Nats a beat that speak for each of the model's metres, from the rhythm of the beats of a path.

    Where beats fall into three, bars of two beats are as common as those of four.
    """
    alike = similarity(beat_patterns(path.frames, pulse), 2 * max(model.metres) + 1)
    favour = {metre: REPEATED * excess(alike, metre) for metre in model.metres}
    if 6 in favour:  # two bars of three are no bar of six
        favour[6] -= max(REPEATED * excess(alike, 3), 0.0)
    if 2 in favour and ternary(path.frames.astype(np.float64), pulse) > TERNARY:
        favour[2] -= model.custom * float(np.log10(METRES[2]))
        if np.isfinite(alike[[2, 4]]).all():
            favour[2] += TWO_OR_FOUR * float(alike[2] - alike[4])
    return tuple(favour.items())


def with_repetition(path: BarPath, pulse: HeardPulse, model: BarModel) -> BarPath:
    """The best path at the tempo of this one when the rhythm's repetition is known too; the same one without flux."""
    if pulse.flux is None or len(path.frames) <= MIN_OVERLAP:
        return path
    return decode_bars(pulse.beat, pulse.downbeat,
                       replace(model, bpm=tempo_around(path, pulse.fps), favour=metre_favour(path, pulse, model)))
