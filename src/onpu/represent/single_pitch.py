"""The pitch of one note by itself.

de Cheveigné & Kawahara, "YIN, a fundamental frequency estimator for speech and music" (JASA 2002), steps 1 to 5: the
mean square difference of a sound from itself some samples later, over the mean of those of all shorter lags; its first
dip below a threshold, refined by a parabola, is the period.
"""

import numpy as np

WINDOW_SECONDS, HOP_SECONDS = 0.05, 0.025
LOWEST, HIGHEST = 50.0, 2200.0
"""Hz."""
THRESHOLD = 0.15
LOUD = 0.1
"""Share of the loudest window's root mean square from which on a window counts."""


def single_pitch(samples: np.ndarray, rate: int) -> float | None:
    """The median pitch of a sound (samples,) in MIDI numbers with fractions; None where nothing in it has one."""
    longest, window, hop = int(rate / LOWEST) + 1, round(WINDOW_SECONDS * rate), round(HOP_SECONDS * rate)
    starts = range(0, len(samples) - window - longest + 1, hop)
    frames = [samples[start : start + window + longest].astype(np.float64) for start in starts]
    levels = [float(np.sqrt(np.mean(frame**2))) for frame in frames]
    least = max(1e-5, LOUD * max(levels, default=0.0))
    found = [_period(frame, window, longest, rate / HIGHEST)
             for frame, level in zip(frames, levels, strict=True) if level > least]
    periods = [period for period in found if period is not None]
    return float(np.median(69 + 12 * np.log2(rate / np.array(periods) / 440))) if periods else None


def _period(frame: np.ndarray, window: int, longest: int, shortest: float) -> float | None:
    """Samples of a period; None where the frame has none."""
    energy = np.append(0.0, np.cumsum(frame**2))
    size = 2 ** (2 * len(frame) - 1).bit_length()
    shared = np.fft.irfft(np.fft.rfft(frame, size) * np.fft.rfft(frame[:window], size).conj(), size)[:longest]
    lags = np.arange(longest)
    apart = energy[window] + energy[lags + window] - energy[lags] - 2 * shared
    normalised = np.ones(longest)
    normalised[1:] = apart[1:] * lags[1:] / np.maximum(np.cumsum(apart[1:]), 1e-12)
    low = np.flatnonzero(normalised[int(shortest) :] < THRESHOLD) + int(shortest)
    if not len(low):
        return None
    at = int(low[0])
    while at + 1 < longest and normalised[at + 1] < normalised[at]:
        at += 1
    if not 0 < at < longest - 1:
        return None
    before, here, after = apart[at - 1 : at + 2]
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend > 0 else 0.0)
