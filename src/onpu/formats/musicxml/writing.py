"""Timeline -> MusicXML files."""

import os
from pathlib import Path
from xml.etree.ElementTree import Element

from onpu.errors import LabelError
from onpu.formats.about import spoken
from onpu.formats.musicxml.document import save
from onpu.formats.musicxml.lead_sheet import lead_sheet
from onpu.formats.musicxml.score import score
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.music.timeline import Timeline

SUFFIX, SCORE_SUFFIX = ".musicxml", ".score.musicxml"


def write_musicxml(timeline: Timeline, path: str | os.PathLike[str], title: str = "", creator: str = "",
                   options: SheetOptions = AS_USUAL) -> list[Path]:
    """Write a lead sheet where there are chords to `path`, and a score of the notes and drum hits where there are some
    beside it (song.musicxml, song.score.musicxml); return the files written: none where there are no beats.

    title: without one the name of the file. options: how it is written down.

    Raises
    ------
    LabelError
        When the timeline contradicts itself, a label is no chord or key, or a time signature cannot be written.
    FormatError
        When the place cannot be written to.
    """
    path, written = Path(path), []
    title = title or spoken(path.name.removesuffix(SUFFIX))
    for suffix, parts in musicxml_parts(timeline, options).items():
        target = path if suffix == SUFFIX else path.with_name(path.name.removesuffix(SUFFIX) + suffix)
        save(title, creator, parts, target)
        written.append(target)
    return written


def musicxml_parts(timeline: Timeline, options: SheetOptions = AS_USUAL
                   ) -> dict[str, list[tuple[Element, Element]]]:
    """The parts of the lead sheet and of the score, by the suffixes of their files, where there is something to write;
    each a `score-part` and its `part`. Raises `LabelError` as `write_musicxml`."""
    timeline.validate()
    if timeline.beats is None or not len(timeline.beats.times):
        return {}
    tuneful = timeline.chords is not None or bool(timeline.melody)
    sheets = {SUFFIX: [lead_sheet(timeline, options)]} if tuneful else {}
    parts = score(timeline, options)
    return sheets | ({SCORE_SUFFIX: parts} if parts else {})


def write_melody(timeline: Timeline, path: str | os.PathLike[str], title: str = "", creator: str = "",
                 options: SheetOptions = AS_USUAL) -> list[Path]:
    """Write the notes with the chord symbols above them, in one score; return the files written, here one. options: how
    it is written down.

    Raises `LabelError` where the timeline contradicts itself or has no beats and notes, `FormatError` where the place
    cannot be written to.
    """
    parts = score(timeline.validate(), options) if timeline.beats is not None else []
    if not parts:
        raise LabelError(f"{path}: without notes on beats there is no melody to write; give some")
    save(title or spoken(Path(path).name.removesuffix(SUFFIX)), creator, parts, Path(path))
    return [Path(path)]
