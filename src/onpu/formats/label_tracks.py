"""A timeline as tracks of labels, the common ground of Audacity's label tracks and Sonic Visualiser's layers."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.music import Beats, Chords, Instruments, Keys, Sections, Timeline, Voice
from onpu.music.spelling import names, parse_key
from onpu.music.symbols import label_of

log = logging.getLogger(__name__)

Labelled = Beats | Keys | Chords | Sections | Voice | Instruments
SEGMENTS: dict[str, type[Keys | Chords | Sections | Voice | Instruments]] = {
    "keys": Keys, "chords": Chords, "sections": Sections, "voice": Voice, "instruments": Instruments,
}


class Label(NamedTuple):
    """A labelled stretch of time; in seconds; a point when both are equal."""

    start: float
    end: float
    text: str


def label_tracks(timeline: Timeline) -> dict[str, list[Label]]:
    """Name of the value -> labels: beats (their positions in the bar), metre, onsets, drums (points), keys, chords,
    sections, voice, instruments, notes (their names), pedal (stretches)."""
    tracks = {}
    if (beats := timeline.beats) is not None:
        tracks["beats"] = _points(beats.times, [str(p) if p else "" for p in beats.positions])
    if (metre := timeline.metre) is not None:
        signatures = zip(metre.numerators, metre.denominators, strict=True)
        tracks["metre"] = _points(metre.times, [f"{numerator}/{denominator}" for numerator, denominator in signatures])
    if (onsets := timeline.onsets) is not None:
        tracks["onsets"] = _points(onsets.times, [""] * len(onsets.times))
    if (drums := timeline.drums) is not None:
        tracks["drums"] = _points(drums.times, [str(pitch) for pitch in drums.pitches])
    for name in SEGMENTS:
        if (found := getattr(timeline, name)) is not None:
            columns = zip(found.starts.tolist(), found.ends.tolist(), map(str, found.labels), strict=True)
            tracks[name] = [Label(*row) for row in columns]
    if (notes := timeline.notes) is not None:
        rows = zip(notes.onsets.tolist(), notes.offsets.tolist(), notes.pitches.tolist(), strict=True)
        tracks["notes"] = [Label(on, off, _pitch_name(pitch, timeline)) for on, off, pitch in rows]
    if (pedal := timeline.pedal) is not None:
        tracks["pedal"] = [Label(start, end, "") for start, end in zip(pedal.starts, pedal.ends, strict=True)]
    return tracks


def _pitch_name(pitch: float, timeline: Timeline) -> str:
    """`Eb4`, spelled in the key of the whole; middle C is C4."""
    label = "C:major" if timeline.key is None or not len(timeline.key.labels) else str(timeline.key.labels[0])
    name = names(*parse_key(label))[round(pitch) % 12]
    return f"{name}{(round(pitch) - name.count('#') + name.count('b')) // 12 - 1}"


def value_of(name: str, labels: Sequence[Label], source: str | os.PathLike[str] = "labels") -> Labelled:
    """Inverse of `label_tracks` for beats, keys, chords, sections, voice and instruments; confidence 1, ordered by
    time.

    Segments that overlap by no more than a quarter of the shorter one end where the next begins, and a warning says so.
    source: the file that messages name.

    Raises
    ------
    FormatError
        When `name` is none of these.
    LabelError
        When the labels contradict each other.
    """
    labels = sorted(labels)
    starts = np.array([label.start for label in labels], np.float64)
    if name == "beats":
        positions = [int(label.text) if label.text.isdecimal() else 0 for label in labels]
        return Beats.of(starts, np.array(positions, np.int64)).validate()
    if name not in SEGMENTS:
        raise FormatError(f"cannot read {name!r} from labels; known: beats, {', '.join(SEGMENTS)}")
    ends = np.array([label.end for label in labels], np.float64)
    over = np.flatnonzero(ends[:-1] > starts[1:]) if name != "instruments" else np.zeros(0, int)
    shorter = np.minimum(ends[:-1] - starts[:-1], ends[1:] - starts[1:])[over]
    if len(over) and (ends[over] - starts[over + 1] <= shorter / 4).all():
        log.warning("%s: %d segments overlap with the next, the first at %.2f s; they end where that begins", source,
                    len(over), starts[over[0] + 1])
        ends[over] = starts[over + 1]
    texts = np.array([_chord(label.text) if name == "chords" else label.text for label in labels], np.str_)
    return SEGMENTS[name](starts, ends, texts, np.ones(len(labels))).validate()


def _chord(text: str) -> str:
    """A chord in the syntax of labels, also where the file has it as people write it; what is none stays, for those who
    read it to refuse."""
    try:
        return label_of(text)
    except LabelError:
        return text


def track_path(path: Path, name: str, suffix: str) -> Path:
    """The file of a track beside that of the beats, which has `path` itself: song.csv -> song.chords.csv."""
    if name == "beats":
        return path
    tail = suffix if path.name.endswith(suffix) else path.suffix
    return path.with_name(f"{path.name.removesuffix(tail)}.{name}{tail}")


def _points(times: np.ndarray, texts: list[str]) -> list[Label]:
    return [Label(time, time, text) for time, text in zip(times.tolist(), texts, strict=True)]
