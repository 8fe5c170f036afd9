"""Music <-> files. Each module knows one format; `WRITERS` and `write` are the door for those who name it by a word."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from onpu.errors import FormatError, suggestion
from onpu.formats.abc import write_abc
from onpu.formats.about import UNKNOWN, About
from onpu.formats.audacity import write_audacity
from onpu.formats.beats import write_beats
from onpu.formats.chordpro import write_chordpro
from onpu.formats.engraving import write_pdf, write_svg
from onpu.formats.events import write_events
from onpu.formats.jams import write_jams
from onpu.formats.lab import write_lab
from onpu.formats.lrc import write_lrc
from onpu.formats.midi import PLAIN, MidiLayout, write_midi
from onpu.formats.musicxml import write_musicxml
from onpu.formats.reaper import write_reaper
from onpu.formats.rekordbox import write_rekordbox
from onpu.formats.report import write_report
from onpu.formats.sonic_visualiser import write_sonic_visualiser
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.music.timeline import Timeline

WRITERS: dict[str, tuple[str, Callable[..., list[Path]]]] = {
    "jams": (".jams", write_jams),
    "midi": (".mid", write_midi),
    "beats": (".beats", write_beats),
    "lab": (".chords.lab", write_lab),
    "musicxml": (".musicxml", write_musicxml),
    "pdf": (".pdf", write_pdf),
    "svg": (".svg", write_svg),
    "audacity": (".audacity.txt", write_audacity),
    "csv": (".csv", write_sonic_visualiser),
    "events": (".note_events.csv", write_events),
    "abc": (".abc", write_abc),
    "chordpro": (".cho", write_chordpro),
    "lrc": (".lrc", write_lrc),
    "reaper": (".reaper.csv", write_reaper),
    "rekordbox": (".rekordbox.xml", write_rekordbox),
    "html": (".html", write_report),
}
"""Name of a format -> suffix of its files, and the function that writes a timeline to a path and returns the files it
made."""
SOUNDING = frozenset({"html", "rekordbox"})
"""Formats that hold the sound, or where it lies: their functions take the recording's path, or None, as a third
argument."""
SHEETS = frozenset({"musicxml", "pdf", "svg"})
"""Formats that show written music: their functions take options of how."""


def write(timeline: Timeline, folder: str | os.PathLike[str], stem: str, formats: Iterable[str],
          recording: str | os.PathLike[str] | None = None, midi: MidiLayout = PLAIN,
          about: About = UNKNOWN, sheet: SheetOptions = AS_USUAL) -> list[Path]:
    """Write folder/stem.SUFFIX in every format; the folder is made if need be. Return the files written.

    recording: path of the sound that the timeline is of, for the formats that hold it; without it they are silent.
    midi: what MIDI files are for. about: title and artist, for the formats that hold them. sheet: how
    music is written down.

    Raises
    ------
    AudioError
        When a format needs the recording and it cannot be read.
    FormatError
        When a format is not known (before anything is written), or a file cannot be written.
    LabelError
        When a format cannot hold the labels.
    """
    formats = list(dict.fromkeys(formats))
    unknown = [name for name in formats if name not in WRITERS]
    if unknown:
        raise FormatError(f"no format is called {unknown[0]}; {suggestion(unknown[0], WRITERS)}")
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    written = []
    for name in formats:
        suffix, writer = WRITERS[name]
        more = (recording,) if name in SOUNDING else (midi,) if name == "midi" else ()
        chosen = {"options": sheet} if name in SHEETS else {}
        written += writer(timeline, folder / f"{stem}{suffix}", *more, **chosen, **_titled(name, about))
    return written


def _titled(name: str, about: About) -> dict[str, str]:
    """The arguments by which a format's function is told title and artist."""
    match name:
        case "jams" | "abc" | "chordpro" | "lrc" | "rekordbox":
            said = {"title": about.title, "artist": about.artist}
        case "musicxml" | "svg" | "pdf":
            said = {"title": about.title, "creator": about.artist}
        case "midi":
            said = {"title": about.title}
        case "html":
            said = {"title": about.line}
        case _:
            said = {}
    return {word: text for word, text in said.items() if text}
