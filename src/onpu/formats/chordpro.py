"""Chord charts in ChordPro 6: headings, sections, and grids of four bars a line.

    {title: Song}
    {key: Am}
    {start_of_grid: label="verse"}
    | Am . . . | F . G . | C . . . | G . . . |
    {end_of_grid}

A cell is a beat; a chord stands in the cell where it begins, `.` where the one before goes on. (ChordPro: "Directives:
start_of_grid".) Of two chords in a beat the first is written.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from onpu.errors import LabelError
from onpu.files import write_text
from onpu.music import Timeline
from onpu.music.bars import bars
from onpu.music.camelot import short_key
from onpu.music.printed import PLACES, printed_chords
from onpu.music.signatures import keys_of
from onpu.music.symbols import symbol

SUFFIX = ".cho"
BARS_A_LINE = 4


def write_chordpro(timeline: Timeline, path: str | os.PathLike[str], title: str = "", artist: str = "") -> list[Path]:
    """Write the chart; nothing where there are no beats or chords. Return the files written. Raises `FormatError`,
    `LabelError` as the other formats."""
    text = chordpro_text(timeline, title or Path(path).name.removesuffix(SUFFIX), artist)
    if text is None:
        return []
    write_text(path, text)
    return [Path(path)]


def chordpro_text(timeline: Timeline, title: str = "", artist: str = "") -> str | None:
    """The chart of a timeline; None without beats or chords. Raises `LabelError` where a label is no chord or key."""
    if timeline.beats is None or timeline.chords is None:
        return None
    found = bars(timeline)
    if not len(found.numbers):
        return None
    symbols = printed_chords(found, timeline.chords, keys_of(found, timeline))
    cells = [["."] * int(count) for count in found.beats]
    for one in reversed(symbols):  # so that the first of a beat stays
        cells[one.bar][min(one.place // PLACES, len(cells[one.bar]) - 1)] = symbol(one.label).replace("N.C.", "NC")
    lines = [f"{{{name}: {value}}}" for name, value in _headings(timeline, title, artist) if value]
    for name, first, last in _parts(timeline, found.starts):
        lines.append(f'\n{{start_of_grid: label="{name}"}}' if name else "\n{start_of_grid}")
        for start in range(first, last, BARS_A_LINE):
            row = [" ".join(bar) for bar in cells[start : min(start + BARS_A_LINE, last)]]
            lines.append(f"| {' | '.join(row)} |")
        lines.append("{end_of_grid}")
    return "\n".join(lines) + "\n"


def _headings(timeline: Timeline, title: str, artist: str) -> Iterator[tuple[str, str]]:
    """Directives of the head and their values."""
    yield "title", title
    yield "artist", artist
    if timeline.key is not None and len(timeline.key.labels):
        try:
            yield "key", short_key(str(timeline.key.labels[0]))
        except LabelError:
            pass
    if timeline.tempo is not None and len(timeline.tempo.bpm):
        yield "tempo", f"{float(timeline.tempo.bpm[0]):.0f}"
    if timeline.metre is not None and len(timeline.metre.times):
        yield "time", f"{timeline.metre.numerators[0]}/{timeline.metre.denominators[0]}"


def _parts(timeline: Timeline, starts: np.ndarray) -> Iterator[tuple[str, int, int]]:
    """Label, first bar and bar after the last of each section; one without a label where there are none."""
    sections = timeline.sections
    if sections is None or not len(sections.starts):
        yield "", 0, len(starts)
        return
    first = np.abs(starts[:, None] - sections.starts).argmin(axis=0)
    edges = [0, *first[1:].tolist(), len(starts)]
    for label, begin, end in zip(map(str, sections.labels), edges[:-1], edges[1:], strict=True):
        if end > begin:
            yield " ".join(label.replace('"', "'").split()), begin, end
