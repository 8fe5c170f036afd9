"""The parts of all shards as one table."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from onpu.archive.rows import ERROR, ROWS_AT_A_TIME, require_pyarrow, schema, tables_of
from onpu.archive.store import all_journals, all_parts, columns_of, lines_of, read_description
from onpu.files import Json, replacing

if TYPE_CHECKING:
    import pyarrow

GROUP_BYTES = 2**25
"""Of the rows that are written together as a row group. Each group has a description of all columns, which is in memory
until the table is finished; of a hundred thousand rows, small groups take more than the rows."""


class Merged(NamedTuple):
    """rows: of the table. failed: of them. total: recordings of the manifest."""

    rows: int
    failed: int
    total: int


def merge(folder: Path, out: Path) -> Merged:
    """Write one Parquet file with the last row of each recording of an archive.

    Raises
    ------
    DataError
        When the folder holds no archive, or a part is damaged.
    FormatError
        When the file cannot be written.
    OnpuError
        When pyarrow is not installed.
    """
    require_pyarrow()
    from pyarrow import parquet

    described, places, journals = read_description(folder), all_parts(folder), all_journals(folder)
    last: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(places):
        last |= {row["file"]: (number, at) for at, row in enumerate(columns_of(part, ["file"]))}
    for number, journal in enumerate(journals, len(places)):
        last |= {row["file"]: (number, at) for at, row in enumerate(lines_of(journal))}
    count = failures = 0
    with replacing(out) as path, parquet.ParquetWriter(str(path), schema()) as writer:
        for group in _grouped(_last_of(last, places, journals)):
            count += group.num_rows
            failures += group.column("status").to_pylist().count(ERROR)
            writer.write_table(group)
    return Merged(count, failures, described["count"])


def _last_of(last: Mapping[str, tuple[int, int]], places: list[Path], journals: list[Path]
             ) -> "Iterator[pyarrow.Table]":
    """Tables of a few rows, of those that `last` says: number of the part or journal, and place in it."""
    from pyarrow import Table, array, parquet

    for number, part in enumerate(places):
        at = 0
        for batch in parquet.ParquetFile(str(part)).iter_batches(ROWS_AT_A_TIME):
            names = batch.column("file").to_pylist()
            kept = array([last.get(name) == (number, place) for place, name in enumerate(names, at)])
            at += len(names)
            yield Table.from_batches([batch.filter(kept)], schema())
    for number, journal in enumerate(journals, len(places)):
        yield from tables_of(row for at, row in enumerate(lines_of(journal)) if last.get(row["file"]) == (number, at))


def _grouped(tables: "Iterable[pyarrow.Table]") -> "Iterator[pyarrow.Table]":
    """The same rows in tables of about `GROUP_BYTES`."""
    from pyarrow import concat_tables

    waiting, size = [], 0
    for table in tables:
        waiting.append(table)
        size += table.nbytes
        if size >= GROUP_BYTES:
            yield concat_tables(waiting)
            waiting, size = [], 0
    if waiting:
        yield concat_tables(waiting)


def last_rows(folder: Path, names: list[str]) -> Iterator[Json]:
    """Some columns of the last row of each recording; raises as `merge`."""
    require_pyarrow()
    found: dict[str, Json] = {}
    for part in all_parts(folder):
        found |= {row["file"]: row for row in columns_of(part, ["file", *names])}
    found |= {row["file"]: {name: row.get(name) for name in ("file", *names)}
              for journal in all_journals(folder) for row in lines_of(journal)}
    yield from found.values()
