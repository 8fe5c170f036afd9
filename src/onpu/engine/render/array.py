"""What several microphones hear of sources that stand or move in a room.

Allen & Berkley, "Image method for efficiently simulating small-room acoustics" (JASA 65(4), 1979): each reflection
comes from an image of the source behind the walls, later and weaker. Delays between samples are windowed sincs
(Peterson, "Simulating the response of multiple microphones to a single acoustic source in a reverberant room", JASA
80(5), 1986).
Deviation: walls reflect all frequencies alike.

Coordinates are metres, x to the front, y to the left, z upwards.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import oaconvolve

from onpu.engine.render.room import SPEED_OF_SOUND

TAPS = 40
"""Samples to either side of a delay over which its sinc reaches."""
HOP_SECONDS = 0.05
"""Seconds in which a source that moves is thought to stand."""
LEAST_DISTANCE = 0.1
"""Metres; nothing comes nearer, whose level would be without bound."""


@dataclass(frozen=True)
class Shoebox:
    """A room with six walls. size: metres along x, y and z from a corner at 0. decay: T60 in seconds; 0: outdoors,
    without reflections. order: reflections that are followed, at most."""

    size: tuple[float, float, float]
    decay: float
    order: int = 8

    @property
    def reflection(self) -> float:
        """Share of the amplitude that a wall gives back (Eyring 1930), in [0, 1)."""
        if not self.decay:
            return 0.0
        x, y, z = self.size
        volume, surface = x * y * z, 2 * (x * y + y * z + z * x)
        return float(np.sqrt(np.exp(-24 * np.log(10) * volume / (SPEED_OF_SOUND * surface * self.decay))))

    def images(self, source: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions (images, 3) of a source at (3,) and of its reflections, and their gains (images,)."""
        order = self.order if self.decay else 0
        reach = np.arange(-order, order + 1)
        grid = np.stack(np.meshgrid(reach, reach, reach, indexing="ij"), axis=-1).reshape(-1, 3)
        grid = grid[np.abs(grid).sum(axis=1) <= order]  # as many walls on the way
        size = np.array(self.size)
        places = np.where(grid % 2, (grid + 1) * size - source, grid * size + source)
        return places, self.reflection ** np.abs(grid).sum(axis=1)


def heard_by(microphones: np.ndarray, room: Shoebox, sound: np.ndarray, path: np.ndarray, rate: int) -> np.ndarray:
    """What microphones at (microphones, 3) hear of a sound (samples,): float32 (microphones, samples).

    path: (3,) where its source stands, or (n, 3) where it passes in equal steps of time from beginning to end, between
    which it goes straight. At a metre the direct sound is as loud as the sound itself.
    """
    path = np.atleast_2d(np.asarray(path, np.float64))
    if len(path) == 1:
        return _standing(microphones, room, sound, path[0], rate)[:, : len(sound)]
    step = round(HOP_SECONDS * rate)
    count = max(1, -(-len(sound) // step))
    out: np.ndarray = np.zeros((len(microphones), len(sound) + step), np.float32)  # the first stretch begins before
    fade = np.sin(np.pi / 2 * (np.arange(step) + 0.5) / step) ** 2
    window = np.concatenate([fade, fade[::-1]])
    padded = np.pad(sound, (step, 2 * step))
    for number in range(count + 1):  # stretches of two steps that overlap by one
        middle = min(1.0, number / count) * (len(path) - 1)
        low = min(int(middle), len(path) - 2)
        place = path[low] + (middle - low) * (path[low + 1] - path[low])
        piece = padded[number * step : number * step + 2 * step] * window
        found = _standing(microphones, room, piece, place, rate)
        there = out[:, number * step :]
        there += found[:, : there.shape[1]] if found.shape[1] >= there.shape[1] else np.pad(
            found, ((0, 0), (0, there.shape[1] - found.shape[1])))
    return out[:, step:]


def response(microphones: np.ndarray, room: Shoebox, source: np.ndarray, rate: int) -> np.ndarray:
    """Impulse responses (microphones, samples), float32, of a source at (3,)."""
    places, gains = room.images(source)
    distances = np.maximum(np.linalg.norm(places[None] - np.asarray(microphones)[:, None], axis=2), LEAST_DISTANCE)
    delays = distances / SPEED_OF_SOUND * rate  # (microphones, images), samples
    longest = int(np.ceil(delays.max())) + TAPS + 1
    size = longest + 2 * TAPS
    offsets = np.arange(-TAPS, TAPS + 1)
    whole = np.rint(delays).astype(int)
    part = (delays - whole)[..., None]
    part = np.where(np.abs(part) < 1e-9, 1e-9, part)
    # sinc(x) (1 + cos(pi x / TAPS)) / 2 at x = offsets - part, by the sines and cosines of both
    turn, sign = np.pi / TAPS, np.where(offsets % 2, 1, -1)
    parts = np.concatenate([np.ones_like(part), np.cos(turn * part), np.sin(turn * part)], axis=-1)
    parts *= np.sin(np.pi * part) / (2 * np.pi) * (gains / distances)[..., None]
    taps = parts @ np.stack([sign, sign * np.cos(turn * offsets), sign * np.sin(turn * offsets)]) / (offsets - part)
    at = whole[..., None] + offsets + TAPS + size * np.arange(len(delays))[:, None, None]
    out = np.bincount(at.ravel(), taps.ravel(), size * len(delays)).reshape(len(delays), size)[:, TAPS:]
    return out.astype(np.float32)


def _standing(microphones: np.ndarray, room: Shoebox, sound: np.ndarray, place: np.ndarray, rate: int) -> np.ndarray:
    responses = response(microphones, room, place, rate)
    return oaconvolve(np.asarray(sound, np.float32)[None], responses, axes=-1).astype(np.float32)
