"""Level over time: compressor, limiter, saturation. Only the gain moves, the sound is never delayed."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import lfilter

HOP = 32
"""Samples between two values of a gain curve."""
FLOOR = 1e-12
"""Power under which nothing is heard (-120 dB)."""


@dataclass(frozen=True)
class Compressor:
    """threshold: dB relative to the sound's own RMS; ratio: 1 or more; attack: seconds (time constant); release: dB a
    second; makeup is left to the caller."""

    threshold: float
    ratio: float
    attack: float
    release: float


def compress(sound: np.ndarray, settings: Compressor, rate: int, key: np.ndarray | None = None) -> np.ndarray:
    """(channels, samples) with its loud parts turned down; `key` is the sound that is measured, by default itself.

    The reduction rises with the attack's time constant and falls linearly in dB: the running maximum of a decaying
    line, y[n] = max over k <= n of (x[k] - c (n - k)), needs no loop.
    """
    listened = sound if key is None else key
    level = 10 * np.log10(np.maximum(_power(listened), FLOOR))
    mean = 10 * np.log10(max(float(np.einsum("ci,ci->", listened, listened) / listened.size), FLOOR))
    over = np.maximum(level - (mean + settings.threshold), 0.0) * (1 - 1 / settings.ratio)
    slope = settings.release * HOP / rate * np.arange(len(over))
    held = np.maximum.accumulate(over + slope) - slope
    keep = np.exp(-HOP / (settings.attack * rate))
    reduction = lfilter([1 - keep], [1, -keep], held)
    return sound * ramp(10 ** (-reduction / 20), sound.shape[1])


def limit(sound: np.ndarray, ceiling: float, seconds: float, rate: int) -> np.ndarray:
    """No sample of (channels, samples) above `ceiling`; the gain dips within `seconds` around a peak."""
    blocks = -(-sound.shape[1] // HOP)
    padded = np.zeros((len(sound), blocks * HOP), dtype=np.float32)
    padded[:, : sound.shape[1]] = np.abs(sound)
    peak = padded.reshape(len(sound), blocks, HOP).max(axis=(0, 2), initial=0.0)
    reach = 2 * max(1, round(seconds * rate / HOP)) + 1
    needed = minimum_filter1d(ceiling / np.maximum(peak, ceiling), reach + 4)
    gain = uniform_filter1d(needed, reach)
    return np.clip(sound * ramp(gain, sound.shape[1]), -ceiling, ceiling)


def saturate(sound: np.ndarray, drive: float, bias: float) -> np.ndarray:
    """tanh with unit slope at rest: drive is the gain into it; a bias in (-1, 1) adds even harmonics."""
    rest = np.tanh(bias)
    return ((np.tanh(drive * sound + np.float32(bias)) - np.float32(rest)) / np.float32(drive * (1 - rest**2))).astype(
        np.float32, copy=False)


def ramp(values: np.ndarray, samples: int) -> np.ndarray:
    """A curve with a value every HOP samples, drawn linearly between them: float32 (samples,)."""
    values = values.astype(np.float32)
    step = np.diff(values, append=values[-1:]) if len(values) else values
    return (values[:, None] + step[:, None] * (np.arange(HOP, dtype=np.float32) / HOP)).reshape(-1)[:samples]


def _power(sound: np.ndarray) -> np.ndarray:
    """Mean square of every HOP samples, the last ones padded with silence."""
    blocks = -(-sound.shape[1] // HOP)
    padded = np.zeros((len(sound), blocks * HOP), dtype=np.float32)
    padded[:, : sound.shape[1]] = sound
    frames = padded.reshape(len(sound), blocks, HOP)
    return np.einsum("chi,chi->h", frames, frames) / (len(sound) * HOP)
