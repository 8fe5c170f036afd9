"""Tones of which the tests' music is made."""

import numpy as np

RATE = 22050
"""Hz."""


def tone(midi: float, seconds: float, gain: float) -> np.ndarray:
    """A decaying harmonic tone with a soft attack."""
    time = np.arange(round(seconds * RATE)) / RATE
    frequency = 440 * 2 ** ((midi - 69) / 12)
    partials = np.arange(1, min(8, int(RATE / 2.2 / frequency)) + 1)
    waves = np.sin(2 * np.pi * frequency * partials[:, None] * time) / partials[:, None] ** 1.3
    return gain * waves.sum(axis=0) * np.exp(-3 * time / seconds) * np.minimum(1, time / 0.01)
