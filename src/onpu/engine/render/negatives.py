"""Recordings without a beat, so that a network learns to hear that there is none."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.engine.render import ambience, incidents
from onpu.engine.render.media import draw_carrier
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.engine.render.synth.patches import patch
from onpu.music import Audio

Scene = Callable[[int, int, np.random.Generator], np.ndarray]
"""(samples, rate, generator) -> (2, samples) of any level."""


def negative(seed: int, seconds: float, rate: int = 44_100) -> Audio:
    """Something that is not music: silence, noise, weather, traffic, engines, crowds, speech, birds, keys, steps,
    sweeps, sparse clicks, held tones, drones, or two of them at once; stereo, float32, within ±1, at a random
    level. Equal arguments give equal bytes."""
    rng = np.random.default_rng([seed, 0xBEA7])
    samples = round(seconds * rate)
    if samples == 0:
        return Audio(np.zeros((2, 0), dtype=np.float32), rate)
    out: np.ndarray = np.zeros((2, samples), dtype=np.float32)
    scenes = [draw(rng, SCENES) for _ in range(1 if rng.random() < 0.7 else 2)]
    for scene in scenes:
        out += np.float32(between(rng, 0.2, 1.0)) * scene(samples, rate, rng)
    if rng.random() < 0.5:
        out = out + np.float32(between(rng, 0.05, 1.0)) * reverberate(out, impulse_response(draw_room(rng), rate))
    out = draw_carrier(rng)(out, rate, rng)
    peak = float(np.abs(out).max(initial=0.0))
    if peak > 0:
        out = out * np.float32(10 ** (between(rng, -40, -1) / 20) / peak)
    return Audio(out.astype(np.float32, copy=False), rate)


def silence(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Digital silence, or the last bit of a converter."""
    floor = 2.0**-15 if rng.random() < 0.5 else 0.0
    return np.float32(floor) * rng.standard_normal((2, samples), dtype=np.float32)


def sparse_clicks(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A Poisson process of clicks, one in five seconds to four a second."""
    return ambience.clicks(samples, rate, rng, float(np.exp(between(rng, np.log(0.2), np.log(4)))))


def sweep(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A tone that glides exponentially from one random frequency to another, with some harmonics."""
    low, high = np.exp(rng.uniform(np.log(40), np.log(0.2 * rate), 2))
    f = low * (high / low) ** np.linspace(0, 1, samples)
    turns = np.cumsum(f) / rate
    tone = np.zeros(samples)
    for k in range(1, int(rng.integers(2, 6))):
        tone += 0.5 ** (k - 1) * np.sin(2 * np.pi * k * turns) * (k * f < 0.45 * rate)
    return np.tile(tone.astype(np.float32), (2, 1))


def drone(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A held chord of a pad or organ that only swells slowly."""
    out = np.zeros((2, samples), dtype=np.float32)
    program = int(rng.choice([19, 48, 52, 89, 90, 94, 95]))
    instrument = patch(program, rng)
    root = int(rng.integers(30, 56))
    for interval in rng.choice([0, 7, 12, 15, 16, 19, 24], int(rng.integers(1, 5)), replace=False):
        out += instrument.tone(root + int(interval), 0.6, samples / rate, rate, rng)[:, :samples]
    knots = np.exp(0.4 * rng.standard_normal(int(samples / rate / 4) + 3))
    return out * np.interp(np.arange(samples), np.linspace(0, samples, len(knots)), knots).astype(np.float32)


def held_tone(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One note of any instrument that can hold it, from somewhere to somewhere, or a sine; once."""
    start = int(between(rng, 0, 0.3) * samples)
    length = max(samples - start - int(between(rng, 0, 0.3) * samples), 1)
    fade = np.minimum(np.arange(length), np.arange(length)[::-1]) / max(1.0, between(rng, 0.01, 0.5) * rate)
    if rng.random() < 0.3:
        turns = np.exp(between(rng, np.log(60), np.log(3000))) / rate * np.arange(length)
        tone = np.tile(np.sin(2 * np.pi * turns), (2, 1))
    else:
        program = int(rng.choice([16, 19, 21, 40, 42, 48, 52, 56, 60, 65, 68, 71, 73, 89]))
        tone = patch(program, rng).tone(int(rng.integers(36, 84)), 0.7, length / rate, rate, rng)[:, :length]
    out = np.zeros((2, samples), dtype=np.float32)
    out[:, start : start + tone.shape[1]] = tone * np.minimum(fade[: tone.shape[1]], 1)
    return out


def spoken_in_a_room(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One voice over the noise of a room, of a machine or of the street."""
    around = draw(rng, {ambience.room_tone: 3.0, ambience.hiss: 1.0, ambience.traffic: 1.0, incidents.engine: 0.5})
    return ambience.speech(samples, rate, rng) + np.float32(between(rng, 0.05, 0.7)) * around(samples, rate, rng)


SCENES: dict[Scene, float] = {
    silence: 1.0, ambience.hiss: 1.0, ambience.hum: 0.7, ambience.rain: 1.0, ambience.wind: 1.0,
    ambience.room_tone: 1.0, ambience.traffic: 1.0, ambience.applause: 1.5, ambience.speech: 3.0, ambience.babble: 1.5,
    ambience.crackle: 0.7, sparse_clicks: 1.0, sweep: 0.7, drone: 1.5,
    held_tone: 1.2, spoken_in_a_room: 1.5, incidents.typing: 0.8, incidents.footsteps: 0.8, incidents.birds: 0.8,
    incidents.water: 0.8, incidents.engine: 0.8, incidents.crowd: 1.5}
"""Scene -> weight."""
