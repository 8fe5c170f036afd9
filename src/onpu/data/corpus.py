"""A corpus: a folder of recordings with all their labels, composed and rendered here or brought by the user.

    FOLDER/corpus.json          what it is: see `onpu.data.plan`, or where it came from
    FOLDER/songs/00000.flac     mono, 16 bit
    FOLDER/songs/00000.npz      labels, columns of a `Timeline`
    FOLDER/features/…           spectra that were computed once: see `onpu.data.features`

FLAC takes half the room of raw samples and is decoded two thousand times faster than it plays, on one core. An item
is complete when its labels are there, so writing may be stopped at any moment and taken up again.
"""

import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Self

import numpy as np
import soundfile

from onpu.cluster import done_on_ray
from onpu.data.plan import Plan
from onpu.errors import DataError, OnpuError
from onpu.files import Json, replacing
from onpu.music import Audio, Timeline
from onpu.music.timeline import VALUES
from onpu.version import __version__
from onpu.workers import Progress, for_each


@dataclass(frozen=True)
class Credit:
    """Whose a recording is, as cards name it: name, author, licence, and where it was published."""

    name: str
    author: str
    licence: str
    source: str = ""


@dataclass(frozen=True)
class Corpus:
    """A finished corpus; `Corpus.open` reads one. `description` is the content of corpus.json."""

    folder: Path
    description: Json

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

    def kind(self, number: int) -> str:
        """Of what kind the music is, where the corpus says so: scores are balanced over kinds."""
        kinds = self.description.get("kinds")
        return kinds[number] if kinds else ""

    def known(self, number: int) -> np.ndarray | None:
        """Starts and ends (n, 2) in seconds of the passages whose labels are known; None: all of the recording."""
        known = self.description.get("known")
        return np.asarray(known[number], dtype=np.float64).reshape(-1, 2) if known else None

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

    def labelled(self, number: int) -> set[str]:
        """Names of the labels that the item has, empty ones included."""
        with np.load(_labels(self.folder, number)) as stored:
            return {key.split(".")[0] for key in stored.files}

    @cached_property
    def seconds(self) -> float:
        """Length of all recordings together."""
        infos = (soundfile.info(self.path(number)) for number in range(len(self)))
        return sum(info.frames / info.samplerate for info in infos)


def write_corpus(folder: str | Path, plan: Plan, count: int, jobs: int = 1,
                 progress: Progress | None = None, address: str | None = None) -> Corpus:
    """Compose, render and store the first `count` items of a plan in `jobs` processes.

    What is already there stays: an interrupted corpus is finished, a finished one extended. Songs do not depend on who
    makes them. address: of a Ray cluster whose actors are the processes (`onpu.cluster`); they must reach the folder.
    Raises `DataError` when the folder holds another plan's corpus, `OnpuError` when a process died over an item.
    """
    folder = Path(folder)
    wanted = json.loads(json.dumps(asdict(plan)))
    found = _describe(folder)
    if found is not None and ("plan" not in found or Plan.of(found["plan"]) != plan):
        raise DataError(f"{folder}: holds another corpus ({found.get('plan', 'the recordings of a user')}); "
                        "name another folder")
    count = max(count, found["count"] if found else 0)
    _begin(folder, {"kind": "composed", "licence": plan.licence, "commercial_use": True, "plan": wanted, "count": count,
                    "soundfonts": plan.soundfonts(), "sample_sets": plan.sample_sets(), "sets": plan.hashes()})
    missing = [number for number in range(count) if not _labels(folder, number).exists()]
    if address is None:
        for_each(partial(_compose_item, folder, plan), missing, jobs, progress)
        return Corpus.open(folder)
    composed = done_on_ray(partial(_compose_item, folder.absolute(), plan), missing, jobs, address)
    for done, ended in enumerate(composed, 1):
        if ended.how == "died":
            raise OnpuError(f"{folder}: workers died over song {ended.item}, perhaps for lack of memory; try fewer "
                            "--jobs")
        if progress is not None:
            progress(done, len(missing))
    return Corpus.open(folder)


def import_corpus(folder: str | Path, items: Iterable[tuple[str, Callable[[], Audio], Timeline]], licence: str,
                  commercial_use: bool, origin: str, kinds: Sequence[str] = (),
                  credits: Sequence[Credit] = (), known: Sequence[np.ndarray] = ()) -> Corpus:
    """Store recordings with labels, given as (name, function that reads the recording, labels).

    origin: what tells these recordings from others, kept in the description. kinds: of what kind the music of each is;
    empty: not told. A corpus of kinds that chooses weights does so by the mean over kinds. credits: one a recording, or
    none; the description keeps them, and so does the card of weights that learn from them. known: of each recording
    the passages (n, 2) in seconds whose labels are known; nothing else is learned from. Empty: all of all.
    A corpus that was there is replaced when all has been read: what stops it before leaves that one as it was. Raises
    what reading raises, and `DataError` when there is no item.
    """
    folder, names = Path(folder), []
    new = folder / f".onpu-{secrets.token_hex(8)}"
    (new / "songs").mkdir(parents=True)
    try:
        for number, (name, read, timeline) in enumerate(items):
            _store(new, number, read(), timeline)
            names.append(name)
        if not names:
            raise DataError(f"{folder}: nothing to store; give at least one recording with labels")
        told: Json = {}
        for what, given in (("kinds", list(kinds)), ("credits", [asdict(credit) for credit in credits]),
                            ("known", [np.asarray(each).tolist() for each in known])):
            if given and len(given) != len(names):
                raise DataError(f"{folder}: {len(names)} recordings and {len(given)} {what}; give one a recording, or "
                                "none")
            told |= {what: given} if given else {}
        if _describe(folder) is not None:
            (folder / "corpus.json").unlink()
            shutil.rmtree(folder / "features", ignore_errors=True)
        shutil.rmtree(folder / "songs", ignore_errors=True)
        (new / "songs").rename(folder / "songs")
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _begin(folder, {"kind": "recordings", "licence": licence, "commercial_use": commercial_use, "names": names,
                    "count": len(names), "origin": origin} | told)
    return Corpus.open(folder)


def _compose_item(folder: Path, plan: Plan, number: int) -> None:
    try:
        audio, timeline = plan.item(number)
    except Exception as error:
        error.add_note(f"while making item {number} of {folder} by {plan}")
        raise
    _store(folder, number, audio, timeline)


def _store(folder: Path, number: int, audio: Audio, timeline: Timeline) -> None:
    """The labels come last: they say that the item is complete."""
    with replacing(_sound(folder, number)) as path:
        soundfile.write(path, np.clip(audio.mono(), -1, 1), audio.rate, subtype="PCM_16")
    with replacing(_labels(folder, number)) as path, path.open("wb") as file:
        np.savez_compressed(file, **timeline.arrays())  # type: ignore[arg-type]


def _begin(folder: Path, description: Json) -> None:
    (folder / "songs").mkdir(parents=True, exist_ok=True)
    with replacing(folder / "corpus.json") as path:
        path.write_text(json.dumps(description | {"onpu": __version__}, indent=1, ensure_ascii=False), encoding="utf-8")


def _describe(folder: Path) -> Json | None:
    try:
        return dict(json.loads((folder / "corpus.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _sound(folder: Path, number: int) -> Path:
    return folder / "songs" / f"{number:05d}.flac"


def _labels(folder: Path, number: int) -> Path:
    return folder / "songs" / f"{number:05d}.npz"
