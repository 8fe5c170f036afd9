"""Tags as tables: those of one recording (`song.tags.csv`), and those of many files, as data sets have them."""

import csv
import os
from collections.abc import Iterator

import numpy as np

from onpu.errors import FormatError
from onpu.formats.tables import FILE_COLUMNS, number, read_lines
from onpu.music import Tags

SUFFIX = ".tags.csv"
HEADING = "tag,confidence"
FILE_HEADINGS = frozenset({*FILE_COLUMNS, "track", "id", "name"})
"""What the first column of a table of files may be called; a table may also have no headings."""
BETWEEN = ("\t", ";", ",")
"""What parts columns: the first of these that stands in a table's first line."""


def tag_rows(tags: Tags) -> Iterator[str]:
    """Lines of the table of one recording."""
    yield HEADING
    for label, sure in zip(map(str, tags.labels), tags.confidence.tolist(), strict=True):
        quoted = '"' + label.replace('"', '""') + '"' if set(label) & set(',;"\t') else label
        yield f"{quoted},{sure:.3f}"


def read_tags(path: str | os.PathLike[str]) -> Tags:
    """The tags of one recording: a line a tag, with its confidence where a second column has it.

    Raises
    ------
    FormatError
        When the file cannot be read, or a line has no tag or a confidence that is no number from 0 to 1 (with its
        number).
    """
    labels, sure = [], []
    for place, cells in _table(path):
        if [cell.lower() for cell in cells] in (HEADING.split(","), ["tag"]):
            continue
        try:
            sure.append(number(cells[1]) if len(cells) > 1 else 1.0)
            if not cells[0] or len(cells) > 2 or not 0 <= sure[-1] <= 1:
                raise ValueError
        except ValueError:
            raise FormatError(f"{path}, line {place}: {','.join(cells)!r} is not tag, confidence from 0 to 1") from None
        labels.append(cells[0])
    return Tags(np.array(labels, np.str_), np.array(sure, np.float64)).validate()


def read_tag_table(path: str | os.PathLike[str]) -> dict[str, tuple[int, list[str]]]:
    """The tags of many files: file -> number of its first line, and its tags, each once.

    The first column names the file, all others hold tags, or none; a file may have several lines. Headings are passed
    over where the first one is a usual name for such a column.

    Raises
    ------
    FormatError
        When the table cannot be read, or a line has no file or no tag (with its number).
    """
    found: dict[str, tuple[int, list[str]]] = {}
    for place, cells in _table(path):
        if not found and cells[0].lower() in FILE_HEADINGS:
            continue
        tags = [cell for cell in cells[1:] if cell]
        if not cells[0] or not tags:
            raise FormatError(f"{path}, line {place}: {','.join(cells)!r} is not file, tag …; give each file a tag")
        own = found.setdefault(cells[0], (place, []))[1]
        own += [tag for tag in dict.fromkeys(tags) if tag not in own]
    if not found:
        raise FormatError(f"{path}: holds no line with a file and its tags; write file, tag, tag … in each")
    return found


def _table(path: str | os.PathLike[str]) -> Iterator[tuple[int, list[str]]]:
    """Number of each line and its cells, without blanks around them."""
    lines = read_lines(path, "a table of tags")
    between = next((sign for sign in BETWEEN if lines and sign in lines[0][1]), BETWEEN[-1])
    for place, line in lines:
        yield place, [cell.strip() for cell in next(csv.reader([line], delimiter=between))]
