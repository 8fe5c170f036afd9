"""Recordings of several microphones whose sources are known: to measure localisation by."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between, pick
from onpu.engine.render.array import Shoebox, heard_by
from onpu.engine.render.scenes import HAPPENINGS, heard_spans
from onpu.music.bearing import Bearings

RATE = 16_000
STEP_SECONDS = 0.1
"""Seconds between the true directions."""
EDGE = 0.5
"""Metres between microphones or sources and walls, at least."""


@dataclass(frozen=True)
class ArrayScenes:
    """Sources that stand or walk around an array in a room.

    seed: of all scenes. seconds: of each. microphones: positions around the centre of the array, metres. sources: how
    many, each another sound. decay: shortest and longest T60 in seconds. moving: share of the sources that walk. noise:
    decibels of the sound above the microphones' own noise.
    """

    microphones: tuple[tuple[float, float, float], ...]
    seed: int = 1
    seconds: float = 6.0
    sources: int = 1
    decay: tuple[float, float] = (0.2, 0.6)
    moving: float = 0.5
    noise: float = 30.0

    def item(self, number: int) -> tuple[np.ndarray, Bearings]:
        """Sound, float32 (microphones, samples) at `RATE`, and where its sources are while they sound."""
        rng = np.random.default_rng([self.seed, number, 0xD0A])
        size = np.array([between(rng, 4, 9), between(rng, 3.5, 7), between(rng, 2.5, 4)])
        room = Shoebox(tuple(size), between(rng, *self.decay))
        centre = np.array([between(rng, 0.35, 0.65), between(rng, 0.35, 0.65), between(rng, 0.4, 0.55)]) * size
        array = centre + np.array(self.microphones)
        samples = round(self.seconds * RATE)
        out: np.ndarray = np.zeros((len(array), samples), np.float32)
        rows: list[np.ndarray] = []
        names = rng.permutation([name for name in HAPPENINGS if name != "tone"])[: self.sources]
        for track, name in enumerate(names):
            sound = HAPPENINGS[str(name)](samples, RATE, rng).mean(axis=0)
            path = _path(rng, size, centre, rng.random() < self.moving)
            out += heard_by(array, room, sound, path, RATE)
            times = np.arange(STEP_SECONDS / 2, self.seconds, STEP_SECONDS)
            places = np.stack([np.interp(times / self.seconds, np.linspace(0, 1, len(path)), column)
                               for column in path.T], axis=1) if len(path) > 1 else np.tile(path, (len(times), 1))
            towards = places - centre
            across = np.degrees(np.arctan2(towards[:, 1], towards[:, 0]))
            up = np.degrees(np.arctan2(towards[:, 2], np.hypot(towards[:, 0], towards[:, 1])))
            spans = heard_spans(np.tile(sound, (2, 1)), RATE, pause=STEP_SECONDS)
            sounding = np.zeros(len(times), dtype=bool)
            for start, end in spans:
                sounding |= (times >= start) & (times < end)
            rows.append(np.stack([times, across, up, np.full(len(times), track), np.ones(len(times))])[:, sounding])
        level = np.float32(np.sqrt((out**2).mean()) * 10 ** (-self.noise / 20))
        out += level * rng.standard_normal(out.shape, dtype=np.float32)
        columns = np.concatenate(rows, axis=1)
        times, across, up, tracks, sure = columns[:, np.lexsort((columns[3], columns[0]))]
        return out / max(float(np.abs(out).max()), 1e-9), Bearings(times, across, up, tracks.astype(np.int64), sure)


def _path(rng: np.random.Generator, size: np.ndarray, centre: np.ndarray, moving: bool) -> np.ndarray:
    """(n, 3): somewhere in the room, at least a metre from its array, or round it in part of a circle."""
    largest = float((np.minimum(centre, size - centre) - EDGE)[:2].min())
    radius, height = between(rng, min(1.0, largest), largest), between(rng, 1.0, size[2] - EDGE)
    begin = between(rng, -np.pi, np.pi)
    end = begin + (float(pick(rng, (-1, 1))) * between(rng, np.pi / 6, np.pi) if moving else 0.0)
    angles = np.linspace(begin, end, 16 if moving else 1)
    return np.stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles), 0 * angles + height], 1)
