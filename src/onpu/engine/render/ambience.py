"""Sounds around the music: noise, hum, weather, traffic, people. Each is stereo and of unit RMS."""

import numpy as np
from scipy.signal import oaconvolve

from onpu.engine.compose.draw import between
from onpu.engine.render.filters import bell, filtered, lowpass
from onpu.engine.render.synth.oscillators import coloured, looped, scan, wavetables
from onpu.engine.render.voice import speak
from onpu.music.audio import rms

LOOP_SECONDS = 20
"""Seconds of noise that are made; longer stretches repeat them."""


def hiss(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Tape, tubes, microphones: noise of random colour."""
    return noise(samples, rate, rng, between(rng, 20, 400), between(rng, 3000, 0.45 * rate), between(rng, -3, 6))


def room_tone(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Air conditioning and a house: noise that falls steeply."""
    return noise(samples, rate, rng, 25, 2000, between(rng, 5, 9))


def hum(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Mains, 50 or 60 Hz with harmonics."""
    mains = float(rng.choice([50, 60])) * between(rng, 0.998, 1.002)
    order = np.arange(1, min(20, int(0.45 * rate / mains)))
    even = np.where(order % 2, 1.0, rng.uniform(0.2, 1.5))
    levels = even * order ** -between(rng, 0.6, 2.0) * rng.uniform(0.1, 1, len(order))
    table = wavetables(levels[None, :], rng.uniform(0, 2 * np.pi, len(order)))
    return unit(np.tile(scan(table, np.arange(samples) * (mains / rate)), (2, 1)))


def crackle(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A worn record: clicks at random times, of very unequal size, and rumble."""
    return unit(clicks(samples, rate, rng, between(rng, 2, 60))
                + np.float32(between(rng, 0, 0.004)) * noise(samples, rate, rng, 10, 200, 6))


def rain(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A hiss of drops with nearer ones in it."""
    near = clicks(samples, rate, rng, between(rng, 20, 200))
    return unit(noise(samples, rate, rng, 500, 12_000, between(rng, 0, 3)) + np.float32(between(rng, 2, 30)) * near)


def wind(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Gusts: low noise that swells irregularly."""
    return unit(noise(samples, rate, rng, 30, between(rng, 200, 1200), 6) * swell(samples, rate, rng, 0.3, 1.0))


def traffic(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Cars that pass, at random times, over a distant roar."""
    out = noise(samples, rate, rng, 30, 800, 6)
    for _ in range(1 + samples // (6 * rate)):
        centre, width = rng.random() * samples, between(rng, 0.5, 3.0) * rate
        near = np.exp(-(((np.arange(samples) - centre) / width) ** 2)).astype(np.float32)
        out += between(rng, 1, 5) * near * noise(samples, rate, rng, 80, between(rng, 1000, 5000), 4)
    return unit(out)


def applause(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Many hands, each at its own irregular pace."""
    out = np.zeros((2, samples), dtype=np.float32)
    length = round(0.02 * rate)
    claps = [coloured(rng, length, rate, f, 3 * f) * np.exp(-np.arange(length) / (0.004 * rate)).astype(np.float32)
             for f in rng.uniform(600, 2500, 12)]
    density = between(rng, 40, 400)
    starts = rng.integers(0, max(1, samples - length), int(density * samples / rate))
    for clap, members in zip(claps, np.array_split(starts, len(claps)), strict=True):
        hits = np.zeros((2, samples), dtype=np.float32)
        sides = rng.random(len(members)).astype(np.float32)
        np.add.at(hits[0], members, sides)
        np.add.at(hits[1], members, 1 - sides)
        out += oaconvolve(hits, clap[None, :], axes=-1)[:, :samples]
    return unit(out * swell(samples, rate, rng, 0.2, 0.4))


def speech(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One voice."""
    return unit(np.tile(speak(samples, rate, rng), (2, 1)))


def babble(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A roomful of voices."""
    voices = np.stack([speak(samples, rate, rng) for _ in range(int(rng.integers(3, 7)))])
    sides = rng.uniform(0.2, 1.0, (2, len(voices))).astype(np.float32)
    return unit(filtered(sides @ voices, lowpass(between(rng, 1500, 6000), 2, rate), bell(500, 4, 0.7, rate)))


def clicks(samples: int, rate: int, rng: np.random.Generator, density: float) -> np.ndarray:
    """Short clicks, a Poisson process of `density` a second, of log-normal size: float32 (2, samples), peak about 1."""
    count = int(rng.poisson(density * samples / rate))
    hits = np.zeros((2, samples), dtype=np.float32)
    places = rng.integers(0, max(samples, 1), count)
    sizes = np.exp(rng.normal(-1.5, 0.8, count)) * rng.choice([-1, 1], count)
    sides = rng.uniform(0.3, 1.0, (2, count))
    for row, side in zip(hits, sides, strict=True):
        np.add.at(row, places, (sizes * side).astype(np.float32))
    ring = bell(between(rng, 1500, 6000), 15, 1.0, rate)
    return filtered(hits, lowpass(between(rng, 2500, 12_000), 2, rate), ring)


def noise(samples: int, rate: int, rng: np.random.Generator, low: float, high: float, slope: float) -> np.ndarray:
    """Stereo noise, partly the same on both sides."""
    length = min(samples, LOOP_SECONDS * rate)
    middle, left, right = (coloured(rng, length, rate, low, high, slope) for _ in range(3))
    width = between(rng, 0, 1)
    pair = np.stack([middle + width * left, middle + width * right]).astype(np.float32)
    return unit(looped(pair, samples))


def swell(samples: int, rate: int, rng: np.random.Generator, speed: float, depth: float) -> np.ndarray:
    """Slow random loudness around 1, float32 (samples,)."""
    knots = np.exp(depth * rng.standard_normal(int(samples / rate * speed * 3) + 3))
    return np.interp(np.arange(samples), np.arange(len(knots)) * rate / (3 * speed), knots).astype(np.float32)


def unit(sound: np.ndarray) -> np.ndarray:
    """The sound at an RMS of 1, float32; silence stays."""
    return (sound / max(float(rms(sound)), 1e-9)).astype(np.float32)
