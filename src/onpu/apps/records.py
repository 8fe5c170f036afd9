"""What is kept beside results: which recording, options and version they came from, so that they are made again when
one of these is another, or when a file is missing or not whole.

A record is `.onpu/STEM.json` in the folder of the results.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

from onpu.apps.recordings import InputFile
from onpu.errors import FormatError
from onpu.files import Json, files_below, write_text
from onpu.version import __version__

FOLDER = ".onpu"


@dataclass(frozen=True)
class Record:
    """recording: name, path, bytes, modified, sha256. asked: what the results depend on beside it. files: format ->
    name of each file -> bytes and sha256."""

    recording: Json
    asked: Json
    files: Mapping[str, Mapping[str, Json]]
    onpu: str = __version__


def remember(item: InputFile, asked: Json, files: Mapping[str, Iterable[Path]]) -> None:
    """Write the record of results. files: format -> those that were written for it. Raises `FormatError`."""
    place = _place(item)
    try:
        place.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise FormatError(f"{place.parent}: cannot be made ({error.strerror}); choose another folder") from error
    facts = {form: {path.name: _facts(path) for path in paths} for form, paths in files.items()}
    whole = Record(_recording(item.path) | _facts(item.path), _plain(asked), facts)
    write_text(place, json.dumps(vars(whole), ensure_ascii=False) + "\n")


def finished(item: InputFile, asked: Json, formats: Iterable[str]) -> bool:
    """Whether the results of a recording are there and whole, in all these formats, as they would be made now."""
    record = recalled(item)
    if record is None or record.onpu != __version__ or record.asked != _plain(asked):
        return False
    try:
        same = _same(item.path, record.recording)
        return same and all(_facts(item.folder / name) == facts for form in formats
                            for name, facts in record.files[form].items())
    except (OSError, KeyError, AttributeError, TypeError):  # a file or an entry is missing
        return False


def recalled(item: InputFile) -> Record | None:
    """The record of the results that are named as those of this recording; None where there is none."""
    try:
        return Record(**json.loads(_place(item).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def apart(items: Sequence[InputFile]) -> tuple[list[InputFile], list[str]]:
    """The recordings, those named by their whole file name whose results would take the place of those of a file with
    another suffix (`song.mp3.jams` where `song.jams` is of `song.wav`), and what is told of it."""
    out, notes = [], []
    for item in items:
        record = recalled(item)
        other = record.recording.get("name") if record is not None and isinstance(record.recording, dict) else None
        if isinstance(other, str) and other != item.path.name and Path(other).stem == item.path.stem == item.stem:
            notes.append(f"{item.name}: its results are named {item.path.name}.*, since {item.stem}.* in {item.folder} "
                         f"are those of {other}")
            item = replace(item, stem=item.path.name)
        out.append(item)
    return out, notes


def facts_below(paths: Iterable[Path]) -> Json:
    """Size and hash of each of these files, and of those in these folders."""
    files = (file for path in paths for file in (files_below(path) if path.is_dir() else [path]))
    return {str(file): _facts(file) for file in files if file.is_file()}


def _place(item: InputFile) -> Path:
    return item.folder / FOLDER / f"{item.stem}.json"


def _recording(path: Path) -> Json:
    return {"name": path.name, "path": str(path.absolute()), "modified": path.stat().st_mtime_ns}


def _same(path: Path, recording: Json) -> bool:
    """Whether this is the recording that was heard: by its size and date, or where its date is new by its content."""
    if path.name != recording["name"] or path.stat().st_size != recording["bytes"]:
        return False
    return path.stat().st_mtime_ns == recording["modified"] or _facts(path)["sha256"] == recording["sha256"]


def _facts(path: Path) -> Json:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": file_digest(file, "sha256").hexdigest()}


def _plain(asked: Json) -> Json:
    """As it is after a way through JSON."""
    found: Json = json.loads(json.dumps(asked, default=str, sort_keys=True))
    return found
