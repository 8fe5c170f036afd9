"""Recordings of several microphones whose sources are known: to measure localisation by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between, pick
from onpu.engine.render.array import Shoebox, heard_by
from onpu.engine.render.scenes import HAPPENINGS, heard_spans
from onpu.music.bearing import Bearings
from onpu.music.events import Events

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
    decibels of the sound above the microphones' own noise. order: reflections that are followed, at most.
    """

    microphones: tuple[tuple[float, float, float], ...]
    seed: int = 1
    seconds: float = 6.0
    sources: int = 1
    decay: tuple[float, float] = (0.2, 0.6)
    moving: float = 0.5
    noise: float = 30.0
    order: int = 8

    def item(self, number: int) -> tuple[np.ndarray, Bearings]:
        """Sound, float32 (microphones, samples) at `RATE`, and where its sources are while they sound."""
        sources, rng = self.parts(number)
        out = np.sum([source.sound for source in sources], axis=0, dtype=np.float32)
        level = np.float32(np.sqrt((out**2).mean()) * 10 ** (-self.noise / 20))
        out += level * rng.standard_normal(out.shape, dtype=np.float32)
        return out / max(float(np.abs(out).max()), 1e-9), true_bearings(sources)

    def events(self, number: int) -> Events:
        """What sounds in an item, and when: of the names in `HAPPENINGS`."""
        return Events.of([(start, end, source.name, 1.0) for source in self.parts(number)[0]
                          for start, end in source.spans])

    def parts(self, number: int) -> "tuple[list[HeardSource], np.random.Generator]":
        """The sources of an item one by one, and the generator that goes on to draw the noise."""
        rng = np.random.default_rng([self.seed, number, 0xD0A])
        size = np.array([between(rng, 4, 9), between(rng, 3.5, 7), between(rng, 2.5, 4)])
        room = Shoebox(tuple(size), between(rng, *self.decay), self.order)
        centre = np.array([between(rng, 0.35, 0.65), between(rng, 0.35, 0.65), between(rng, 0.4, 0.55)]) * size
        samples = round(self.seconds * RATE)
        out: list[HeardSource] = []
        for name in rng.permutation([name for name in HAPPENINGS if name != "tone"])[: self.sources]:
            sound = HAPPENINGS[str(name)](samples, RATE, rng).mean(axis=0)
            path = _path(rng, size, centre, rng.random() < self.moving)
            heard = heard_by(centre + np.array(self.microphones), room, sound, path, RATE)
            spans = heard_spans(np.tile(sound, (2, 1)), RATE, pause=STEP_SECONDS)
            out.append(HeardSource(str(name), heard, path - centre, tuple(spans)))
        return out, rng


@dataclass(frozen=True, eq=False)
class HeardSource:
    """A source as microphones hear it.

    name: of `HAPPENINGS`. sound: float32 (microphones, samples). path: (n, 3), where it goes in equal steps of time,
    metres from the middle of the array; of one row, where it stands. spans: start and end in seconds of its sounding.
    """

    name: str
    sound: np.ndarray
    path: np.ndarray
    spans: tuple[tuple[float, float], ...]

    def directions(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Azimuths and elevations in degrees and whether it sounds, each (steps,), a row each `STEP_SECONDS`."""
        times, seconds = self.times, self.sound.shape[1] / RATE
        path = self.path if len(self.path) > 1 else np.tile(self.path, (2, 1))
        towards = np.stack([np.interp(times / seconds, np.linspace(0, 1, len(path)), column) for column in path.T], 1)
        sounding = np.zeros(len(times), dtype=bool)
        for start, end in self.spans:
            sounding |= (times >= start) & (times < end)
        return (np.degrees(np.arctan2(towards[:, 1], towards[:, 0])),
                np.degrees(np.arctan2(towards[:, 2], np.hypot(towards[:, 0], towards[:, 1]))), sounding)

    @property
    def times(self) -> np.ndarray:
        """Middles of the steps in seconds."""
        return np.arange(STEP_SECONDS / 2, self.sound.shape[1] / RATE, STEP_SECONDS)


def true_bearings(sources: Sequence[HeardSource]) -> Bearings:
    """Where sources are while they sound, a track each."""
    rows: list[np.ndarray] = []
    for track, source in enumerate(sources):
        across, up, sounding = source.directions()
        rows.append(np.stack([source.times, across, up, np.full(len(up), track), np.ones(len(up))])[:, sounding])
    columns = np.concatenate(rows, axis=1) if rows else np.zeros((5, 0))
    times, across, up, tracks, sure = columns[:, np.lexsort((columns[3], columns[0]))]
    return Bearings(times, across, up, tracks.astype(np.int64), sure)


def _path(rng: np.random.Generator, size: np.ndarray, centre: np.ndarray, moving: bool) -> np.ndarray:
    """(n, 3): somewhere in the room, at least a metre from its array, or round it in part of a circle."""
    largest = float((np.minimum(centre, size - centre) - EDGE)[:2].min())
    radius, height = between(rng, min(1.0, largest), largest), between(rng, 1.0, size[2] - EDGE)
    begin = between(rng, -np.pi, np.pi)
    end = begin + (float(pick(rng, (-1, 1))) * between(rng, np.pi / 6, np.pi) if moving else 0.0)
    angles = np.linspace(begin, end, 16 if moving else 1)
    return np.stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles), 0 * angles + height], 1)
