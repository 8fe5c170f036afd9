"""Sounds that happen one by one at irregular times: keys, steps, drops, birds, voices of a crowd. Stereo, unit RMS."""

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.ambience import applause, babble, noise, swell, unit
from onpu.engine.render.filters import bell, filtered, lowpass
from onpu.engine.render.strip import log_between
from onpu.engine.render.synth.oscillators import coloured, modes

KINDS = 6
"""Different sounds of which the incidents of a scene are chosen."""


def typing(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Keys in bursts with pauses between them: gaps are log-normal, and some are long."""
    gaps = np.exp(rng.normal(np.log(between(rng, 0.09, 0.25)), 0.45, int(samples / rate / 0.05) + 2))
    gaps += np.where(rng.random(len(gaps)) < 0.1, rng.exponential(1.5, len(gaps)), 0)
    keys = [_thud(rng, rate, log_between(rng, 800, 4000), 0.006)
            + 0.5 * _thud(rng, rate, log_between(rng, 150, 400), 0.02) for _ in range(KINDS)]
    return unit(_placed(np.cumsum(gaps), keys, 0.5, samples, rate, rng))


def footsteps(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Somebody walks about: steps of uneven length, who stops and goes on."""
    gaps = between(rng, 0.4, 0.8) * np.exp(rng.normal(0, between(rng, 0.15, 0.35), int(samples / rate / 0.2) + 2))
    gaps += np.where(rng.random(len(gaps)) < 0.15, rng.exponential(2.0, len(gaps)), 0)
    shoes = [_thud(rng, rate, log_between(rng, 80, 300), 0.03) + between(rng, 0, 0.7) * _thud(rng, rate, 2000, 0.02)
             for _ in range(KINDS)]
    return unit(_placed(np.cumsum(gaps), shoes, 0.4, samples, rate, rng))


def birds(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Calls of a few birds, each a gliding whistle or some of them, at random times."""
    calls = []
    for _ in range(KINDS):
        length = round(between(rng, 0.04, 0.3) * rate)
        t = np.linspace(0, 1, length)
        frequency = between(rng, 0.08, 0.3) * min(rate, 32_000) / 2 * 2 ** (
            between(rng, -0.5, 0.5) * t + between(rng, 0, 0.3) * np.sin(2 * np.pi * between(rng, 1, 12) * t))
        whistle = np.sin(2 * np.pi * np.cumsum(frequency) / rate) * np.sin(np.pi * t)
        silence = np.zeros(round(between(rng, 0.02, 0.1) * rate))
        calls.append(np.concatenate([whistle, silence] * int(rng.integers(1, 5))).astype(np.float32))
    density = between(rng, 0.2, 2.0)
    times = np.cumsum(rng.exponential(1 / density, int(2 * density * samples / rate) + 4))
    air = np.float32(0.02) * noise(samples, rate, rng, 50, 4000, 4)
    return unit(_placed(times, calls, 0.8, samples, rate, rng) + air)


def water(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A brook or a tap: bubbles, each a short rising sine, over a hiss."""
    bubbles = []
    for _ in range(2 * KINDS):
        f = log_between(rng, 400, 2500)
        bubbles.append(modes(np.array([f]), np.array([3.0 / f + 0.004]), np.ones(1), np.array([-np.pi / 2]),
                             round(0.05 * rate), rate))
    density = log_between(rng, 10, 150)
    times = np.cumsum(rng.exponential(1 / density, int(1.2 * density * samples / rate) + 8))
    hiss = noise(samples, rate, rng, 300, 8000, between(rng, 2, 6)) * swell(samples, rate, rng, 0.5, 0.2)
    drops = unit(_placed(times, bubbles, 0.9, samples, rate, rng))
    return unit(np.float32(between(rng, 0.3, 2)) * drops + hiss)


def engine(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A motor, 15 to 120 ignitions a second, whose speed drifts."""
    drift = np.interp(np.arange(samples), np.linspace(0, max(samples, 1), 9), 1 + between(rng, 0, 0.3) * rng.random(9))
    cycles = np.cumsum(log_between(rng, 15, 120) * drift) / rate
    pulse = (np.exp(-(cycles % 1) * between(rng, 3, 12)) - 0.2).astype(np.float32)
    roar = noise(samples, rate, rng, 40, 3000, 5) * (np.float32(0.3) + np.float32(0.5) * pulse)
    sound = filtered(np.tile(pulse, (2, 1)), bell(between(rng, 80, 400), 8, 1.0, rate),
                     lowpass(between(rng, 400, 2500), 2, rate))
    return unit(unit(sound) + np.float32(between(rng, 0.1, 1)) * roar)


def crowd(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """People at a concert: talk, roars that rise and fall, whistles, some applause."""
    roar = filtered(noise(samples, rate, rng, 300, 2500, 3), bell(between(rng, 700, 1300), 9, 1.2, rate))
    out = unit(roar * swell(samples, rate, rng, 0.3, 0.8)) * np.float32(between(rng, 0.2, 1.5))
    out += np.float32(between(rng, 0.2, 1.0)) * babble(samples, rate, rng)
    if rng.random() < 0.6:
        out += np.float32(between(rng, 0.1, 0.8)) * applause(samples, rate, rng) * swell(samples, rate, rng, 0.1, 1.0)
    return unit(out)


def _thud(rng: np.random.Generator, rate: int, frequency: float, decay: float) -> np.ndarray:
    """A burst around a frequency, float32, of 60 ms."""
    length = round(0.06 * rate)
    fade = np.exp(-np.arange(length) / (decay * rate)).astype(np.float32)
    return coloured(rng, length, rate, 0.7 * frequency, 1.4 * frequency) * fade


def _placed(times: np.ndarray, sounds: list[np.ndarray], spread: float, samples: int, rate: int,
            rng: np.random.Generator) -> np.ndarray:
    """One of the sounds at each time (seconds), with log-normal loudness, somewhere between the sides: (2, samples)."""
    out = np.zeros((2, samples), dtype=np.float32)
    for start in (times * rate).astype(int):
        sound, size, side = sounds[int(rng.integers(len(sounds)))], np.exp(rng.normal(0, spread)), rng.random()
        if start >= samples:
            break
        piece = sound[: samples - start] * np.float32(size)
        out[0, start : start + len(piece)] += piece * np.float32(np.cos(side * np.pi / 2))
        out[1, start : start + len(piece)] += piece * np.float32(np.sin(side * np.pi / 2))
    return out
