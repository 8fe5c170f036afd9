"""The parts of all shards as one table."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onpu.archive.rows import ERROR, require_pyarrow, schema, table_of
from onpu.archive.store import all_parts, columns_of, read_description, unfinished
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

    described, places = read_description(folder), all_parts(folder)
    late = list(unfinished(folder))
    last: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(places):
        last |= {row["file"]: (number, at) for at, row in enumerate(columns_of(part, ["file"]))}
    last |= {row["file"]: (len(places), at) for at, row in enumerate(late)}
    failures = 0
    with replacing(out) as path, parquet.ParquetWriter(str(path), schema()) as writer:
        for number, part in enumerate(places):
            table = parquet.read_table(str(part))
            table = table.filter(array([last[name] == (number, at)
                                        for at, name in enumerate(table.column("file").to_pylist())]))
            failures += table.column("status").to_pylist().count(ERROR)
            writer.write_table(table)
        rows = [row for at, row in enumerate(late) if last[row["file"]] == (len(places), at)]
        failures += sum(row["status"] == ERROR for row in rows)
        writer.write_table(table_of(rows))
    return Merged(len(last), failures, described["count"])


def last_rows(folder: Path, names: list[str]) -> Iterator[Json]:
    """Some columns of the last row of each recording; raises as `merge`."""
    require_pyarrow()
    found: dict[str, Json] = {}
    for part in all_parts(folder):
        found |= {row["file"]: row for row in columns_of(part, ["file", *names])}
    found |= {row["file"]: {name: row.get(name) for name in ("file", *names)} for row in unfinished(folder)}
    yield from found.values()
