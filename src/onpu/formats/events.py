"""Notes, melody, several pitches at once, drum hits and tags as the plain tables that transcription programs exchange.

Note events: comma-separated with a heading, as basic-pitch writes them (Spotify, 2022), with program and confidence in
place of bends. Melody: time, frequency in Hz (0: none) and confidence of every frame, as CREPE writes it (Kim et al.,
2018). Several pitches: time and all frequencies of a frame, parted by tabs, as MIREX asks for in "Multiple fundamental
frequency estimation". Drums: time, tab, General MIDI number, as ADTOF reads and writes them (Zehren et al., 2021).
"""

import os
from collections.abc import Iterator
from pathlib import Path

from onpu.files import write_text
from onpu.formats.tags import SUFFIX as TAGS
from onpu.formats.tags import tag_rows
from onpu.music import Drums, Melody, MultiF0, Notes, Timeline

SUFFIX = ".note_events.csv"
EVENTS = {SUFFIX: "notes", ".f0.csv": "melody", ".multif0.txt": "multif0", ".drums.txt": "drums", TAGS: "tags"}
"""Suffix of a file -> the value that it holds."""
NOTE_HEADING = "start_time_s,end_time_s,pitch_midi,velocity,program,confidence"
MELODY_HEADING = "time,frequency,confidence"


def write_events(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the notes to `path` and the others beside it (song.note_events.csv, song.f0.csv, song.multif0.txt,
    song.drums.txt, song.tags.csv); return the files written: none for what was not looked for.

    Raises `FormatError` when the place cannot be written to.
    """
    path = Path(path)
    stem = path.name.removesuffix(SUFFIX if path.name.endswith(SUFFIX) else path.suffix)
    written = []
    for suffix, text in event_texts(timeline).items():
        target = path if suffix == SUFFIX else path.with_name(stem + suffix)
        write_text(target, text)
        written.append(target)
    return written


def event_texts(timeline: Timeline) -> dict[str, str]:
    """What the files hold, by their suffixes."""
    tables: dict[str, Iterator[str]] = {}
    if timeline.notes is not None:
        tables[SUFFIX] = _notes(timeline.notes)
    if timeline.melody is not None:
        tables[".f0.csv"] = _melody(timeline.melody)
    if timeline.multif0 is not None:
        tables[".multif0.txt"] = _pitches(timeline.multif0)
    if timeline.drums is not None:
        tables[".drums.txt"] = _drums(timeline.drums)
    if timeline.tags is not None:
        tables[TAGS] = tag_rows(timeline.tags)
    return {suffix: "".join(f"{row}\n" for row in rows) for suffix, rows in tables.items()}


def _notes(notes: Notes) -> Iterator[str]:
    yield NOTE_HEADING
    for row in zip(*(column.tolist() for column in vars(notes).values()), strict=True):
        onset, offset, pitch, velocity, program, confidence = row
        yield f"{onset:.6f},{offset:.6f},{pitch:g},{velocity},{program},{confidence:.3f}"


def _melody(melody: Melody) -> Iterator[str]:
    yield MELODY_HEADING
    for time, hertz, confidence in zip(melody.times, melody.frequencies, melody.confidence, strict=True):
        yield f"{time:.6f},{hertz:.3f},{confidence:.3f}"


def _pitches(found: MultiF0) -> Iterator[str]:
    """A row a frame in which something sounds."""
    frames: dict[float, list[str]] = {}
    for time, hertz in zip(found.times.tolist(), found.frequencies.tolist(), strict=True):
        frames.setdefault(time, []).append(f"{hertz:.3f}")
    for time, frequencies in frames.items():
        yield "\t".join([f"{time:.6f}", *frequencies])


def _drums(drums: Drums) -> Iterator[str]:
    for time, pitch in zip(drums.times, drums.pitches.tolist(), strict=True):
        yield f"{time:.6f}\t{pitch}"
