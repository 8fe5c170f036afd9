"""Piano rolls of pop songs: melody, second line and accompaniment of POP909-CL's scores together, on a grid of
sixteenths, in rows of bars that can be trusted (see `onpu.data.corpora.leadsheet`). Songs in triplets are left out."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.leadsheet import LeadSheet, read_leadsheet
from onpu.data.corpora.pop909_songs import Pop909Songs
from onpu.errors import DataError
from onpu.music.roll import STEPS, Roll

MAX_ATTEMPTS = 1000


class Rolls(Pop909Songs):
    """Passages in one key."""

    kind = "piano rolls"

    def item(self, number: int) -> tuple[Roll, ...]:
        """The passages of song `number` of the file; none where it is of no use."""
        return passages(self.archive, self.names[number])

    def draw(self, rng: np.random.Generator, steps: int) -> Roll:
        """So many steps from any bar on of any song that has as many, in any key."""
        for _ in range(MAX_ATTEMPTS):
            number = self.numbers[int(rng.integers(len(self.numbers)))]
            starts = [(roll, start) for roll in self.item(number)
                      for start in range(0, roll.steps - steps + 1, roll.quarters * STEPS)]
            if starts:
                roll, start = starts[int(rng.integers(len(starts)))]
                return roll.cut(start, start + steps).transposed(int(rng.integers(-6, 6)))
        raise DataError(f"{self.archive.path}: none of {MAX_ATTEMPTS} songs tried has {steps} steps in a row that "
                        "can be used; fetch the zip file again, or set a shorter crop")


@lru_cache(1024)
def passages(archive: Archive, name: str) -> tuple[Roll, ...]:
    """Rows of bars that can be trusted, in one key each; none where the song is of no use."""
    sheet = read_leadsheet(archive, name)
    if sheet is None or sheet.triplets:
        return ()
    notes = [note[:3] for line in sheet.lines.values() for note in line]
    starts, lengths, pitches = (np.array(column) for column in zip(*notes, strict=True))
    return tuple(Roll.of(starts - begin, starts + lengths - begin, pitches, bars * sheet.signature.beats * STEPS,
                         sheet.signature.beats, key, name) for begin, bars, key in _stretches(sheet))


def _stretches(sheet: LeadSheet) -> list[tuple[float, int, str]]:
    """Beginning in quarters, number of bars and key of each passage."""
    beats = sheet.signature.beats
    found: list[tuple[float, int, str]] = []
    for run in sheet.runs:
        middles = [run.start + (bar + 0.5) * beats for bar in range(run.bars)]
        keys = [next((key for when, key in reversed(sheet.keys) if when <= middle), sheet.keys[0][1])
                for middle in middles]
        edges = [0, *(bar for bar in range(1, run.bars) if keys[bar] != keys[bar - 1]), run.bars]
        found += [(run.start + first * beats, last - first, keys[first].label) for first, last in pairwise(edges)]
    return found
