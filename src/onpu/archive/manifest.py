"""Which recordings an archive has: a list of files or addresses, in text, CSV, TSV or JSON lines."""

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from onpu.errors import DataError
from onpu.formats.tables import FILE_COLUMNS

REMOTE = "://"


class Entry(NamedTuple):
    """A recording. name: as it stands in the manifest, by which it is known. place: path, or address."""

    name: str
    place: str

    @property
    def remote(self) -> bool:
        """Whether the place is an address."""
        return REMOTE in self.place


def read_manifest(path: Path) -> list[Entry]:
    """The recordings of a manifest, in its order.

    Parameters
    ----------
    path
        `.csv` or `.tsv` with a column that is called as one of `onpu.formats.tables.FILE_COLUMNS`, or with one column;
        `.jsonl` with such a field; or any text with a recording a line. Paths are relative to the manifest's folder;
        addresses (`s3://…`) stay as they are.

    Returns
    -------
    list of Entry
        At least one.

    Raises
    ------
    DataError
        When the manifest cannot be read, names no recording, or names one twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> from onpu.archive.manifest import read_manifest
    >>> _ = Path("all.txt").write_text("a.wav\\nb/c.mp3\\n")
    >>> [entry.name for entry in read_manifest(Path("all.txt"))]
    ['a.wav', 'b/c.mp3']
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as a manifest ({error}); give a list of recordings") from error
    names = [name.strip() for name in _names(path, text) if name.strip()]
    if not names:
        raise DataError(f"{path}: names no recording; give one a line")
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DataError(f"{path}: names {name} twice; name each recording once")
        seen.add(name)
    return [Entry(name, name if REMOTE in name else str(path.parent / name)) for name in names]


def _names(path: Path, text: str) -> Iterator[str]:
    match path.suffix.lower():
        case ".csv" | ".tsv":
            rows = csv.reader(StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            yield from _column(path, list(rows))
        case ".jsonl":
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    yield _field(path, number, line)
        case _:
            yield from text.split("\n")


def _column(path: Path, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The column of the recordings."""
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    at = next((heads.index(name) for name in FILE_COLUMNS if name in heads), None)
    if at is None and any(len(row) > 1 for row in rows):
        raise DataError(f"{path}: no column is called {', '.join(FILE_COLUMNS[:3])} …; name that of the recordings so")
    yield from (row[at or 0] for row in rows[0 if at is None else 1 :] if len(row) > (at or 0))


def _field(path: Path, number: int, line: str) -> str:
    try:
        content = json.loads(line)
        return str(next(content[name] for name in FILE_COLUMNS if name in content))
    except (ValueError, TypeError, StopIteration):
        raise DataError(f"{path}, line {number}: no JSON object with a field file; write one a line") from None


def shard_of(entries: Sequence[Entry], shard: int, shards: int) -> list[Entry]:
    """Every so-manieth recording, beginning with the shard's number, from 1 on: shards take the same time where lists
    are sorted by what takes long."""
    return list(entries[shard - 1 :: shards])


def parse_shard(text: str) -> tuple[int, int]:
    """`3/64` -> 3, 64. Raises `DataError`."""
    number, _, count = text.partition("/")
    if number.isascii() and number.isdigit() and count.isascii() and count.isdigit() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise DataError(f"--shard {text}: give a number and how many there are, such as 3/64")
