"""A corpus: a folder of recordings with all their labels, composed and rendered here or brought by the user.

    FOLDER/corpus.json          what it is: see `Plan`, or where it came from
    FOLDER/songs/00000.flac     mono, 16 bit
    FOLDER/songs/00000.npz      labels, columns of a `Timeline`
    FOLDER/features/…           spectra that were computed once: see `onpu.data.features`

FLAC takes half the room of raw samples and is decoded two thousand times faster than it plays, on one core. An item
is complete when its labels are there, so writing may be stopped at any moment and taken up again.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import soundfile

from onpu import __version__
from onpu.atomic import replacing
from onpu.data.workers import Progress, for_each
from onpu.errors import DataError
from onpu.music import Audio, Timeline
from onpu.music.timeline import VALUES

if TYPE_CHECKING:
    from onpu.data.compose import Song

LICENCE = "CC0-1.0"
"""Of composed and rendered music; soundfonts leave no claim on what is played with them."""


@dataclass(frozen=True)
class Plan:
    """What is composed: a pure function of these values, so that song n is the same wherever it is made.

    seed: of the corpus. seconds: approximate length of a song. rate: Hz. styles: names; empty: all training styles by
    their weights. fonts: soundfont files; None: all that the system has; empty: onpu's own synthesiser alone.
    negatives: share of items that are no music and have no beats. pop909, groove: zip files of these data
    sets, empty for none; arranged: share of the music that is arranged from them.
    """

    seed: int = 1
    seconds: float = 60.0
    rate: int = 44100
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] | None = None
    negatives: float = 0.05
    pop909: str = ""
    groove: str = ""
    arranged: float = 0.35

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From JSON, in which tuples are lists."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()})

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that would be played here."""
        from onpu.data.render import soundfonts

        return sorted(Path(font).name for font in (soundfonts() if self.fonts is None else self.fonts))

    def item(self, number: int) -> tuple[Audio, Timeline]:
        """Recording and labels of one item."""
        from onpu.data.render import negative, produce, render

        draw = np.random.default_rng([self.seed, number])
        seed = int(draw.integers(2**31))
        if draw.random() < self.negatives:
            audio = negative(seed, self.seconds, self.rate)
            return audio, nothing(audio.duration)
        fonts = None if self.fonts is None else [Path(font) for font in self.fonts]
        song = self._song(draw, seed)
        return produce(render(song, seed, self.rate, fonts), seed), song.timeline

    def _song(self, draw: np.random.Generator, seed: int) -> "Song":
        from onpu.data.compose import compose
        from onpu.data.corpora.groove import groove
        from onpu.data.corpora.pop909 import pop909

        arrangers = [(read, path) for read, path in ((pop909, self.pop909), (groove, self.groove)) if path]
        if arrangers and draw.random() < self.arranged:
            read, path = arrangers[int(draw.integers(len(arrangers)))]
            return read(Path(path), seed, self.seconds)
        return compose(seed, str(draw.choice(self.styles)) if self.styles else None, self.seconds)


def nothing(duration: float) -> Timeline:
    """Labels of a recording in which there is no music: every value is there and empty."""
    empty = {name: kind(*(np.zeros(0) for _ in kind.__dataclass_fields__)) for name, kind in VALUES.items()}
    return Timeline(duration, **empty)


@dataclass(frozen=True)
class Corpus:
    """A finished corpus; `Corpus.open` reads one. `description` is the content of corpus.json."""

    folder: Path
    description: dict[str, Any]

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises `DataError` when there is none or when it is not finished."""
        folder = Path(folder)
        description = _describe(folder)
        if description is None:
            raise DataError(f"{folder}: no corpus here (no readable corpus.json); write one with onpu compose --corpus")
        missing = sum(not _labels(folder, number).exists() for number in range(description["count"]))
        if missing or description["count"] == 0:
            raise DataError(f"{folder}: {missing} of {description['count']} items are still missing; run the command "
                            "that began this corpus again")
        return cls(folder, description)

    def __len__(self) -> int:
        return int(self.description["count"])

    def name(self, number: int) -> str:
        """What the item is called in tables."""
        names = self.description.get("names")
        return names[number] if names else f"{number:05d}"

    def path(self, number: int) -> Path:
        """The recording."""
        return _sound(self.folder, number)

    def audio(self, number: int) -> Audio:
        """The recording, mono."""
        samples, rate = soundfile.read(self.path(number), dtype="float32")
        return Audio(samples[None], rate)

    def timeline(self, number: int, fields: Iterable[str] = tuple(VALUES)) -> Timeline:
        """The labels, only those named: an item's labels are read in a tenth of the time when it is one or two."""
        wanted = (*fields, "duration")
        with np.load(_labels(self.folder, number)) as stored:
            return Timeline.from_arrays({key: stored[key] for key in stored.files if key.split(".")[0] in wanted})

    @cached_property
    def seconds(self) -> float:
        """Length of all recordings together."""
        infos = (soundfile.info(self.path(number)) for number in range(len(self)))
        return sum(info.frames / info.samplerate for info in infos)


def write_corpus(folder: str | Path, plan: Plan, count: int, jobs: int = 1,
                 progress: Progress | None = None) -> Corpus:
    """Compose, render and store the first `count` items of a plan in `jobs` processes.

    What is already there stays: an interrupted corpus is finished, a finished one extended. Raises `DataError` when the
    folder holds another plan's corpus.
    """
    folder = Path(folder)
    wanted = json.loads(json.dumps(asdict(plan)))
    found = _describe(folder)
    if found is not None and found.get("plan") != wanted:
        raise DataError(f"{folder}: holds another corpus ({found.get('plan', 'the recordings of a user')}); "
                        "name another folder")
    count = max(count, found["count"] if found else 0)
    _begin(folder, {"kind": "composed", "licence": LICENCE, "commercial_use": True, "plan": wanted, "count": count,
                    "soundfonts": plan.soundfonts()})
    missing = [number for number in range(count) if not _labels(folder, number).exists()]
    for_each(partial(_compose_item, folder, plan), missing, jobs, progress)
    return Corpus.open(folder)


def import_corpus(folder: str | Path, items: Iterable[tuple[str, Callable[[], Audio], Timeline]], licence: str,
                  commercial_use: bool, origin: str) -> Corpus:
    """Store recordings with labels, given as (name, function that reads the recording, labels).

    origin: what tells these recordings from others, kept in the description.
    A corpus that was there is replaced. Raises what reading raises, and `DataError` when there is no item.
    """
    folder, names = Path(folder), []
    if _describe(folder) is not None:
        (folder / "corpus.json").unlink()
        shutil.rmtree(folder / "songs", ignore_errors=True)
        shutil.rmtree(folder / "features", ignore_errors=True)
    (folder / "songs").mkdir(parents=True, exist_ok=True)
    for number, (name, read, timeline) in enumerate(items):
        _store(folder, number, read(), timeline)
        names.append(name)
    if not names:
        raise DataError(f"{folder}: nothing to store; give at least one recording with labels")
    _begin(folder, {"kind": "recordings", "licence": licence, "commercial_use": commercial_use, "names": names,
                    "count": len(names), "origin": origin})
    return Corpus.open(folder)


def _compose_item(folder: Path, plan: Plan, number: int) -> None:
    _store(folder, number, *plan.item(number))


def _store(folder: Path, number: int, audio: Audio, timeline: Timeline) -> None:
    """The labels come last: they say that the item is complete."""
    with replacing(_sound(folder, number)) as path:
        soundfile.write(path, np.clip(audio.mono(), -1, 1), audio.rate, subtype="PCM_16")
    with replacing(_labels(folder, number)) as path, path.open("wb") as file:
        np.savez_compressed(file, **timeline.arrays())  # type: ignore[arg-type]


def _begin(folder: Path, description: dict[str, Any]) -> None:
    (folder / "songs").mkdir(parents=True, exist_ok=True)
    with replacing(folder / "corpus.json") as path:
        path.write_text(json.dumps(description | {"onpu": __version__}, indent=1, ensure_ascii=False), encoding="utf-8")


def _describe(folder: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads((folder / "corpus.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _sound(folder: Path, number: int) -> Path:
    return folder / "songs" / f"{number:05d}.flac"


def _labels(folder: Path, number: int) -> Path:
    return folder / "songs" / f"{number:05d}.npz"
