"""A user's own annotated recordings, in a folder.

Two layouts are known, also mixed and in sub-folders: label files that begin with the recording's name (`NAME.beats`,
`NAME.chords.lab`, `NAME.jams` … beside `NAME.wav`), and a folder a recording (`beats.tsv`, `chords.lab`, `key.txt` …
beside `mix.…` or `audio.…`). Several files of one recording make one timeline.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from onpu.data.corpus import Corpus, import_corpus
from onpu.errors import DataError, LabelError, OnpuError
from onpu.files import files_below
from onpu.formats.audio import AUDIO
from onpu.music import Audio, Chords, Key, Keys, Timeline, harte
from onpu.music.spelling import key_label, parse_key

MIXES = ("mix", "audio")
KEYS = frozenset({"key", "keys"})
"""Fields that tell the same: who writes one of them anew has no use for what another file says of either."""
NO_KEY = "N"


@dataclass(frozen=True)
class LabelFiles:
    """Files that hold a recording's labels of one kind.

    field: of `Timeline`; empty: all that the file holds, which counts where no file of its own kind is there.
    names: the preferred one first. `.beats` follows the recording's name, `beats.tsv` is a whole name (second layout).
    form: how a line looks, for messages. read: path -> value of the field, or a timeline.
    """

    field: str
    names: tuple[str, ...]
    form: str
    read: Callable[[Path], Any]


@dataclass(frozen=True)
class Item:
    """An annotated recording: its name in tables, file, and labels (which last until the last of them)."""

    name: str
    audio: Path
    timeline: Timeline


def folder_items(folder: str | Path, kinds: Sequence[LabelFiles], fields: Collection[str], needs: Collection[str],
                 refused: Callable[[OnpuError], None] | None = None) -> tuple[list[Item], list[Path]]:
    """The recordings in a folder that have labels, by path, and those left out because they have none.

    kinds: label files that are looked for. fields: what is read of them. needs: fields one of which a recording must
    have. Parts of a mix (`drums.flac` beside `mix.flac`) and hidden files are passed over, links are followed. refused:
    called with what is wrong with a recording's labels, which is then left out; None: that is raised.

    Raises
    ------
    DataError
        When no recording has labels; counts what was found and says which files are needed.
    LabelError
        When a chord is not in Harte's syntax, or a key no tonic and mode.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one with recordings and {advice(kinds, needs)}")
    files = files_below(folder)
    sounds = {path.with_suffix(""): path for path in files if path.suffix.lower() in AUDIO}
    present = frozenset(files)
    items, without = [], []
    for stem, sound in sounds.items():
        mix = next((stem.parent / mix for mix in MIXES if stem.parent / mix in sounds), None)
        try:
            timeline = _labels(stem, stem == mix, kinds, fields, present)
        except OnpuError as error:
            if refused is None:
                raise
            refused(error)
            continue
        if any(getattr(timeline, name) is not None for name in needs):
            name = stem.parent.name if stem == mix else ""
            items.append(Item(name or stem.name, sound, timeline))
        elif mix in (None, stem):
            without.append(sound)
    if not items:
        count = sum(_field(path, kinds) in ("", *needs) for path in files)
        raise DataError(f"{folder}: {len(sounds)} recordings, {count} label files, no recording with "
                        f"{' or '.join(needs)}; put {advice(kinds, needs)} beside each NAME.wav")
    return items, without


def advice(kinds: Sequence[LabelFiles], needs: Collection[str]) -> str:
    """Which label files hold what is needed: `NAME.beats (a line a beat: …) or NAME.jams`."""
    return " or ".join(f"NAME{kind.names[0]}" + (f" ({kind.form})" if kind.form else "")
                       for kind in _useful(kinds, needs))


def _useful(kinds: Sequence[LabelFiles], needs: Collection[str]) -> list[LabelFiles]:
    return [kind for kind in kinds if kind.field in ("", *needs)]


def _field(path: Path, kinds: Sequence[LabelFiles]) -> str | None:
    """What a label file holds by its name; None: it is none."""
    found = [(len(name), kind.field) for kind in kinds for name in kind.names
             if path.name == name or (name.startswith(".") and path.name.endswith(name))]
    return max(found)[1] if found else None


def _labels(stem: Path, whole: bool, kinds: Sequence[LabelFiles], fields: Collection[str],
            present: Collection[Path]) -> Timeline:
    """Labels of the recording `stem` from its files; whole: those of its folder are its own, too."""
    own: dict[str, Any] = {}
    rest = Timeline(0.0)
    for kind in kinds:
        paths = [stem.with_name(stem.name + name) if name.startswith(".") else stem.with_name(name)
                 for name in kind.names if whole or name.startswith(".")]
        path = next((path for path in paths if path in present), None)
        if path is None or kind.field not in ("", *fields):
            continue
        labels = kind.read(path)
        if kind.field:
            own[kind.field] = _understood(labels, path)
        else:
            found = {name: _understood(value, path) for name, value in labels.found().items() if name in fields}
            rest = Timeline(labels.duration, **found)
    replaced = KEYS if own.keys() & KEYS else set()
    ends = [float(getattr(value, column).max(initial=0.0)) for value in own.values() for column in ("times", "ends")
            if hasattr(value, column)]
    others = {name: value for name, value in rest.found().items() if name not in replaced}
    return Timeline(max([rest.duration, *ends]), **(others | own))


def _understood(labels: object, path: Path) -> Any:
    """Chords, whose syntax is checked; keys as `Eb:major`, without regions in no key; other labels as they are."""
    try:
        match labels:
            case Chords():
                for label in labels.labels:
                    harte.parse(str(label))
            case Keys():
                kept = labels.labels != NO_KEY
                return Keys(labels.starts[kept], labels.ends[kept], _keys(labels.labels[kept]), labels.confidence[kept])
            case Key():
                count = int(len(labels.labels) > 0 and labels.labels[0] != NO_KEY)
                return Key(_keys(labels.labels[:count]), labels.confidence[:count])
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
    return labels


def _keys(labels: np.ndarray) -> np.ndarray:
    return np.array([key_label(*parse_key(str(label))) for label in labels], dtype=np.str_)


def corpus_items(corpus: Corpus) -> list[Item]:
    """The recordings of a corpus."""
    return [Item(corpus.name(number), corpus.path(number), corpus.timeline(number)) for number in range(len(corpus))]


def adopt(items: list[Item], folder: str | Path, read_audio: Callable[[Path], Audio], licence: str = "unknown",
          commercial_use: bool = False) -> Corpus:
    """Make a corpus of recordings, for training; read_audio reads one file (`onpu.formats.audio.read_audio`).

    Weights that learn from it may be used commercially only where `commercial_use` says that the recordings allow it.
    A corpus that was made of the same files before is taken as it is.
    """
    origin = _origin(items)
    try:
        corpus = Corpus.open(folder)
        if corpus.description.get("origin") == origin:
            return corpus
    except DataError:
        pass
    return import_corpus(folder, ((item.name, partial(read_audio, item.audio), item.timeline) for item in items),
                         licence, commercial_use, origin)


def origin_of(items: list[Item], folder: Path) -> str:
    """What tells these recordings from others: the origin of the corpus in that folder, or the hash by which `adopt`
    knows the recordings of a user's folder."""
    try:
        return str(Corpus.open(folder).description.get("origin", ""))
    except DataError:
        return _origin(items)


def _origin(items: list[Item]) -> str:
    """A hash that changes when a recording or a label does (of recordings name, size and date are looked at)."""
    whole = sha256()
    for item in items:
        facts = item.audio.stat()
        whole.update(f"{item.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        for name, column in item.timeline.arrays().items():
            whole.update(f"{name} {column.tolist()}\n".encode())
    return whole.hexdigest()
