"""Changes of a log-frequency spectrogram as recordings differ: level, equalisation, band, noise, tuning, room."""

import numpy as np
from scipy.signal import lfilter

RUMBLE_CHANCE = 0.3
"""Chance of noise in the lowest bins, where recorded rooms never rest and composed music does."""
RUMBLE_FRAMES = 4
"""Frames in which its level is another: windows at low frequencies are longer than a frame."""


def augment_spectrum(features: np.ndarray, rng: np.random.Generator, mul: float, shift: int) -> np.ndarray:
    """Spectra log10(1 + mul * x) of (channels, bins, frames), x changed at random; float32.

    Each change has its own chance; all are exact in x, so that they are those of the sound itself. shift: bins by which
    the spectrum may move up or down, as with another tuning or key.
    """
    bins = features.shape[1]
    move = _move(rng, shift)
    x = (10 ** np.roll(features, move, axis=1).astype(np.float32) - 1) / mul
    if move:
        x[:, slice(0, move) if move > 0 else slice(move, None)] = 0
    gains = (10 ** (_gains(bins, rng) / 20)).astype(np.float32)[:, None]
    x *= gains
    if rng.random() < 0.3:
        level = 10 ** ((rng.uniform(-75, -35) + _smooth_curve(bins, rng) * 5) / 20)
        hiss = np.abs(rng.standard_normal(x.shape, dtype=np.float32)) * level.astype(np.float32)[:, None]
        x = np.hypot(x, hiss)
    if rng.random() < 0.15:  # a moment is lost
        start = int(rng.integers(0, features.shape[2]))
        x[..., start : start + int(rng.integers(5, 60))] *= 10 ** (-rng.uniform(10, 60) / 20)
    if rng.random() < RUMBLE_CHANCE:
        x = np.hypot(x, gains * _rumble(bins, features.shape[2], rng))  # it comes through the same microphone
    return np.log10(1 + mul * x)


def augment_levels(features: np.ndarray, rng: np.random.Generator, shift: int) -> np.ndarray:
    """Logarithms log10(1 + mul * x) of (channels, bins, frames), x changed at random as in `augment_spectrum`, in a
    fifth of its time; float32. Gains are added to the logarithms, and noise is their floor, which is what they are to
    the ear where mul * x is far above 1 and above the noise.
    """
    bins, move = features.shape[1], _move(rng, shift)
    x = np.roll(features, move, axis=1) if move else features
    x = x + (_gains(bins, rng) / 20).astype(np.float32)[:, None]
    floor = np.zeros(bins, np.float32)
    if rng.random() < 0.3:
        floor += np.float32(rng.uniform(0, 2)) + (_smooth_curve(bins, rng) * 0.25).astype(np.float32)
    return np.maximum(x, floor[:, None].clip(0))


def add_reverb(features: np.ndarray, rng: np.random.Generator, mul: float, fps: float) -> np.ndarray:
    """The same in another room: spectra log10(1 + mul * x) of (channels, bins, frames), to the power of which is added
    what has sounded before, falling by 60 dB in a random time of 0.3 to 2 s; float32."""
    power = ((10 ** features.astype(np.float32) - 1) / mul) ** 2
    falling = 10 ** (-6 / (fps * np.exp(rng.uniform(np.log(0.3), np.log(2)))))
    share = 10 ** (rng.uniform(-28, -8) / 10)  # of the room's energy beside the direct sound's
    tail = lfilter([0, 1 - falling], [1, -falling], power, axis=-1)
    return np.log10(1 + mul * np.sqrt(power + share * tail)).astype(np.float32)


def add_shifted(features: np.ndarray, mul: float, bins: int, gain: float) -> np.ndarray:
    """All of it once more, so many bins higher and `gain` dB louder: spectra log10(1 + mul * x) of (channels, bins,
    frames), whose powers add up; float32."""
    power = ((10 ** features.astype(np.float32) - 1) / mul) ** 2
    higher = np.roll(power, bins, axis=1)
    higher[:, slice(0, bins) if bins > 0 else slice(bins, None)] = 0
    return np.log10(1 + mul * np.sqrt(power + 10 ** (gain / 10) * higher)).astype(np.float32)


def _move(rng: np.random.Generator, shift: int) -> int:
    """Bins by which a spectrum moves."""
    return int(rng.integers(-shift, shift + 1)) if rng.random() < 0.5 else 0


def _gains(bins: int, rng: np.random.Generator) -> np.ndarray:
    """Gain of each bin in dB, as recordings differ."""
    gain = np.full(bins, rng.uniform(-15, 9))
    if rng.random() < 0.7:
        gain += _smooth_curve(bins, rng) * rng.uniform(0, 8)
    if rng.random() < 0.25:  # a low-pass, as of a low sample rate or a lossy codec
        cut = rng.integers(bins // 2, bins)
        gain[cut:] -= rng.uniform(6, 60)
    if rng.random() < 0.15:  # small loudspeakers, cheap microphones
        gain[: rng.integers(1, bins // 3)] -= rng.uniform(6, 40)
    return gain


def _rumble(bins: int, frames: int, rng: np.random.Generator) -> np.ndarray:
    """(bins, frames) float32: a room, steps, a pedal; loudest in the lowest bin, 60 dB less within a sixth to a half of
    all bins."""
    place = np.arange(bins) / (bins * rng.uniform(1 / 6, 1 / 2))
    level = 10 ** ((rng.uniform(-85, -50) - 60 * place + 3 * _smooth_curve(bins, rng)) / 20)
    drawn = np.abs(rng.standard_normal((bins, -(-frames // RUMBLE_FRAMES)), dtype=np.float32))
    rough = np.repeat(drawn, RUMBLE_FRAMES, axis=1)[:, :frames]
    return (level[:, None] * rough).astype(np.float32)


def _smooth_curve(bins: int, rng: np.random.Generator) -> np.ndarray:
    """Random curve over the bins with unit deviation at its knots."""
    knots = rng.integers(2, 7)
    return np.interp(np.linspace(0, 1, bins), np.linspace(0, 1, knots), rng.standard_normal(knots))
