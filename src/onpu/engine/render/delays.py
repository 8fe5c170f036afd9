"""Echo, chorus, and a wandering tape: what is made of the sound's own past."""

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.filters import filtered, lowpass

REPETITIONS = 3


def echo(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Some dull repetitions of (channels, samples), at an interval that knows nothing of the beat."""
    lag = round(between(rng, 0.07, 0.5) * rate)
    level = 10 ** (between(rng, -22, -9) / 20)
    return repeated(sound, lag, level, between(rng, 1500, 6000), rate)


def repeated(sound: np.ndarray, lag: int, level: float, cutoff: float, rate: int) -> np.ndarray:
    """(channels, samples) and its repetitions every `lag` samples, each `level` times the one before, all of them dull
    above `cutoff` Hz."""
    dull = filtered(sound, lowpass(cutoff, 1, rate))
    out = sound.copy()
    for repeat in range(1, REPETITIONS + 1):
        if repeat * lag < sound.shape[1]:
            out[:, repeat * lag :] += np.float32(level**repeat) * dull[:, : -repeat * lag]
    return out


def chorus(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The sound with a softer copy of itself, 8 to 25 ms later, whose pitch wavers, differently on each side."""
    lag = round(between(rng, 0.008, 0.025) * rate)
    late = np.pad(sound, ((0, 0), (lag, 0)))[:, : sound.shape[1]]
    copies = [wander(row[None, :], rate, between(rng, 0.2, 1.5), between(rng, 0.0005, 0.003), rng) for row in late]
    return sound + np.float32(between(rng, 0.2, 0.8)) * np.concatenate(copies)


def wander(sound: np.ndarray, rate: int, speed: float, span: float, rng: np.random.Generator) -> np.ndarray:
    """(channels, samples) whose time swings by at most `span` seconds, about `speed` times a second (cubic
    interpolation, Catmull & Rom 1974)."""
    samples = sound.shape[1]
    if samples < 4:
        return sound
    t = np.arange(samples) / rate
    swing = np.sin(2 * np.pi * (speed * t + rng.random())) + 0.4 * np.sin(2 * np.pi * (2.7 * speed * t + rng.random()))
    position = np.arange(samples) + (span / 1.4 * rate) * swing
    index = np.clip(position.astype(np.int64), 1, samples - 3)
    x = np.clip(position - index, 0, 1).astype(np.float32)
    a, b, c, d = (sound[:, index + k] for k in (-1, 0, 1, 2))
    return b + np.float32(0.5) * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))
