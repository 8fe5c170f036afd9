"""A row a recording: whether it was analysed, a summary in plain columns, and all that was found as nested ones.

file, status (`ok`, `error`), error, attempts, seconds, onpu, weights; duration, tempo, key, metre, bars, form, tags,
instruments; and beats, chords, keys, notes …, each a struct of lists as `Timeline.to_dict` has them, null where it was
not looked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import islice
from typing import TYPE_CHECKING, get_type_hints

import numpy as np

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.music import Timeline
from onpu.music.arrays import Integers, Texts
from onpu.music.headline import main_key, main_tempo, time_signatures
from onpu.music.timeline import VALUES

if TYPE_CHECKING:
    import pyarrow

OK, ERROR = "ok", "error"
ROWS_AT_A_TIME = 32
"""So many are in memory while a table is written."""
PLAIN = {"file": "string", "status": "string", "error": "string", "attempts": "int32", "seconds": "float32",
         "onpu": "string", "weights": "list", "duration": "float64", "tempo_bpm": "float32", "key_label": "string",
         "time_signature": "string", "bars": "int32", "form": "list", "words": "list", "players": "list"}
"""Column -> type; `list`: of texts."""


def summary_of(timeline: Timeline) -> Json:
    """The plain columns of a timeline, None where there is nothing."""
    sections = timeline.sections
    return {
        "duration": float(timeline.duration), "tempo_bpm": main_tempo(timeline), "key_label": main_key(timeline),
        "time_signature": next(iter(time_signatures(timeline)), None),
        "bars": len(timeline.beats.downbeats) if timeline.beats is not None else None,
        "form": sections.labels.tolist() if sections is not None else None,
        "words": timeline.tags.labels.tolist() if timeline.tags is not None else None,
        "players": timeline.instruments.names() if timeline.instruments is not None else None}


def require_pyarrow() -> None:
    """Raise `OnpuError` where Parquet cannot be written."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise OnpuError("archives are written as Parquet, which needs pyarrow; pip install 'onpu[archive]'") from None


def schema() -> "pyarrow.Schema":
    """Columns and their types, the same whatever was listened for, so that parts of all shards are one table."""
    import pyarrow

    plain = {"list": pyarrow.list_(pyarrow.string()), "string": pyarrow.string(), "int32": pyarrow.int32(),
             "float32": pyarrow.float32(), "float64": pyarrow.float64()}
    columns = [(name, plain[kind]) for name, kind in PLAIN.items()]
    for name, kind in VALUES.items():
        hints = get_type_hints(kind)
        inside = []
        for field in fields(kind):
            found = pyarrow.string() if hints[field.name] == Texts else (
                pyarrow.int64() if hints[field.name] == Integers else pyarrow.float64())
            nested = pyarrow.list_(found)
            inside.append((field.name, nested if field.default_factory is MISSING else pyarrow.list_(nested)))
        columns.append((name, pyarrow.struct(inside)))
    return pyarrow.schema(columns)


def table_of(rows: Sequence[Mapping[str, object]]) -> "pyarrow.Table":
    """Rows as a table of the schema."""
    import pyarrow

    return pyarrow.Table.from_pylist([dict(row) for row in rows], schema=schema())


def tables_of(rows: Iterable[Mapping[str, object]]) -> "Iterator[pyarrow.Table]":
    """Rows as tables of `ROWS_AT_A_TIME`, so that few are in memory at once."""
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_A_TIME)):
        yield table_of(some)


def timeline_of(row: Mapping[str, object]) -> Timeline:
    """The timeline of a row that was read from Parquet. Raises `LabelError` for one that failed."""
    content: Json = {"duration": row["duration"]}
    for name in VALUES:
        value = row.get(name)
        if isinstance(value, Mapping):
            content[name] = {column: values for column, values in value.items() if values is not None}
    return Timeline.from_dict(content)


def failed(file: str, error: str, attempts: int, seconds: float) -> Json:
    """The row of a recording that could not be analysed."""
    return {"file": file, "status": ERROR, "error": error, "attempts": attempts, "seconds": seconds}


def equal(one: Mapping[str, object], other: Mapping[str, object], tolerance: float = 1e-5) -> bool:
    """Whether two rows say the same, numbers within a tolerance; how long it took, and attempts, aside."""
    left, right = ({name: value for name, value in row.items() if name not in ("seconds", "attempts")}
                   for row in (one, other))
    return _same(left, right, tolerance)


def _same(one: object, other: object, tolerance: float) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = {name for row in (one, other) for name, value in row.items() if value is not None}
        return all(_same(one.get(name), other.get(name), tolerance) for name in names)
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=0, atol=tolerance, equal_nan=True))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    return one == other
