"""What of an archive is done, in a folder.

    STORE/archive.json                              what was asked, by which version and weights
    STORE/rows/003-of-064/part-00001.parquet        finished rows, some hundreds a file
    STORE/rows/003-of-064/unfinished.jsonl          those since, a line each, which become the next part
    STORE/jams/003-of-064/part-00001.jsonl.gz       their JAMS, a line each, where they are asked for

A row is on the disk before the next is begun, so that a run which is killed loses what its workers were at and no more.
"""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from onpu.archive.rows import ERROR, table_of
from onpu.errors import DataError
from onpu.files import Json, replacing, unwritable, write_text

DESCRIPTION = "archive.json"
UNFINISHED = "unfinished.jsonl"
ROWS_A_PART = 256


@dataclass
class Store:
    """The rows of one shard. shard, shards: which of how many, from 1 on."""

    folder: Path
    shard: int = 1
    shards: int = 1
    rows_a_part: int = ROWS_A_PART
    held: list[Json] = field(default_factory=list)

    @property
    def rows(self) -> Path:
        """Folder of the shard's rows."""
        return self.folder / "rows" / f"{self.shard:03d}-of-{self.shards:03d}"

    @property
    def jams(self) -> Path:
        """Folder of the shard's JAMS."""
        return self.folder / "jams" / self.rows.name

    def open(self, asked: Json) -> set[str]:
        """Begin, or go on where an earlier run ended; the recordings that are done.

        Parameters
        ----------
        asked
            What the rows depend on: options, version, weights, manifest.

        Raises
        ------
        DataError
            When the folder holds an archive of something else.
        FormatError
            When it cannot be written to.
        """
        place = self.folder / DESCRIPTION
        try:
            self.rows.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(self.rows, error) from error
        plain = json.loads(json.dumps(asked))
        if place.exists():
            changed = sorted(name for name, value in plain.items() if read_description(self.folder).get(name) != value)
            if changed:
                raise DataError(f"{self.folder}: holds an archive made with other {', '.join(changed)}; choose another "
                                "--out, or delete it")
        else:
            write_text(place, json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
        done = {row["file"] for part in parts(self.rows) for row in columns_of(part, ["file"])}
        self.held = list(_lines(self.rows / UNFINISHED))
        return done | {row["file"] for row in self.held}

    def failed(self) -> set[str]:
        """Recordings of which the last row says that they could not be analysed."""
        rows = (row for part in parts(self.rows) for row in columns_of(part, ["file", "status"]))
        last = {row["file"]: row["status"] for row in (*rows, *self.held)}
        return {name for name, status in last.items() if status == ERROR}

    def add(self, row: Json) -> None:
        """Keep a row, and its JAMS if it has one, under `jams`. Raises `FormatError` where the disk is full."""
        place = self.rows / UNFINISHED
        try:
            with place.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(place, error) from error
        self.held.append(row)
        if len(self.held) >= self.rows_a_part:
            self.close()

    def close(self) -> None:
        """Make a part of the rows that are in none."""
        if not self.held:
            return
        from pyarrow import parquet

        number = 1 + max((int(part.stem.split("-")[1]) for part in parts(self.rows)), default=0)
        sheets = [(row["file"], row.pop("jams")) for row in self.held if row.get("jams") is not None]
        if sheets:
            self.jams.mkdir(parents=True, exist_ok=True)
            with (replacing(self.jams / f"part-{number:05d}.jsonl.gz") as path,
                  gzip.open(path, "wt", encoding="utf-8") as out):
                out.writelines(json.dumps({"file": name, "jams": jams}, ensure_ascii=False) + "\n"
                               for name, jams in sheets)
        with replacing(self.rows / f"part-{number:05d}.parquet") as path:
            parquet.write_table(table_of(self.held), str(path))
        (self.rows / UNFINISHED).unlink(missing_ok=True)
        self.held = []


def read_description(folder: Path) -> Json:
    """What an archive was asked for. Raises `DataError` where the folder holds none."""
    try:
        found: Json = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}: is no archive; make one: onpu batch MANIFEST -o {folder}") from error
    return found


def parts(folder: Path) -> list[Path]:
    """Parts of rows in a folder, in order."""
    return sorted(folder.glob("part-*.parquet"))


def columns_of(part: Path, names: list[str]) -> list[Json]:
    """Some columns of a part, a dict a row. Raises `DataError` where it is damaged."""
    import pyarrow
    from pyarrow import parquet

    try:
        found: list[Json] = parquet.read_table(str(part), columns=names).to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"{part}: is damaged; delete it, and its recordings are done again") from error
    return found


def all_parts(folder: Path) -> list[Path]:
    """Parts of all shards of an archive."""
    return [part for shard in sorted((folder / "rows").glob("*-of-*")) for part in parts(shard)]


def unfinished(folder: Path) -> Iterator[Json]:
    """Rows of all shards that are in no part yet."""
    for path in sorted((folder / "rows").glob(f"*-of-*/{UNFINISHED}")):
        yield from _lines(path)


def _lines(path: Path) -> Iterator[Json]:
    """Rows of a file of lines, the last of which may be torn."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("file"), str):
            yield row
