"""The most probable line of pitch through a salience, with pauses: Viterbi decoding of a melody.

States are the bins and one for no melody; pitch glides to neighbouring bins, leaps to any other at a price, and begins
and ends at a price (after Salamon & Gómez, "Melody extraction from polyphonic music signals using pitch contour
characteristics", IEEE TASLP 2012, who chain salience peaks by rules, and Mauch & Dixon, "pYIN", ICASSP 2014, section
2.2, from whom the hidden Markov model is).
"""

import numpy as np

from onpu.music.arrays import Floats

MAX_GLIDE_SEMITONES = 1.33
"""Semitones that a pitch may move from frame to frame without leaping."""
GLIDE_COST = 0.45
"""Log cost of a semitone's glide."""
LEAP_COST = 5.0
"""Log cost of a leap."""
VOICING_COST = 3.0
"""Log cost of beginning and of ending."""
MIN_SALIENCE = 1e-4


def best_line(salience: np.ndarray, voiced: np.ndarray, bins_per_octave: int) -> np.ndarray:
    """Bin of each frame, -1 where there is no melody: (frames,) int.

    salience: (bins, frames) in [0, 1]. voiced: (frames,) in [0, 1], how sure it is that there is a melody at all.
    bins_per_octave: of the salience.
    """
    bins, frames = salience.shape
    if frames == 0:
        return np.zeros(0, dtype=int)
    chance = np.clip(voiced, MIN_SALIENCE, 1 - MIN_SALIENCE)
    silent = np.log(1 - chance)
    reach = max(1, round(MAX_GLIDE_SEMITONES * bins_per_octave / 12))
    glides = -GLIDE_COST * 12 / bins_per_octave * np.abs(np.arange(-reach, reach + 1))
    came = np.empty((frames, bins), dtype=np.int16)  # state of the frame before, `bins` for none
    paused = np.empty(frames, dtype=np.int16)
    score, pause = _sounding(salience, chance, 0), float(silent[0])
    padded = np.full(bins + 2 * reach, -np.inf)
    places = np.arange(bins)
    for t in range(1, frames):
        padded[reach:-reach] = score
        near = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1) + glides
        step = near.argmax(axis=1)
        best, source = near[places, step], places + step - reach
        top = int(score.argmax())
        leap, begin = score[top] - LEAP_COST, pause - VOICING_COST
        source = np.where(best < leap, top, source)
        best = np.maximum(best, leap)
        came[t] = np.where(best < begin, bins, source)
        ended = score[top] - VOICING_COST
        paused[t] = top if ended > pause else bins
        score, pause = np.maximum(best, begin) + _sounding(salience, chance, t), max(ended, pause) + float(silent[t])
    path = np.empty(frames, dtype=int)
    state = int(score.argmax()) if score.max() > pause else bins
    for t in range(frames - 1, -1, -1):
        path[t] = state if state < bins else -1
        state = int(came[t, state] if state < bins else paused[t])
    return path


def _sounding(salience: np.ndarray, chance: np.ndarray, frame: int) -> np.ndarray:
    """Log probability (bins,) of each pitch in a frame."""
    heard = np.maximum(salience[:, frame].astype(np.float64), MIN_SALIENCE)
    logp: Floats = np.log(heard / heard.max()) + np.log(chance[frame])
    return logp


def between_bins(salience: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Where the salience (bins, frames) peaks near these bins (n,) of these frames (n,), between bins, by a parabola
    through its logarithm: (n,) float64."""

    def heard(at: np.ndarray) -> np.ndarray:
        inside = (at >= 0) & (at < len(salience))
        return np.where(inside, salience[np.clip(at, 0, len(salience) - 1), columns].astype(np.float64), 0)

    top = rows + np.stack([heard(rows + side) for side in (-1, 0, 1)]).argmax(axis=0) - 1
    left, middle, right = (np.log(np.maximum(heard(top + side), 1e-6)) for side in (-1, 0, 1))
    curve = left - 2 * middle + right
    shift = np.where(curve < -1e-9, 0.5 * (left - right) / np.minimum(curve, -1e-9), 0)
    places: Floats = top + np.clip(shift, -0.5, 0.5)
    return places
