"""Audacity's label tracks: a line a label, start, tab, end, tab, text, times in seconds."""

import os
from pathlib import Path

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.formats.label_tracks import Label, Labelled, label_tracks, track_path, value_of
from onpu.formats.tables import number, read_lines
from onpu.music import Timeline

SUFFIX = ".audacity.txt"


def write_audacity(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the beats to `path` and each other track of labels beside it (song.chords.audacity.txt); return the files.

    Raises `FormatError` when the place cannot be written to.
    """
    written = []
    for name, text in audacity_texts(timeline).items():
        target = track_path(Path(path), name, SUFFIX)
        write_text(target, text)
        written.append(target)
    return written


def audacity_texts(timeline: Timeline) -> dict[str, str]:
    """What the files of the tracks hold, by the tracks' names, with microseconds."""
    return {name: "".join(f"{start:.6f}\t{end:.6f}\t{' '.join(text.split())}\n" for start, end, text in labels)
            for name, labels in label_tracks(timeline).items()}


def read_audacity(path: str | os.PathLike[str], name: str = "beats") -> Labelled:
    """Read a label track as the timeline's value `name`: beats, keys, chords, sections or voice; confidence 1.

    Lines that begin with a backslash (Audacity's frequency ranges) are passed over.

    Raises
    ------
    FormatError
        When the file cannot be read, is no label track (with the line), or `name` is not known.
    LabelError
        When the labels contradict each other.
    """
    labels = []
    for place, line in read_lines(path, "a label track"):
        if not line.startswith("\\"):
            try:
                start, end, *text = line.split("\t", 2)
                labels.append(Label(number(start), number(end), text[0].strip() if text else ""))
            except ValueError:
                raise FormatError(f"{path}, line {place}: {line!r} is not start, tab, end, tab, text") from None
    try:
        return value_of(name, labels, path)
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
