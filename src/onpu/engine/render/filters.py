"""Filters of minimum phase (what is louder comes no later) as second-order sections, and their impulse responses."""

import numpy as np
from scipy.signal import butter, sosfilt

BREATH = np.float32(1e-15)
"""Added to what is filtered: in perfect silence a filter fades into denormal numbers, which are very slow."""


def bell(frequency: float, gain: float, q: float, rate: int) -> np.ndarray:
    """Peaking equaliser (1, 6): dB of gain at Hz (R. Bristow-Johnson, Audio EQ Cookbook)."""
    a = 10 ** (gain / 40)
    w = 2 * np.pi * min(frequency, 0.45 * rate) / rate
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    return np.array([[1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a]]) / (1 + alpha / a)


def shelf(frequency: float, gain: float, high: bool, rate: int) -> np.ndarray:
    """Low or high shelf (1, 6) of slope 1, dB of gain, corner at Hz (Audio EQ Cookbook)."""
    a = 10 ** (gain / 40)
    w = 2 * np.pi * min(frequency, 0.45 * rate) / rate
    c, root = np.cos(w) * (-1 if high else 1), np.sin(w) * np.sqrt(2 * a)
    sign = -1 if high else 1
    b = [a * ((a + 1) - (a - 1) * c + root), sign * 2 * a * ((a - 1) - (a + 1) * c), a * ((a + 1) - (a - 1) * c - root)]
    d = [(a + 1) + (a - 1) * c + root, sign * -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - root]
    return np.array([b + d]) / d[0]


def lowpass(frequency: float, order: int, rate: int) -> np.ndarray:
    """Butterworth low-pass; none (0 sections) at and above 0.48 of the rate."""
    if frequency >= 0.48 * rate:
        return np.zeros((0, 6))
    return butter(order, frequency, "lowpass", fs=rate, output="sos")


def highpass(frequency: float, order: int, rate: int) -> np.ndarray:
    """Butterworth high-pass."""
    return butter(order, frequency, "highpass", fs=rate, output="sos")


def filtered(samples: np.ndarray, *sections: np.ndarray) -> np.ndarray:
    """Apply sections (k, 6) along the last axis: float32, in one pass."""
    chain = np.concatenate(sections)
    if not len(chain):
        return samples
    return sosfilt(chain.astype(np.float32), samples + BREATH, axis=-1)
