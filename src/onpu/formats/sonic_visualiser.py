"""Sonic Visualiser's annotation layers as comma-separated values, one layer a file, times in seconds, no heading.

Time instants: time, label. Time values: time, value. Regions: time, value, duration, label. Notes: time, MIDI pitch,
duration, level (0 to 1), label. (Sonic Visualiser, reference manual, "Importing and exporting annotation layers".)
"""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from onpu.errors import FormatError, LabelError
from onpu.files import write_text
from onpu.formats.label_tracks import SEGMENTS, Label, Labelled, label_tracks, track_path, value_of
from onpu.formats.tables import number, read_lines
from onpu.music import Timeline

SUFFIX = ".csv"

Row = tuple[str | float | int, ...]


def write_sonic_visualiser(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the beats to `path` and each other layer beside it (song.chords.csv); return the files.

    Raises `FormatError` when the place cannot be written to.
    """
    written = []
    for name, text in layer_texts(timeline).items():
        target = track_path(Path(path), name, SUFFIX)
        write_text(target, text)
        written.append(target)
    return written


def layer_texts(timeline: Timeline) -> dict[str, str]:
    """What the files of the layers hold, by the layers' names."""
    texts = {}
    for name, rows in _layers(timeline).items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        texts[name] = text.getvalue()
    return texts


def _layers(timeline: Timeline) -> dict[str, Iterable[Row]]:
    layers: dict[str, Iterable[Row]] = {}
    for name, labels in label_tracks(timeline).items():
        stretches = name in SEGMENTS or name == "pedal"
        layers[name] = _regions(labels) if stretches else [(_seconds(x.start), x.text) for x in labels]
    if (tempo := timeline.tempo) is not None:
        layers["tempo"] = [(_seconds(t), round(v, 3)) for t, v in zip(tempo.times, tempo.curve.tolist(), strict=True)]
    if (melody := timeline.melody) is not None:
        pairs = zip(melody.times, melody.frequencies.tolist(), strict=True)
        layers["melody"] = [(_seconds(t), round(hertz, 3)) for t, hertz in pairs if hertz > 0]
    if (notes := timeline.notes) is not None:
        columns = (notes.onsets, notes.offsets, notes.pitches.tolist(), notes.velocities.tolist())
        layers["notes"] = [(_seconds(on), pitch, _seconds(off - on), round(velocity / 127, 3), "")
                           for on, off, pitch, velocity in zip(*columns, strict=True)]
    return layers


def _regions(labels: list[Label]) -> Iterable[Row]:
    """Rows of regions; equal labels have equal values, numbered as they first appear, which sets their height."""
    values = {text: i for i, text in enumerate(dict.fromkeys(label.text for label in labels))}
    return [(_seconds(x.start), values[x.text], _seconds(x.end - x.start), x.text) for x in labels]


def _seconds(time: float) -> str:
    return f"{time:.6f}"


def read_sonic_visualiser(path: str | os.PathLike[str], name: str = "beats") -> Labelled:
    """Read time instants as beats, or regions as keys, chords, sections or voice; confidence 1.

    Columns may be parted by semicolons, with decimal commas. A first line that does not begin with a number is a
    heading.

    Raises
    ------
    FormatError
        When the file cannot be read, is no such layer (with the line), or `name` is not known.
    LabelError
        When the labels contradict each other.
    """
    what = "comma-separated values"
    lines = [line for _, line in read_lines(path, what)]
    semicolons = bool(lines) and all(";" in line for line in lines)
    try:
        rows = list(csv.reader(lines, delimiter=";" if semicolons else ","))
    except csv.Error as error:
        raise FormatError(f"{path}: cannot be read as {what} ({error})") from error
    labels = []
    for place, row in enumerate(rows, start=1):
        if not row or (place == 1 and not _is_number(row[0])):
            continue
        try:
            labels.append(_label(row, name))
        except (ValueError, IndexError):
            line, layer = ",".join(row), "time,value,duration,label" if name in SEGMENTS else "time,label"
            raise FormatError(f"{path}, line {place}: {line!r} is not {layer}") from None
    try:
        return value_of(name, labels, path)
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error


def _label(row: list[str], name: str) -> Label:
    start = number(row[0])
    if name in SEGMENTS:
        return Label(start, start + number(row[2]), row[3])
    return Label(start, start, row[1].strip() if len(row) > 1 else "")


def _is_number(text: str) -> bool:
    try:
        number(text)
    except ValueError:
        return False
    return True
