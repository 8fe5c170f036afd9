"""The spectra of a corpus of recordings, whatever their labels: for what learns without any.

An item is a number of recordings together, for what is judged is whether one half of a recording finds the other half.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from onpu.data.corpus import Corpus, write_corpus
from onpu.data.features import StoredFeatures, compute_features
from onpu.data.plan import Plan
from onpu.errors import DataError
from onpu.files import Json
from onpu.represent import Representation
from onpu.workers import Progress

HELD_OUT_EVERY = 10
"""Each so-manieth recording is kept to be judged by."""
JUDGED_TOGETHER = 24
"""Recordings among whose halves each half is sought when weights are judged."""


@dataclass(frozen=True, eq=False)
class CorpusSpectra:
    """Recordings `songs` of a corpus with their spectra. See `onpu.data.dataset.Dataset`."""

    corpus: Corpus
    features: StoredFeatures
    songs: tuple[int, ...]

    @property
    def folder(self) -> Path:
        """Of the corpus."""
        return self.corpus.folder

    @property
    def description(self) -> Json:
        """Of the corpus, files by their names."""
        told = dict(self.corpus.description)
        return told | {"plan": Plan.of(told["plan"]).named()} if "plan" in told else told

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the groups of `JUDGED_TOGETHER` recordings."""
        return tuple(range(-(-len(self.songs) // JUDGED_TOGETHER)))

    def __len__(self) -> int:
        return len(self.songs)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These groups of recordings."""
        groups = [self.songs[n * JUDGED_TOGETHER : (n + 1) * JUDGED_TOGETHER] for n in numbers]
        return replace(self, songs=tuple(song for group in groups for song in group))

    def split(self) -> tuple[Self, Self]:
        """All but each `HELD_OUT_EVERY`-th recording, and those."""
        held = self.songs[::HELD_OUT_EVERY]
        rest = tuple(song for song in self.songs if song not in set(held))
        return replace(self, songs=rest or self.songs), replace(self, songs=held)

    def item(self, number: int) -> list[np.ndarray]:
        """The spectra of the recordings of a group, each (bins, frames)."""
        songs = self.songs[number * JUDGED_TOGETHER : (number + 1) * JUDGED_TOGETHER]
        return [self.features.crop(song, 0, self.features.frames(song))[0] for song in songs]

    def draw(self, rng: np.random.Generator, frames: int, count: int) -> np.ndarray:
        """So many stretches of one recording, (count, bins, frames); zeros where it is shorter."""
        song = self.songs[int(rng.integers(len(self.songs)))]
        last = max(0, self.features.frames(song) - frames)
        rows = [self.features.crop(song, start, start + frames)[0] for start in rng.integers(last + 1, size=count)]
        return np.stack([np.pad(row, ((0, 0), (0, frames - row.shape[1]))) for row in rows])


@dataclass(frozen=True)
class SpectraSource:
    """A corpus of recordings, or one that is composed. See `onpu.data.dataset.DatasetSource`."""

    representation: Representation
    plan: Plan = field(default_factory=lambda: Plan(seed=91, seconds=20.0, rate=22_050))
    count: int = 240
    title: str = "a corpus of recordings, as onpu compose --corpus and onpu corpus write them"

    def open(self, path: Path) -> CorpusSpectra:
        """Raises `DataError` when there is no corpus."""
        return self._of(Corpus.open(path), 1, None)

    def check(self, material: object) -> None:
        """It must be spectra of recordings."""
        if not isinstance(material, CorpusSpectra):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no recordings; give {self.title}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> CorpusSpectra:
        """The first `count` items of the plan."""
        return self._of(write_corpus(folder, self.plan, self.count, jobs, progress), jobs, progress)

    def _of(self, corpus: Corpus, jobs: int, progress: Progress | None) -> CorpusSpectra:
        features = compute_features(corpus, self.representation, jobs, progress)
        return CorpusSpectra(corpus, features, tuple(range(len(corpus))))
