"""Performances on the piano: the accompaniments of POP909, played with velocities, their own timing and the pedal."""

from dataclasses import replace
from functools import lru_cache
from typing import cast

import numpy as np
from symusic.core import ScoreSecond

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.pop909_songs import Pop909Songs
from onpu.errors import DataError
from onpu.music import Notes, Pedal
from onpu.music.pedal import sustained

TRACK = "PIANO"
SUSTAIN, HALF_DOWN = 64, 64
"""The pedal's controller, and the value from which it holds."""
MAX_TRANSPOSITION = 6
"""An example is moved by up to so many."""
MAX_TIME_STRETCH = 1.05
"""It is played up to so many times as fast or as slowly (Simon & Oore 2017)."""


class Performances(Pop909Songs):
    """Notes of a piano, which end where they are damped."""

    kind = "performances"

    def item(self, number: int) -> Notes:
        """Song `number` of the file."""
        return performance(self.archive, self.names[number])

    def draw(self, rng: np.random.Generator, count: int) -> Notes:
        """At most so many notes in a row of any song, moved and stretched; long songs are drawn more often."""
        sizes = np.array([len(self.item(number).onsets) for number in self.numbers], dtype=np.float64)
        notes = self.item(self.numbers[int(rng.choice(len(sizes), p=sizes / sizes.sum()))])
        start = int(rng.integers(max(1, len(notes.onsets) - count // 2)))
        factor = MAX_TIME_STRETCH ** rng.uniform(-1, 1)
        low, high = int(notes.pitches.min()), int(notes.pitches.max())
        semitones = np.clip(rng.integers(-MAX_TRANSPOSITION, MAX_TRANSPOSITION + 1), -low, 127 - high)
        part = notes.select(slice(start, start + count))
        return replace(part, onsets=factor * part.onsets, offsets=factor * part.offsets,
                       pitches=part.pitches + semitones)


@lru_cache(1024)
def performance(archive: Archive, name: str) -> Notes:
    """The piano of a song. Raises `DataError` where it has none."""
    played = cast(ScoreSecond, archive.score(f"{name}/{name}.mid").to("second"))
    track = next((track for track in played.tracks if track.name == TRACK and len(track.notes)), None)
    if track is None:
        raise DataError(f"{archive.path}: {name}/{name}.mid has no notes in a track {TRACK}; fetch the zip file again")
    table = track.notes.numpy()
    order = np.lexsort((table["pitch"], table["time"]))
    onsets = table["time"][order].astype(np.float64)
    count = len(order)
    notes = Notes(onsets, onsets + np.maximum(table["duration"][order].astype(np.float64), 0.01),
                  table["pitch"][order].astype(np.float64), np.clip(table["velocity"][order].astype(np.int64), 1, 127),
                  np.zeros(count, np.int64), np.ones(count))
    presses = sorted((control.time, control.value >= HALF_DOWN) for control in track.controls
                     if control.number == SUSTAIN)
    return sustained(notes, _pedal(presses, float(notes.offsets.max())))


def _pedal(presses: list[tuple[float, bool]], end: float) -> Pedal:
    """Where the pedal is down, of its presses and releases in order; at the end it is let go."""
    edges: tuple[list[float], list[float]] = [], []  # when it is let go, when pressed
    down = False
    for time, pressed in [*presses, (end, False)]:
        if pressed != down:
            edges[pressed].append(time)
            down = pressed
    pairs = [(start, stop) for start, stop in zip(edges[True], edges[False], strict=True) if stop > start]
    first, last = np.array(pairs, np.float64).reshape(-1, 2).T
    return Pedal(first, last, np.ones(len(pairs)))
