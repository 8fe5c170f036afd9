"""Passages to learn from: bars of melody, bass and drums on a grid, read from corpora or composed.

A file of them, `passages.json.gz`, is a gzip-compressed JSON object: `description` and `passages`, each with `name`,
`side` (train, validation or test), `chords`, and its parts; drums are a number a step, 1 for the first of `KIT`, 2 for
the second, 4 for the third and so on.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import numpy as np

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.drumming import groove_passages
from onpu.data.corpora.melodies import pop909_passages
from onpu.data.corpora.published import GROOVE, LICENCE, POP909
from onpu.engine.compose.bands import composed_passage
from onpu.errors import DataError, LabelError
from onpu.files import Json, replacing
from onpu.music.passage import BAR, KIT, PARTS, Passage
from onpu.workers import Progress

FILE = "passages.json.gz"
SIDES = ("train", "validation", "test")
MIN_NOTES_PER_BAR = {"melody": 2, "bass": 1, "drums": 2}
"""Notes a bar that a part has on average where it is learned from."""
MAX_SILENT_BARS = 2
"""So many bars without a note, one after the other, are not learned from."""
WEIGHTS = 1 << np.arange(len(KIT))
SIDE_OF_TENTH = {0: "test", 1: "validation"}
"""Of ten composed bands, sides of those that are not learned from."""
COMPOSED_BANDS = 1500
"""Bands that are composed where nobody brings passages."""


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages `numbers` of those that were read; `Passages.open` reads them. See `Dataset`.

    passages: all. sides: of `SIDES`, for each. description: for cards.
    """

    passages: tuple[Passage, ...]
    sides: tuple[str, ...]
    description: Json
    numbers: tuple[int, ...]
    _windows: dict[tuple[int, tuple[str, ...]], np.ndarray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, found: Sequence[tuple[Passage, str]], description: Mapping[str, Any]) -> Self:
        """These, each with its side; meant are all but those for tests."""
        passages, sides = tuple(passage for passage, _ in found), tuple(side for _, side in found)
        numbers = tuple(n for n, side in enumerate(sides) if side != "test")
        return cls(passages, sides, dict(description) | {"kind": "passages", "count": len(passages)}, numbers)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """POP909 (melody, bass, chords), Groove (drums), or a file of passages, or the folder that such a file lies in.

        Raises `DataError` when it is none of these.
        """
        path = Path(path)
        path = path / FILE if path.is_dir() else path
        if path.suffix == ".zip":
            archive = open_archive(path, "pop909.zip or groove.zip")
            if any(name.endswith("_cl.mid") for name in archive.names):
                return cls.of(pop909_passages(archive), _told(path, POP909.licence, "MIT"))
            return cls.of(groove_passages(path), _told(path, GROOVE.licence, "CC BY 4.0"))
        return cls._read(path)

    @classmethod
    def _read(cls, path: Path) -> Self:
        """A file of passages."""
        try:
            content = json.loads(gzip.decompress(path.read_bytes()))
            return cls.of([(_passage(row), str(row["side"])) for row in content["passages"]], content["description"])
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror or error}); give pop909.zip, groove.zip or a "
                            f"{FILE}") from None
        except (ValueError, EOFError, zlib.error, KeyError, TypeError, LabelError) as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
            raise DataError(f"{path}: does not hold passages ({reason}); give pop909.zip, groove.zip or a {FILE}"
                            ) from None

    def write(self, path: str | Path) -> None:
        """As a file of passages, all of them; equal passages give equal bytes."""
        rows = [{"name": passage.name, "side": side, "chords": list(passage.chords)}
                | {part: (events @ WEIGHTS if part == "drums" else events).tolist()
                   for part, events in passage.parts.items()}
                for passage, side in zip(self.passages, self.sides, strict=True)]
        content = json.dumps({"description": self.description, "passages": rows}, separators=(",", ":"))
        with replacing(path) as temporary:
            temporary.write_bytes(gzip.compress(content.encode(), mtime=0))

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These of them."""
        return replace(self, numbers=tuple(numbers), _windows={})

    def item(self, number: int) -> Passage:
        """Passage `number` of all."""
        return self.passages[number]

    def side(self, name: str) -> Self:
        """Those of a side, whether or not they were meant."""
        return self.only(tuple(n for n, side in enumerate(self.sides) if side == name))

    def split(self) -> tuple[Self, Self]:
        """Those of `train` and those of `validation`; without the latter every tenth is held out."""
        held = {n for n in self.numbers if self.sides[n] == "validation"} or set(self.numbers[::10])
        return (self.only(tuple(n for n in self.numbers if n not in held)),
                self.only(tuple(n for n in self.numbers if n in held)))

    def windows(self, bars: int, parts: tuple[str, ...]) -> np.ndarray:
        """(n, 2) numbers of passages and of bars from which on so many bars may be learned; see `eventful`."""
        if (bars, parts) not in self._windows:
            self._windows[bars, parts] = np.array(
                [(number, bar) for number in self.numbers for bar in eventful(self.passages[number], bars, parts)],
                dtype=np.int64).reshape(-1, 2)
        return self._windows[bars, parts]

    def draw(self, rng: np.random.Generator, bars: int, parts: tuple[str, ...]) -> Passage:
        """So many bars, all windows equally likely. Raises `DataError` when there are none."""
        windows = self.windows(bars, parts)
        if not len(windows):
            raise DataError(f"no {bars} bars of {', '.join(parts)} among these passages can be learned from; give "
                            "more, or others")
        number, bar = windows[int(rng.integers(len(windows)))].tolist()
        return self.passages[number].cut(bar, bars)


def eventful(passage: Passage, bars: int, parts: tuple[str, ...]) -> list[int]:
    """Bars from which on, for so many bars, each of these parts plays: `MIN_NOTES_PER_BAR` notes a bar on average,
    something in the first bar, and no `MAX_SILENT_BARS` bars without a note after each other."""
    by_bar = {}
    for part in parts:
        events = passage.parts[part]
        begins = events.any(axis=1) if part == "drums" else events >= 0
        by_bar[part] = begins.reshape(-1, BAR).sum(axis=1)  # notes of each bar
    return [first for first in range(passage.bars - bars + 1)
            if all(notes[first] and notes[first : first + bars].sum() >= MIN_NOTES_PER_BAR[part] * bars
                   and not _pauses(notes[first : first + bars]) for part, notes in by_bar.items())]


def apart(passage: Passage, bars: int, parts: tuple[str, ...]) -> list[Passage]:
    """A passage in pieces of so many bars that do not overlap, from each of which on each of these parts plays (see
    `eventful`)."""
    chosen: list[int] = []
    for start in eventful(passage, bars, parts):
        if not chosen or start >= chosen[-1] + bars:
            chosen.append(start)
    return [passage.cut(start, bars) for start in chosen]


def _pauses(notes: np.ndarray) -> bool:
    runs = "".join("1" if many else "0" for many in notes)
    return "0" * MAX_SILENT_BARS in runs


@dataclass(frozen=True)
class PassageSource:
    """Passages that have all of `parts`, and chords, if wanted; without data, composed bands. See `DatasetSource`."""

    parts: tuple[str, ...]
    chords: bool = False

    @property
    def title(self) -> str:
        """What the user is to bring."""
        files = {"melody": "pop909.zip", "bass": "pop909.zip", "drums": "groove.zip"}
        named = {files[part] for part in self.parts}
        return f"{named.pop() if len(named) == 1 else FILE}, or the folder of a {FILE}; default: composed bands"

    def open(self, path: Path) -> Passages:
        """Passages of a file; see `Passages.open`."""
        return Passages.open(path)

    def check(self, material: object) -> None:
        """It must be passages with these parts."""
        if not isinstance(material, Passages):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no passages; give {self.title}")
        there = material.passages[0] if material.passages else Passage({})
        lacking = [part for part in self.parts if part not in there.parts]
        lacking += ["chords"] if self.chords and not there.chords else []
        if lacking:
            raise DataError(f"{material.description.get('source', 'the data')}: has no {' and no '.join(lacking)}; "
                            f"give {self.title}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Passages:
        """The first `COMPOSED_BANDS` bands, kept in a file in the folder."""
        return composed(folder, COMPOSED_BANDS, progress)


def composed(folder: Path, count: int, progress: Progress | None = None) -> Passages:
    """So many composed bands with all parts, read from the folder where they are there already."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        found: list[tuple[Passage, str]] = []
        seed = 0
        while len(found) < count:
            passage = composed_passage(seed)
            if passage is not None:
                found.append((passage, SIDE_OF_TENTH.get(len(found) % 10, "train")))
                if progress is not None:
                    progress(len(found), count)
            seed += 1
        description = {"source": "composed by onpu", "licence": LICENCE, "commercial_use": True, "seeds": [0, seed]}
        Passages.of(found, description).write(path)
    return Passages.open(path)


def _told(path: Path, source: str, licence: str) -> Json:
    return {"source": source, "licence": licence, "commercial_use": True,
            "sha256": sha256(path.read_bytes()).hexdigest()}


def _passage(row: Mapping[str, Any]) -> Passage:
    """One entry of a file."""
    parts: dict[str, np.ndarray] = {}
    for part in PARTS:
        if part in row:
            events = np.array(row[part], dtype=np.int64)
            parts[part] = (events[:, None] & WEIGHTS) > 0 if part == "drums" else events
    return Passage(parts, tuple(row["chords"]), str(row["name"])).validate()
