"""A corpus of aligned sounds: the stems of songs, one performance by two instruments, clean and noisy recordings.

    FOLDER/corpus.json          what it is: its scenes, names, rate, count
    FOLDER/sounds/00000.flac    the sounds of an item, one a channel, 16 bit

An item is complete when its file is there, so writing may be stopped at any moment and taken up again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import soundfile

from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.version import __version__
from onpu.workers import Progress, for_each

KIND = "sounds"
"""By which corpus.json tells such a corpus from others."""
SILENT_PEAK = 1e-3
"""Largest sample of what is not heard."""
HELD_OUT_EVERY = 10
"""Each so-manieth item is kept to be judged by where there is no corpus for it."""
MAX_PEAK = 0.99
"""Largest sample that is stored; items that exceed it are made softer as a whole."""


@dataclass(frozen=True)
class AlignedSounds:
    """A finished corpus of sounds, or the items `numbers` of one; `AlignedSounds.open` reads it. See `Dataset`."""

    folder: Path
    description: Json
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises `DataError` when there is none or when it is not finished."""
        folder = Path(folder)
        description = _describe(folder)
        if description is None or description.get("kind") != KIND:
            raise DataError(f"{folder}: no corpus of sounds; write one with onpu compose --corpus {folder} --for TASK")
        missing = [n for n in range(description["count"]) if not _sound(folder, n).exists()]
        if missing or not description["count"]:
            raise DataError(f"{folder}: {len(missing)} of {description['count']} items are still missing; run the "
                            "command that began this corpus again")
        return cls(folder, description, tuple(range(description["count"])))

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""
        return tuple(self.description["names"])

    @property
    def rate(self) -> int:
        """Samples a second."""
        return int(self.description["rate"])

    def only(self, numbers: Sequence[int]) -> Self:
        """These items of it."""
        return replace(self, numbers=tuple(numbers))

    def split(self) -> tuple[Self, Self]:
        """All but each `HELD_OUT_EVERY`-th item, or all where there are no others, and those."""
        held = self.numbers[::HELD_OUT_EVERY]
        rest = [number for number in self.numbers if number not in held]
        return self.only(rest or self.numbers), self.only(held)

    def item(self, number: int) -> np.ndarray:
        """Item `number` of the corpus, whole, float32 (names, samples)."""
        return soundfile.read(_sound(self.folder, number), dtype="float32", always_2d=True)[0].T

    def draw(self, rng: np.random.Generator, samples: int, numbers: Sequence[int] = ()) -> np.ndarray:
        """So many samples from anywhere of any item, of these items if any are named, float32 (names, samples); zeros
        where it is shorter."""
        numbers = numbers or self.numbers
        number = numbers[int(rng.integers(len(numbers)))]
        start = int(rng.integers(max(0, self._lengths[number] - samples) + 1))
        with soundfile.SoundFile(_sound(self.folder, number)) as file:
            file.seek(start)
            found = file.read(samples, dtype="float32", always_2d=True).T
        return np.pad(found, ((0, 0), (0, samples - found.shape[1])))

    @cached_property
    def heard(self) -> dict[str, tuple[int, ...]]:
        """Name -> items in which that sound is not silent; it takes a while, for all are read."""
        loud = {number: np.abs(self.item(number)).max(axis=1, initial=0.0) > SILENT_PEAK for number in self.numbers}
        return {name: tuple(number for number in self.numbers if loud[number][place])
                for place, name in enumerate(self.names)}

    @cached_property
    def _lengths(self) -> dict[int, int]:
        return {number: soundfile.info(_sound(self.folder, number)).frames for number in self.numbers}


class Composer(Protocol):
    """What composes the items of such a corpus; see `onpu.data.scenes.base.SceneSource`."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def licence(self) -> str:
        """Licence of the sounds."""

    def item(self, number: int) -> np.ndarray:
        """The sounds of an item, float32 (names, samples)."""

    def named(self) -> Json:
        """What tells these items from others, as JSON has it."""

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that are played."""

    def sample_sets(self) -> list[dict[str, str]]:
        """Name, source and hash of the sample sets that are played."""


def write_sounds(folder: str | Path, scenes: Composer, count: int, jobs: int = 1,
                 progress: Progress | None = None) -> AlignedSounds:
    """Compose and store the first `count` items of these scenes in `jobs` processes.

    What is already there stays: an interrupted corpus is finished, a finished one extended. Raises `DataError` when the
    folder holds another corpus.
    """
    folder = Path(folder)
    wanted = {"scenes": type(scenes).__name__, "plan": scenes.named()}
    found = _describe(folder)
    if found is not None and {name: found.get(name) for name in wanted} != wanted:
        raise DataError(f"{folder}: holds another corpus; name another folder")
    count = max(count, found["count"] if found else 0)
    (folder / "sounds").mkdir(parents=True, exist_ok=True)
    description = {"kind": KIND, "licence": scenes.licence, "commercial_use": True, **wanted, "count": count,
                   "names": list(scenes.names), "rate": scenes.rate, "soundfonts": scenes.soundfonts(),
                   "sample_sets": scenes.sample_sets(), "onpu": __version__}
    with replacing(folder / "corpus.json") as path:
        path.write_text(json.dumps(description, indent=1, ensure_ascii=False), encoding="utf-8")
    missing = [number for number in range(count) if not _sound(folder, number).exists()]
    for_each(partial(_write_item, folder, scenes.item, scenes.rate), missing, jobs, progress)
    return AlignedSounds.open(folder)


def _write_item(folder: Path, item: Callable[[int], np.ndarray], rate: int, number: int) -> None:
    sounds = item(number)
    peak = float(np.abs(sounds).max(initial=0.0))
    with replacing(_sound(folder, number)) as path:
        soundfile.write(path, (sounds * np.float32(min(1.0, MAX_PEAK / max(peak, 1e-9)))).T, rate, subtype="PCM_16")


def _describe(folder: Path) -> Json | None:
    try:
        return dict(json.loads((folder / "corpus.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _sound(folder: Path, number: int) -> Path:
    return folder / "sounds" / f"{number:05d}.flac"
