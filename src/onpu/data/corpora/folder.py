"""A user's own annotated recordings, in a folder.

Two layouts are known, also mixed and in sub-folders: `NAME.beats` beside a recording `NAME.…`, and a folder a
recording, `NAME/beats.tsv` beside `NAME/mix.…` or `NAME/audio.…`. Each line of a table is a beat: time, position.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from onpu.data.corpus import Corpus, import_corpus
from onpu.errors import DataError
from onpu.music import Audio, Beats, Timeline

AUDIO = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf", ".w64",
                   ".rf64", ".m4a", ".m4b", ".mp4", ".aac", ".wma", ".ac3", ".mka", ".webm", ".wv", ".ape"})
"""Suffixes of recordings."""
MIXES = ("mix", "audio")


@dataclass(frozen=True)
class Item:
    """An annotated recording: its name in tables, file, and labels (which last until the last of them)."""

    name: str
    audio: Path
    timeline: Timeline


def folder_items(folder: str | Path, read_beats: Callable[[Path], Beats]) -> list[Item]:
    """All recordings with beats in a folder, by name.

    read_beats: reads one table (`onpu.formats.beats.read_beats`), whose errors pass through. Raises `DataError`, which
    counts what was found, when no recording has labels.
    """
    folder = Path(folder)
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        raise DataError(f"{folder}: cannot be read ({error.strerror}); check its permissions") from error
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one with recordings and their .beats files")
    sounds = {path.with_suffix(""): path for path in files if path.suffix.lower() in AUDIO}
    tables = [path for path in files if path.suffix == ".beats" or path.name == "beats.tsv"]
    items = []
    for table in tables:
        stems = [table.parent / mix for mix in MIXES] if table.name == "beats.tsv" else [table.with_suffix("")]
        sound = next((sounds[stem] for stem in stems if stem in sounds), None)
        if sound is not None:
            beats = read_beats(table)
            name = table.parent.name if table.name == "beats.tsv" else table.stem
            items.append(Item(name, sound, Timeline(float(beats.times.max(initial=0.0)), beats=beats)))
    if not items:
        raise DataError(f"{folder}: {len(sounds)} recordings, {len(tables)} tables of beats, no pair of them; put "
                        "NAME.beats (a line a beat: seconds, tab, position in the bar) beside each NAME.wav")
    return items


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


def _origin(items: list[Item]) -> str:
    """A hash that changes when a recording or a label does (of recordings name, size and date are looked at)."""
    whole = sha256()
    for item in items:
        facts = item.audio.stat()
        whole.update(f"{item.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        for name, column in item.timeline.arrays().items():
            whole.update(f"{name} {column.tolist()}\n".encode())
    return whole.hexdigest()
