"""A timeline -> the one file that a path names; its suffix says in which format."""

import os
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.formats.abc import write_abc
from onpu.formats.about import spoken
from onpu.formats.audacity import SUFFIX as AUDACITY
from onpu.formats.audacity import audacity_texts
from onpu.formats.beats import write_beats
from onpu.formats.chordpro import write_chordpro
from onpu.formats.engraving.writing import save_sheet
from onpu.formats.events import EVENTS, event_texts
from onpu.formats.jams import write_jams
from onpu.formats.lab import lab_texts
from onpu.formats.lrc import write_lrc
from onpu.formats.midi import write_midi
from onpu.formats.musicxml.document import save as write_document
from onpu.formats.musicxml.writing import SCORE_SUFFIX, musicxml_parts
from onpu.formats.musicxml.writing import SUFFIX as MUSICXML
from onpu.formats.reaper import write_reaper
from onpu.formats.rekordbox import write_rekordbox
from onpu.formats.report import write_report
from onpu.formats.sonic_visualiser import layer_texts
from onpu.formats.timeline_json import write_json
from onpu.music.timeline import VALUES, Timeline

WHOLE: dict[str, Callable[[Timeline, Path], object]] = {
    ".jams": write_jams, ".json": write_json, ".mid": write_midi, ".midi": write_midi,
}
"""Formats that hold whatever is known."""
LAYERS: dict[str, tuple[str, Callable[[Timeline], dict[str, str]]]] = {
    ".lab": ("chords", lab_texts), AUDACITY: ("beats", audacity_texts), ".csv": ("beats", layer_texts),
}
"""Formats of one value a file, `song.keys.lab`: the one where none is named, and what the files of all hold."""
PARTIAL: dict[str, tuple[str, Callable[[Timeline, Path], list[Path]]]] = {
    ".beats": ("beats", write_beats), ".abc": ("beats, and a tune or chords,", write_abc),
    ".cho": ("beats and chords", write_chordpro), ".lrc": ("words that are sung", write_lrc),
    ".reaper.csv": ("sections, keys or chords", write_reaper),
}
"""Formats that hold some of it: what they need, and the function that writes nothing without."""
PAGE, COLLECTION = ".html", ".rekordbox.xml"
SHEETS = {ending: SCORE_SUFFIX if "score" in ending else MUSICXML
          for ending in (".pdf", ".svg", ".score.pdf", ".score.svg")}
"""Engraved sheets -> the suffix of what they show."""
SUFFIXES = (*WHOLE, MUSICXML, SCORE_SUFFIX, *SHEETS, PAGE, COLLECTION, *PARTIAL, *EVENTS, *LAYERS,
            ".keys.lab", ".sections.lab", ".voice.lab", ".instruments.lab", ".chords.csv")
"""What is listed where a suffix is not known."""


def save(timeline: Timeline, path: str | os.PathLike[str], recording: str | os.PathLike[str] | None = None) -> None:
    """Write one file; see `Timeline.save`."""
    if not isinstance(path, str | os.PathLike):
        raise FormatError(f"{path!r} is no path of a file; give one, such as song.jams")
    path = Path(path)
    name = path.name.lower()
    suffix = max((suffix for suffix in SUFFIXES if name.endswith(suffix)), key=len, default=None)
    if suffix is None:
        raise FormatError(f"{path}: no format has this suffix; use one of {' '.join(SUFFIXES)}")
    if recording is not None and suffix not in (PAGE, COLLECTION):
        raise FormatError(f"{path}: holds no sound; give a recording with {PAGE} or {COLLECTION} only")
    timeline.validate()
    if suffix == PAGE:
        write_report(timeline, path, recording)
    elif suffix in WHOLE:
        WHOLE[suffix](timeline, path)
    elif suffix == COLLECTION:
        write_rekordbox(timeline, path, recording)
    elif suffix in PARTIAL:
        what, writer = PARTIAL[suffix]
        if not writer(timeline, path):
            raise _missing(path, what)
    elif suffix in (MUSICXML, SCORE_SUFFIX):
        write_document(spoken(path.name[: -len(suffix)]), "", _sheet(timeline, path, suffix), path)
    elif suffix in SHEETS:
        save_sheet(_sheet(timeline, path, SHEETS[suffix]), spoken(path.name[: -len(suffix)]), path)
    elif suffix in EVENTS:
        write_text(path, _chosen(path, event_texts(timeline), suffix, EVENTS[suffix]))
    else:
        _save_layer(timeline, path, name)


def _sheet(timeline: Timeline, path: Path, suffix: str) -> list[tuple[Element, Element]]:
    """The lead sheet where there are chords and not the score is named, else the score."""
    sheets = musicxml_parts(timeline)
    parts = sheets.get(suffix) or sheets.get(SCORE_SUFFIX)
    if parts is None:
        raise _missing(path, "beats and chords, or beats and notes," if suffix == MUSICXML else "beats and notes")
    return parts


def _save_layer(timeline: Timeline, path: Path, name: str) -> None:
    tail = next(tail for tail in LAYERS if name.endswith(tail))
    default, texts = LAYERS[tail]
    named = name.removesuffix(tail).rpartition(".")[2]
    layer = named if named in VALUES else default
    write_text(path, _chosen(path, texts(timeline), layer, layer))


def _chosen(path: Path, texts: dict[str, str], key: str, layer: str) -> str:
    if key not in texts:
        raise _missing(path, layer)
    return texts[key]


def _missing(path: Path, what: str) -> LabelError:
    return LabelError(f"{path}: this timeline has no {what} for such a file; listen for them, or save what there is")
