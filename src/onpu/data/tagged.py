"""A user's own recordings with their tags: from the names of folders, or from a table.

    my-folder/calm/a.wav, my-folder/wild/b.mp3 …      each sub-folder is a tag of what lies in it, however deep
    my-folder/tags.csv (or tags.tsv)                  file, tag, tag …: files by their place in that folder
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from onpu.data.recordings import Item
from onpu.errors import DataError
from onpu.files import files_below
from onpu.formats.audio import AUDIO
from onpu.music import Tags, Timeline

TABLES = ("tags.csv", "tags.tsv")
OWN = (".jams", ".jamz", ".tags.csv")
"""Ends of the names of files with the labels of one recording: where such are, folders are no tags."""
SHOWN = 3
"""Names in a message."""

Table = dict[str, tuple[int, list[str]]]
"""File -> number of its line, and its tags."""


def table_of(path: Path) -> Path | None:
    """The table of tags that a path names: a file, or the one in a folder; None where there is none."""
    if path.is_file():
        return path
    return next((path / name for name in TABLES if (path / name).is_file()), None)


def tagged_items(path: Path, read: Callable[[Path], Table]) -> list[Item] | None:
    """The recordings of a folder that has a table of tags, or sub-folders with recordings; None where it has neither,
    or files of labels.

    read: reads a table (`onpu.formats.tags.read_tag_table`). Hidden files and recordings that the table does not name
    are passed over.

    Raises
    ------
    DataError
        When a file of the table is not there (with its line), or the folders are those of one tag alone.
    FormatError
        When the table is none.
    """
    table = table_of(path)
    if table is not None:
        return _from_table(table, read(table))
    files = files_below(path)
    if any(file.name.endswith(OWN) for file in files):
        return None
    sounds = [file for file in files if file.suffix.lower() in AUDIO]
    nested = [file for file in sounds if file.parent != path]
    if not nested:
        return None
    loose = [file.name for file in sounds if file.parent == path]
    if loose:
        named = f"{', '.join(loose[:SHOWN])}{' …' if loose[SHOWN:] else ''}"
        raise DataError(f"{path}: {named} lies in no sub-folder and so has no tag; put every recording into a folder "
                        "named after its tag, or name the tags in tags.csv")
    return [_item(file, list(dict.fromkeys(file.relative_to(path).parts[:-1]))) for file in nested]


def _from_table(table: Path, rows: Table) -> list[Item]:
    by_stem: dict[str, list[Path]] = {}
    for file in files_below(table.parent):
        if file.suffix.lower() in AUDIO:
            by_stem.setdefault(file.stem, []).append(file)
    items = []
    for name, (line, tags) in rows.items():
        sound = table.parent / name
        if not sound.is_file():
            found = by_stem.get(name, [])  # named without its suffix
            if len(found) != 1:
                raise DataError(f"{table}, line {line}: there is no recording {name} in {table.parent}; name files as "
                                "they lie there")
            sound = found[0]
        if sound.suffix.lower() not in AUDIO:
            raise DataError(f"{table}, line {line}: {name} is no recording; the first column names files, the others "
                            "tags")
        items.append(_item(sound, tags))
    return items


def _item(sound: Path, tags: list[str]) -> Item:
    return Item(sound.stem, sound, Timeline(0.0, tags=Tags(np.array(tags, np.str_), np.ones(len(tags)))))
