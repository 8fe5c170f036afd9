"""The label files of a user's own recordings, and which of them a task needs. `LABELS` is the one list of them."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from onpu.data.corpus import Corpus
from onpu.data.recordings import Item, LabelFiles, advice, corpus_items, folder_items
from onpu.data.tagged import tagged_items
from onpu.errors import DataError, OnpuError
from onpu.formats.beats import read_beats
from onpu.formats.jams import read_jams
from onpu.formats.key import read_key
from onpu.formats.lab import read_lab
from onpu.formats.tags import SUFFIX as TAGS
from onpu.formats.tags import read_tag_table, read_tags

if TYPE_CHECKING:
    from onpu.task import Listener

LABELS = (
    LabelFiles("beats", (".beats", "beats.tsv"), "a line a beat: seconds, position in the bar", read_beats),
    LabelFiles("chords", (".chords.lab", ".lab", "chords.lab", "chords.tsv"), "a line a chord: start, end, C:min7/b3",
               partial(read_lab, name="chords")),
    LabelFiles("keys", (".keys.lab", "keys.lab", "keys.tsv"), "a line a region: start, end, Eb:major",
               partial(read_lab, name="keys")),
    LabelFiles("voice", (".voice.lab", "voice.lab"), "a line a stretch: start, end, 1 where someone sings, 0 elsewhere",
               partial(read_lab, name="voice")),
    LabelFiles("key", (".key", "key.txt"), "one line: Eb:major", read_key),
    LabelFiles("tags", (TAGS,), "a line a tag", read_tags),
    LabelFiles("instruments", (".instruments.lab", "instruments.lab"), "a line a stretch: start, end, instrument",
               partial(read_lab, name="instruments")),
    LabelFiles("sections", (".sections.lab", "sections.lab"), "a line a section: start, end, A or chorus",
               partial(read_lab, name="sections")),
    LabelFiles("", (".jams", ".jamz"), "", read_jams),
)
NAMES_SHOWN = 3
"""Recordings named in a note."""


def items_for(listener: "Listener", path: Path) -> list[Item]:
    """The recordings of the corpus at `path`, or those of that folder with labels for the task; a line on stderr tells
    which have none, and one each what is wrong with others. Raises `DataError` when none is left, or what is wrong with
    the first of them."""
    if (path / "corpus.json").exists():
        return corpus_items(Corpus.open(path))
    needs = _needs(listener)
    if listener.label == "tags" and (tagged := tagged_items(path, read_tag_table)) is not None:
        return tagged
    wrong: list[OnpuError] = []
    try:
        items, without = folder_items(path, LABELS, {*listener.fields, *listener.reads}, needs, wrong.append)
    except DataError:
        if wrong:
            raise wrong[0] from None
        raise
    for error in wrong:
        typer.echo(f"onpu: {error}; this recording is left out", err=True)
    if without:
        named = ", ".join(str(sound.relative_to(path)) for sound in without[:NAMES_SHOWN])
        typer.echo(f"onpu: {path}: {len(without)} of {len(without) + len(items)} recordings have no "
                   f"{' or '.join(needs)} and are left out: {named}{' …' if without[NAMES_SHOWN:] else ''}", err=True)
    return items


def files_for(listener: "Listener") -> str:
    """The label files from which the task can learn, in words."""
    usual = advice(LABELS, _needs(listener))
    return f"a sub-folder for each tag, tags.csv (file, tag, tag …), or {usual}" if listener.label == "tags" else usual


def _needs(listener: "Listener") -> tuple[str, ...]:
    return listener.needs or (listener.label,)
