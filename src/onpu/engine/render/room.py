"""Rooms: stereo impulse responses made of an early pattern of reflections and a decaying, coloured tail.

The direct sound is not in them: it arrives at time zero, dry, so that no room shifts a beat.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import oaconvolve

from onpu.engine.compose.draw import between
from onpu.engine.render.filters import filtered, highpass, lowpass

SPEED_OF_SOUND = 343.0
"""Metres a second."""

BAND_EDGES = (20, 250, 1000, 4000, 20_000)
"""Bands with a decay time of their own, Hz."""
REFLECTIONS = 14


@dataclass(frozen=True)
class Room:
    """size: metres, geometric mean of the sides. decay: T60 in seconds at 500 Hz; damping: how many times shorter it
    is at 8 kHz. warmth: how many times longer at 125 Hz. early: level of the reflections before the tail. seed: of
    reflection pattern and tail."""

    size: float
    decay: float
    damping: float
    warmth: float
    early: float
    seed: int


def draw_room(rng: np.random.Generator) -> Room:
    """A room between a booth (T60 0.1 s) and a church (3 s)."""
    decay = float(np.exp(between(rng, np.log(0.1), np.log(3.0))))
    return Room(size=float(np.clip(6 * decay**0.7 * between(rng, 0.5, 2.0), 2, 40)), decay=decay,
                damping=between(rng, 1.2, 5.0), warmth=between(rng, 0.7, 1.6), early=between(rng, 0.2, 1.5),
                seed=int(rng.integers(2**31)))


def impulse_response(room: Room, rate: int) -> np.ndarray:
    """Reflections of unit energy, float32 (2, samples); sample 0 is when the direct sound arrives."""
    rng = np.random.default_rng(room.seed)
    first = room.size / SPEED_OF_SOUND * between(rng, 0.3, 0.8)
    samples = round(min(1.2 * room.decay, 3.5) * rate) + round(first * rate)
    out: np.ndarray = np.zeros((2, samples), dtype=np.float32)
    t = np.arange(samples, dtype=np.float32) / np.float32(rate)
    decays = room.decay * np.array([room.warmth, 1.0, (1 + 1 / room.damping) / 2, 1 / room.damping])
    noise = rng.standard_normal((2, samples), dtype=np.float32)
    for low, high, decay in zip(BAND_EDGES[:-1], BAND_EDGES[1:], decays, strict=True):
        if low < 0.45 * rate:
            band = filtered(noise, highpass(low, 2, rate), lowpass(high, 2, rate))
            out += band * np.exp(np.float32(-np.log(1000) / decay) * t)
    onset = round(1.5 * first * rate)
    out *= np.clip((np.arange(samples) - first * rate) / max(onset, 1), 0, 1).astype(np.float32)
    out /= np.sqrt((out**2).sum() / 2) + 1e-9
    distances = first * (1 + 4 * rng.random(REFLECTIONS) ** 1.2)
    gains = rng.choice([-1, 1], REFLECTIONS) * (first / distances) * rng.uniform(0.4, 1.0, REFLECTIONS)
    pans = rng.uniform(0, np.pi / 2, REFLECTIONS)
    early = np.zeros_like(out)
    places = np.minimum((distances * rate).astype(int), samples - 1)
    np.add.at(early[0], places, (gains * np.cos(pans)).astype(np.float32))
    np.add.at(early[1], places, (gains * np.sin(pans)).astype(np.float32))
    early /= np.sqrt((early**2).sum() / 2) + 1e-9
    out += np.float32(room.early) * early
    return out / np.float32(np.sqrt((out**2).sum() / 2) + 1e-9)


def reverberate(sound: np.ndarray, response: np.ndarray) -> np.ndarray:
    """The reflections of (2, samples) or (1, samples), as long as the sound: float32 (2, samples)."""
    return oaconvolve(sound, response, axes=-1)[:, : sound.shape[-1]].astype(np.float32, copy=False)
