"""The parts of all shards as one table."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onpu.archive.rows import ERROR, ROWS_AT_A_TIME, require_pyarrow, schema, tables_of
from onpu.archive.store import all_journals, all_parts, columns_of, lines_of, read_description
from onpu.files import Json, replacing


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
    from pyarrow import array, parquet

    described, places, journals = read_description(folder), all_parts(folder), all_journals(folder)
    last: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(places):
        last |= {row["file"]: (number, at) for at, row in enumerate(columns_of(part, ["file"]))}
    for number, journal in enumerate(journals, len(places)):
        last |= {row["file"]: (number, at) for at, row in enumerate(lines_of(journal))}
    count = failures = 0
    with replacing(out) as path, parquet.ParquetWriter(str(path), schema()) as writer:
        for number, part in enumerate(places):
            at = 0
            for batch in parquet.ParquetFile(str(part)).iter_batches(ROWS_AT_A_TIME):
                names = batch.column("file").to_pylist()
                kept = batch.filter(array([last.get(name) == (number, place) for place, name in enumerate(names, at)]))
                at += len(names)
                count += kept.num_rows
                failures += kept.column("status").to_pylist().count(ERROR)
                writer.write_batch(kept)
        for number, journal in enumerate(journals, len(places)):
            rows = (row for at, row in enumerate(lines_of(journal)) if last.get(row["file"]) == (number, at))
            for table in tables_of(rows):
                count += table.num_rows
                failures += table.column("status").to_pylist().count(ERROR)
                writer.write_table(table)
    return Merged(count, failures, described["count"])


def last_rows(folder: Path, names: list[str]) -> Iterator[Json]:
    """Some columns of the last row of each recording; raises as `merge`."""
    require_pyarrow()
    found: dict[str, Json] = {}
    for part in all_parts(folder):
        found |= {row["file"]: row for row in columns_of(part, ["file", *names])}
    found |= {row["file"]: {name: row.get(name) for name in ("file", *names)}
              for journal in all_journals(folder) for row in lines_of(journal)}
    yield from found.values()
