"""How alike beats are to those some beats later.

A bar's rhythm is like that of the bar before. So beats are described by the flux on a grid inside them, and each is
compared with the beat some beats later, as Foote & Uchihashi do with frames ("The beat spectrum: a new approach to
rhythm analysis", ICME 2001).
"""

import numpy as np

from onpu.decode.pulse import HeardPulse, near
from onpu.music.arrays import Floats

PLACES = 6
"""Places inside a beat at which the flux is read: two and three divide it."""
LOUDNESS = 20.0
"""Factor of the flux under the logarithm."""
MIN_OVERLAP = 8
"""Pairs of beats, with fewer of which a lag tells nothing."""


def beat_patterns(frames: np.ndarray, pulse: HeardPulse) -> np.ndarray:
    """(beats, places and bands): logarithm of the flux inside each beat, less the mean over the beats."""
    assert pulse.flux is not None
    flux = np.log1p(LOUDNESS * pulse.flux)
    starts, lengths = frames[:-1].astype(np.float64), np.diff(frames)
    read = [near(flux, starts + place / PLACES * lengths, 1.0) for place in range(PLACES)]
    patterns: Floats = np.concatenate(read).T
    patterns -= patterns.mean(axis=0)
    return patterns


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
