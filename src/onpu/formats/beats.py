"""Beats as a table, the `.beats` files of the field: a line a beat, time in seconds, tab, position in the bar."""

import os
from pathlib import Path

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.music.beats import Beats
from onpu.music.timeline import Timeline


def write_beats(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the beats with microseconds; return the files written: none where beats were not looked for.

    Raises `FormatError` when the place cannot be written to.
    """
    if timeline.beats is None:
        return []
    rows = zip(timeline.beats.times, timeline.beats.positions, strict=True)
    write_text(path, "".join(f"{time:.6f}\t{position}\n" for time, position in rows))
    return [Path(path)]


def read_beats(path: str | os.PathLike[str]) -> Beats:
    """Read one beat a line: its time in seconds and, if known, its position in the bar (`1`, `1.0`), confidence 1.

    Columns are parted by tabs, blanks or commas; columns beyond the second, empty lines and lines that begin with `#`
    are passed over.

    Raises
    ------
    FormatError
        When the file cannot be read or a line is not of this form (with its number).
    LabelError
        When the times do not ascend.
    """
    times, positions = [], []
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as a table of beats ({error})") from error
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            columns = line.replace(",", " ").split()
            try:
                times.append(float(columns[0]))
                positions.append(int(float(columns[1])) if len(columns) > 1 else 0)
            except (ValueError, OverflowError):
                text = line.strip()
                raise FormatError(f"{path}, line {number}: {text!r} is not a time and a position in the bar") from None
    try:
        return Beats.of(np.array(times, dtype=np.float64), np.array(positions, dtype=np.int64)).validate()
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
