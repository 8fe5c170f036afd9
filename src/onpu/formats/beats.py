"""Beats as a table, the `.beats` files of the field: a line a beat, time in seconds, tab, position in the bar."""

import os
import re
from pathlib import Path

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.formats.tables import number, read_lines
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


def _decimal_commas(lines: list[str]) -> bool:
    """Whether commas stand inside numbers: no number has a point, and they stand between digits beside other
    separators, or what follows them is no position in a bar."""
    found = [line.strip() for line in lines if re.search(r"\d,\d", line)]
    if not found or any("." in line for line in lines):
        return False
    after = [line.rpartition(",")[2] for line in found]
    return any(set(line) & set(" \t;") for line in found) or any(
        not text.isdecimal() or len(text) > 2 or text[0] == "0" for text in after)


def read_beats(path: str | os.PathLike[str]) -> Beats:
    """Read one beat a line: its time in seconds and, if known, its position in the bar (`1`, `1.0`), confidence 1.

    Columns are parted by tabs, blanks, semicolons or commas; columns beyond the second, empty lines and lines that
    begin with `#` are passed over. Times may have decimal commas, where a point stands nowhere in the file.

    Raises
    ------
    FormatError
        When the file cannot be read or a line is not of this form (with its number).
    LabelError
        When the times do not ascend.
    """
    times, positions = [], []
    lines = read_lines(path, "a table of beats")
    decimal = _decimal_commas([line for _, line in lines])
    for place, line in lines:
        cells = (line if decimal else line.replace(",", " ")).replace(";", " ").split()
        try:
            times.append(number(cells[0]))
            positions.append(int(number(cells[1])) if len(cells) > 1 else 0)
        except (ValueError, OverflowError, IndexError):
            text = line.strip()
            raise FormatError(f"{path}, line {place}: {text!r} is not a time and a position in the bar") from None
    try:
        return Beats.of(np.array(times, dtype=np.float64), np.array(positions, dtype=np.int64)).validate()
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
