"""Piano rolls of pop songs: POP909 (Wang et al., ISMIR 2020) with the corrected scores of POP909-CL (Yao et al., ICASSP
2026), melody, second line and accompaniment together, on a grid of sixteenths. Licence of the files: MIT.

Of a song the bars are taken whose beginnings can be trusted (`onpu.data.corpora.leadsheet`); songs in triplets are left
out. The split is by song, the one of `onpu.data.corpora.pop909`: what is for tests is in nothing but `Rolls.tested`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.leadsheet import LeadSheet, read_leadsheet
from onpu.data.corpora.pop909 import songs
from onpu.data.workers import Progress
from onpu.errors import DataError
from onpu.music.roll import STEPS, Roll

FILE = "pop909.zip"
LICENCE = "MIT"
TRANSPOSED = (-5, 7)
"""Semitones by which a song is moved while learning, the last not included."""
ATTEMPTS = 200
"""Songs that are tried until one can be used."""


@dataclass(frozen=True, eq=False)
class Rolls:
    """Songs `numbers` of a file; `Rolls.open` reads it. See `Material`.

    description: for cards. names: of all songs, by number.
    """

    archive: Archive
    description: dict[str, Any]
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """The file as it is published, or the folder that it lies in; without what is for tests.

        Raises `DataError` when it is missing or something else.
        """
        path = Path(path)
        path = path / FILE if path.is_dir() else path
        archive = open_archive(path, f"POP909 with POP909-CL, {FILE}")
        kept = songs(archive, "train") + songs(archive, "validation")
        names = tuple(sorted(kept + songs(archive, "test")))
        description = {"kind": "rolls", "source": "POP909 with POP909-CL", "licence": LICENCE, "commercial_use": True,
                       "count": len(names), "sha256": sha256(path.read_bytes()).hexdigest()}
        return cls(archive, description, names, tuple(names.index(name) for name in sorted(kept)))

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These of them."""
        return replace(self, numbers=tuple(numbers))

    def item(self, number: int) -> tuple[Roll, ...]:
        """The passages of song `number` of the file, each in one key; none where the song cannot be used."""
        return passages(self.archive, self.names[number])

    def tested(self) -> Self:
        """What nobody has learned from or chosen weights by."""
        return self._named(songs(self.archive, "test"))

    def split(self) -> tuple[Self, Self]:
        """See `Material`; of a file without the songs that are for choosing weights, the first usable one."""
        judged = set(songs(self.archive, "validation"))
        judged = judged or {next((self.names[number] for number in self.numbers if self.item(number)), "")}
        rest = self._named(tuple(self.names[number] for number in self.numbers if self.names[number] not in judged))
        return rest if len(rest) else self, self._named(tuple(judged))

    def draw(self, generator: np.random.Generator, steps: int) -> Roll:
        """So many steps from any bar on of any song that has as many, in any key."""
        for _ in range(ATTEMPTS):
            found = [roll for roll in self.item(int(generator.choice(self.numbers))) if roll.steps >= steps]
            if found:
                starts = [(roll, start) for roll in found
                          for start in range(0, roll.steps - steps + 1, roll.quarters * STEPS)]
                roll, start = starts[int(generator.integers(len(starts)))]
                return roll.cut(start, start + steps).transposed(int(generator.integers(*TRANSPOSED)))
        raise DataError(f"{self.archive.path}: no song has {steps} steps in a row that can be used; give {FILE}")

    def _named(self, names: tuple[str, ...]) -> Self:
        return self.only(tuple(sorted(self.names.index(name) for name in names)))


@dataclass(frozen=True)
class RollSupply:
    """Songs are brought by the user, never composed. See `Supply`."""

    title: str = f"{FILE}, pop songs of POP909 with POP909-CL, or the folder that it lies in"

    def open(self, path: Path) -> Rolls:
        """See `Rolls.open`."""
        return Rolls.open(path)

    def check(self, material: Any) -> None:
        """It must be rolls."""
        if not isinstance(material, Rolls):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no piano rolls; give {FILE}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Rolls:
        """There are none without data."""
        raise DataError(f"rolls are learned from songs that are not composed; give with --data {self.title}")


@lru_cache(1024)
def passages(archive: Archive, name: str) -> tuple[Roll, ...]:
    """Rows of bars that can be trusted, in one key each; none where the song is of no use or in triplets."""
    sheet = read_leadsheet(archive, name)
    if sheet is None or sheet.triplets:
        return ()
    notes = [note for line in sheet.lines.values() for note in line]
    starts, lengths, pitches = (np.array(column) for column in zip(*[note[:3] for note in notes], strict=True))
    return tuple(Roll.of(starts - begin, starts + lengths - begin, pitches, bars * sheet.signature.beats * STEPS,
                         sheet.signature.beats, key, name) for begin, bars, key in _stretches(sheet))


def _stretches(sheet: LeadSheet) -> list[tuple[float, int, str]]:
    """Beginning in quarters, number of bars and key of each passage."""
    beats, found = sheet.signature.beats, []
    for run in sheet.runs:
        keys = [next((key for when, key in reversed(sheet.keys) if when <= run.start + bar * beats + beats / 2),
                     sheet.keys[0][1]) for bar in range(run.bars)]
        edges = [0, *(bar for bar in range(1, run.bars) if keys[bar] != keys[bar - 1]), run.bars]
        found += [(run.start + first * beats, last - first, keys[first].label)
                  for first, last in pairwise(edges)]
    return found
