"""Tempo of an activation by resonating comb filters.

Böck, Krebs & Widmer, "Accurate tempo estimation based on recurrent neural networks and resonating comb filters"
(ISMIR 2015): each lag τ has a filter y_τ(t) = b(t) + α y_τ(t - τ) (eq. 2); every frame votes with its largest output
for the lag that has it; the histogram of the votes, smoothed, has its peak at the tempo.
"""

import numpy as np

from onpu.music.arrays import Floats, occurrences

ALPHA = 0.79
SMOOTH_ACTIVATION = 0.14  # seconds, Hamming
SMOOTH_HISTOGRAM = 9  # lags, Hamming
RATE = 100  # frames a second that the lags are counted in
PIECE = 30_000  # frames filtered at a time


def tempo_histogram(activation: np.ndarray, fps: float, bpm: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Tempi (lags,) in beats a minute, descending, and the votes (lags,) for each, summing to 1 (all 0 without any).

    activation: (frames,) in [0, 1] at `fps` frames a second; bpm: slowest and fastest tempo.
    """
    lags = np.arange(int(np.floor(60 * RATE / bpm[1])), int(np.ceil(60 * RATE / bpm[0])) + 1)
    votes: Floats = np.zeros(len(lags))
    if len(activation) == 0:
        return 60 * RATE / lags, votes
    even = np.interp(np.arange(int(len(activation) * RATE / fps)) * fps / RATE, np.arange(len(activation)), activation)
    window = np.hamming(round(SMOOTH_ACTIVATION * RATE))
    smooth = _smoothed(even, window / window.sum())
    for start in range(0, len(smooth), PIECE):
        piece = smooth[start : start + PIECE]
        best, most = np.zeros(len(piece), np.int64), np.full(len(piece), -np.inf)
        for number, lag in enumerate(lags):  # one after the other: all outputs together are large
            output = _comb(piece, int(lag))
            better = output > most
            best[better], most[better] = number, output[better]
        votes += occurrences(best, most, minlength=len(lags))
    votes = _smoothed(votes, np.hamming(SMOOTH_HISTOGRAM))
    return 60 * RATE / lags, votes / votes.sum() if votes.sum() > 0 else votes


def _comb(x: np.ndarray, lag: int) -> np.ndarray:
    """The filter as a first-order one along each of the `lag` phases."""
    rows = -(-len(x) // lag)
    phases = np.pad(x, (0, rows * lag - len(x))).reshape(rows, lag)
    for row in range(1, rows):
        phases[row] += ALPHA * phases[row - 1]
    filtered: Floats = phases.ravel()[: len(x)]
    return filtered


def _smoothed(x: np.ndarray, window: np.ndarray) -> Floats:
    """Convolved with a window, as long as before."""
    before = (len(window) - 1) // 2
    smooth: Floats = np.convolve(x, window)[before : before + len(x)]
    return smooth


def peaks(tempi: np.ndarray, votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Local maxima of the histogram, highest first: tempi refined by a parabola over log tempo, and their votes."""
    padded = np.pad(votes, 1)
    top = np.flatnonzero((padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:]))
    top = top[np.argsort(-votes[top], kind="stable")]
    left, mid, right = padded[top], padded[top + 1], padded[top + 2]
    curve = left - 2 * mid + right
    shift = np.where(curve < 0, 0.5 * (left - right) / np.where(curve < 0, curve, 1), 0.0)
    position = np.clip(top + shift, 0, len(tempi) - 1)
    return np.exp(np.interp(position, np.arange(len(tempi)), np.log(tempi))), votes[top]
