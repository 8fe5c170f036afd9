"""Time stretching by a phase vocoder (Flanagan & Golden 1966; Laroche & Dolson 1999) whose phases start anew at onsets,
so that attacks stay sharp and where the labels put them (after Duxbury, Davies & Sandler 2002)."""

import numpy as np
from scipy.fft import irfft, rfft

WINDOW = 2048
HOP = WINDOW // 4
ONSET = 2.0
"""A frame is an onset when its rise in magnitude is the greatest around and so many times the median rise."""


def stretched(samples: np.ndarray, factor: float) -> np.ndarray:
    """(channels, n) played `factor` times as fast at the same pitch: float32 (channels, round(n / factor))."""
    if factor == 1 or samples.shape[1] < WINDOW:
        return samples[:, : round(samples.shape[1] / factor)]
    length = round(samples.shape[1] / factor)
    frames = length // HOP + 2
    positions = np.minimum(np.arange(frames) * factor, samples.shape[1] / HOP)
    padded = np.pad(samples, ((0, 0), (WINDOW // 2, WINDOW // 2 + 3 * HOP)))
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    slides = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=1)
    spectra = rfft(slides[:, ::HOP] * window, axis=2)
    magnitudes = np.abs(spectra)
    index = np.minimum(positions.astype(int), spectra.shape[1] - 2)
    fraction = (positions - index)[:, None].astype(np.float32)
    starts = _onsets(magnitudes.sum(axis=0), index)
    out = np.zeros((len(samples), (frames - 1) * HOP + WINDOW), dtype=np.float32)
    for row, spectrum, magnitude in zip(out, spectra, magnitudes, strict=True):
        level = (1 - fraction) * magnitude[index] + fraction * magnitude[index + 1]
        phases = _phases(np.angle(spectrum), index, starts)
        pieces = irfft(level * np.exp(1j * phases), WINDOW, axis=1).astype(np.float32) * window
        for lap in range(WINDOW // HOP):
            row[lap * HOP : lap * HOP + frames * HOP] += pieces[:, lap * HOP : (lap + 1) * HOP].reshape(-1)
    return out[:, WINDOW // 2 : WINDOW // 2 + length] / np.float32((window**2).sum() / HOP)


def _phases(angles: np.ndarray, index: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Running phase of every output frame (frames, bins), float32: the measured advance a hop, summed from the last
    start, where it is the recording's own."""
    expected = 2 * np.pi * HOP / WINDOW * np.arange(angles.shape[1])
    advance = angles[index + 1] - angles[index] - expected
    advance += expected - 2 * np.pi * np.round(advance / (2 * np.pi))
    total = np.cumsum(advance, axis=0) - advance
    base = np.maximum.accumulate(np.where(starts, np.arange(len(index)), 0))
    phases = angles[index[base]] + total - total[base]
    return np.mod(phases, 2 * np.pi).astype(np.float32)


def _onsets(magnitude: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Output frames (frames,) bool at which the phases start anew: the first one, and those that show an onset."""
    rise = np.maximum(np.diff(np.sqrt(magnitude), axis=0, prepend=0), 0).sum(axis=1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(rise, 3), 7).max(axis=1)
    onset = (rise >= around) & (rise > ONSET * np.median(rise) + 1e-9)
    starts = onset[index] & np.append(True, np.diff(index) > 0)
    starts[0] = True
    return starts
