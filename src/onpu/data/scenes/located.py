"""Sources one by one in rooms, heard by four microphones: what localisation learns from.

    FOLDER/located.json         what it is: seed, seconds, count
    FOLDER/sources/00000.npz    sound int16 (microphones, samples), its largest sample, name, path, spans, microphones

Scenes are mixed of them while they are learned from, so a few hundred sources make any number of scenes.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from onpu.data.scenes.array import RATE, ArrayScenes, HeardSource
from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.music.bearing import TETRAHEDRON
from onpu.workers import Progress, for_each

KIND = "sources in rooms"
HELD_OUT_EVERY = 10
"""Each so-manieth source is kept to be judged by."""
RADII = (0.05, 0.06, 0.06, 0.07)
"""Metres from the middle of the array to its microphones, in turn."""
DRY_CHANCE = 0.15
"""Chance that a source is heard outdoors."""
DECAY = (0.15, 1.2)
"""Shortest and longest T60 in seconds of the rooms."""
ORDER, WALKING_ORDER = 8, 5
"""Reflections that are followed of a source that stands, and of one that walks, of which there are many more."""


@dataclass(frozen=True)
class LocatedSounds:
    """The sources `numbers` of such a folder. See `onpu.data.dataset.Dataset`; an item is a list of sources that are
    heard together, and their microphones.

    mixed: what a learner has mixed of them, by its number.
    """

    folder: Path
    description: Json
    numbers: tuple[int, ...]
    mixed: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises `DataError` when there is none, or when it is not finished."""
        folder = Path(folder)
        try:
            description = json.loads((folder / "located.json").read_text(encoding="utf-8"))
            count = int(description["count"])
        except (OSError, ValueError, KeyError, TypeError):
            raise DataError(f"{folder}: no sources in rooms; leave out --data, and they are composed") from None
        return cls(folder, description, tuple(range(count)))

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These sources."""
        return replace(self, numbers=tuple(numbers), mixed={})

    def split(self) -> tuple[Self, Self]:
        """All but two of `2 * HELD_OUT_EVERY`, and those, so that items of two can be mixed."""
        held = tuple(number for number in self.numbers if number // len(RADII) % HELD_OUT_EVERY == 0)
        rest = tuple(number for number in self.numbers if number not in set(held))
        return self.only(rest or self.numbers), self.only(held)

    def source(self, number: int) -> HeardSource:
        """A source alone."""
        with np.load(_file(self.folder, number)) as stored:
            sound = stored["sound"].astype(np.float32) * (float(stored["largest"]) / 32767)
            spans = tuple((float(start), float(end)) for start, end in stored["spans"])
            return HeardSource(str(stored["name"]), sound, stored["path"], spans)

    def together(self, number: int) -> tuple[int, ...]:
        """Sources that the microphones of this one hear, itself among them."""
        return tuple(other for other in self.numbers if (other - number) % len(RADII) == 0)

    def item(self, number: int) -> tuple[list[HeardSource], np.ndarray]:
        """This source alone or, of every second group, with the next one of another name that the same microphones
        hear; positions of the microphones."""
        found = [self.source(number)]
        if number // len(RADII) % 2:
            others = self.together(number)
            for step in range(1, len(others)):
                other = self.source(others[(others.index(number) + step) % len(others)])
                if other.name != found[0].name:
                    found.append(other)
                    break
        return found, microphones_of(number)


def microphones_of(number: int) -> np.ndarray:
    """Positions (4, 3) in metres of those that hear a source."""
    return np.array(TETRAHEDRON) / np.sqrt(3) * RADII[number % len(RADII)]


@dataclass(frozen=True)
class LocatedSource:
    """Composes them (see `onpu.data.dataset.DatasetSource`). count: sources; seconds: of each; moving: share of them
    that walk."""

    seed: int = 1
    count: int = 600
    seconds: float = 6.0
    moving: float = 0.25
    title: str = "a folder of sources in rooms, as it was composed for an earlier run"

    def open(self, path: Path) -> LocatedSounds:
        """See `LocatedSounds.open`."""
        return LocatedSounds.open(path)

    def check(self, material: object) -> None:
        """It must be sources in rooms."""
        if not isinstance(material, LocatedSounds):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no sources in rooms; leave out --data")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> LocatedSounds:
        """Composed anew, or gone on with where that was interrupted."""
        if not (folder / "located.json").exists():
            (folder / "sources").mkdir(parents=True, exist_ok=True)
            missing = [number for number in range(self.count) if not _file(folder, number).exists()]
            for_each(_SourceWriter(self, folder), missing, jobs, progress)
            told: Json = {"kind": KIND, "licence": "CC0-1.0", "commercial_use": True, "count": self.count,
                          "seed": self.seed, "seconds": self.seconds, "moving": self.moving, "rate": RATE}
            with replacing(folder / "located.json") as path:
                path.write_text(json.dumps(told, indent=1), encoding="utf-8")
        return LocatedSounds.open(folder)


@dataclass(frozen=True)
class _SourceWriter:
    """Renders and stores one source."""

    source: LocatedSource
    folder: Path

    def __call__(self, number: int) -> None:
        dry, walks = np.random.default_rng([self.source.seed, number, 0x5E1D]).random(2) < (DRY_CHANCE,
                                                                                           self.source.moving)
        scenes = ArrayScenes(tuple(map(tuple, microphones_of(number))), self.source.seed, self.source.seconds, 1,
                             (0.0, 0.0) if dry else DECAY, float(walks), order=WALKING_ORDER if walks else ORDER)
        heard = scenes.parts(number)[0][0]
        largest = max(float(np.abs(heard.sound).max()), 1e-9)
        with replacing(_file(self.folder, number)) as path, path.open("wb") as file:
            np.savez(file, sound=np.rint(heard.sound * (32767 / largest)).astype(np.int16), largest=largest,
                     name=heard.name, path=heard.path, spans=np.array(heard.spans).reshape(-1, 2))


def _file(folder: Path, number: int) -> Path:
    return folder / "sources" / f"{number:05d}.npz"
