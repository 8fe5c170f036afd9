"""What of an archive is done, in a folder.

    STORE/archive.json                              what was asked, by which version and weights
    STORE/rows/003-of-064/part-00001.parquet        finished rows, some hundreds a file
    STORE/rows/003-of-064/unfinished.jsonl          those since, a line each, which become the next part
    STORE/jams/003-of-064/part-00001.jsonl.gz       their JAMS, a line each, where they are asked for

A row is written before it counts, so that a run which is killed loses what its workers were at and no more; where the
power fails, it may lose the rows of the last `SYNC_SECONDS`, too, which are done again. A line that a kill has torn is
cut off before anything is written behind it.
"""

import gzip
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from onpu.archive.rows import ERROR, schema, table_of, tables_of
from onpu.errors import DataError
from onpu.files import Json, replacing, unwritable, write_text

DESCRIPTION = "archive.json"
UNFINISHED = "unfinished.jsonl"
ROWS_A_PART = 256
SYNC_SECONDS = 1.0
"""Rows that come more quickly than this wait together for the disk."""


@dataclass
class Store:
    """The rows of one shard. shard, shards: which of how many, from 1 on."""

    folder: Path
    shard: int = 1
    shards: int = 1
    rows_a_part: int = ROWS_A_PART
    journal_rows: list[tuple[str, str]] = field(default_factory=list)
    """File and status of those that are in no part yet."""
    synced: float = 0.0
    """When the disk was last waited for (`time.monotonic`)."""

    @property
    def rows(self) -> Path:
        """Folder of the shard's rows."""
        return self.folder / "rows" / f"{self.shard:03d}-of-{self.shards:03d}"

    @property
    def journal(self) -> Path:
        """The file of those rows that are in no part yet."""
        return self.rows / UNFINISHED

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
        self._cut_torn_line()
        self._drop_written_journal()
        self.journal_rows = [(row["file"], row["status"]) for row in lines_of(self.journal)]
        return done | {name for name, _ in self.journal_rows}

    def _cut_torn_line(self) -> None:
        """Leave in the journal whole lines alone."""
        if not self.journal.exists():
            return
        try:
            with self.journal.open("rb+") as file:
                end = 0
                for line in file:
                    end += len(line) if line.endswith(b"\n") else 0
                file.truncate(end)
        except OSError as error:
            raise unwritable(self.journal, error) from error

    def _drop_written_journal(self) -> None:
        """Take away a journal whose rows are the newest part: a kill came between writing the one and removing the
        other."""
        written = parts(self.rows)
        if not written or not self.journal.exists():
            return
        names = [row["file"] for row in lines_of(self.journal)]
        if names != [row["file"] for row in columns_of(written[-1], ["file"])]:
            return
        from pyarrow import parquet

        if parquet.read_table(str(written[-1])).equals(table_of(list(lines_of(self.journal)))):
            self.journal.unlink()

    def failed(self) -> set[str]:
        """Recordings of which the last row says that they could not be analysed."""
        rows = (row for part in parts(self.rows) for row in columns_of(part, ["file", "status"]))
        last = {row["file"]: row["status"] for row in rows} | dict(self.journal_rows)
        return {name for name, status in last.items() if status == ERROR}

    def add(self, row: Json) -> None:
        """Keep a row, and its JAMS if it has one, under `jams`. Raises `FormatError` where the disk is full."""
        try:
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
                file.flush()
                if time.monotonic() - self.synced >= SYNC_SECONDS:
                    os.fsync(file.fileno())
                    self.synced = time.monotonic()
        except OSError as error:
            raise unwritable(self.journal, error) from error
        self.journal_rows.append((row["file"], row["status"]))
        if len(self.journal_rows) >= self.rows_a_part:
            self.close()

    def close(self) -> None:
        """Make a part of the rows that are in none."""
        if not self.journal_rows:
            return
        from pyarrow import parquet

        number = 1 + max((int(part.stem.split("-")[1]) for part in parts(self.rows)), default=0)
        sheets = ({"file": row["file"], "jams": row["jams"]} for row in lines_of(self.journal) if row.get("jams"))
        if first := next(sheets, None):
            self.jams.mkdir(parents=True, exist_ok=True)
            with (replacing(self.jams / f"part-{number:05d}.jsonl.gz") as path,
                  gzip.open(path, "wt", encoding="utf-8") as out):
                out.writelines(json.dumps(sheet, ensure_ascii=False) + "\n" for sheet in chain([first], sheets))
        with replacing(self.rows / f"part-{number:05d}.parquet") as path:
            with parquet.ParquetWriter(str(path), schema()) as writer:
                for table in tables_of(lines_of(self.journal)):
                    writer.write_table(table)
            _on_disk(path)
        self.journal.unlink(missing_ok=True)
        self.journal_rows = []


def _on_disk(path: Path) -> None:
    """Wait until a file is on the disk, so that what it replaces may go."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


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


def all_journals(folder: Path) -> list[Path]:
    """Journals of all shards of an archive, whose rows are in no part yet."""
    return sorted((folder / "rows").glob(f"*-of-*/{UNFINISHED}"))


def lines_of(path: Path) -> Iterator[Json]:
    """Rows of a file of lines, the last of which may be torn."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and isinstance(row.get("file"), str):
                yield row
