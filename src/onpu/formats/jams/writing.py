"""Timeline -> JAMS."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from onpu.errors import LabelError
from onpu.files import Json, write_pieces
from onpu.music import Drums, Key, MultiF0, Notes, Timeline
from onpu.music.segments import RankedSegments, Segments
from onpu.music.spelling import MINOR_MODES, parse_key
from onpu.version import __version__

JAMS_VERSION = "0.3.5"

DEGREES = r"\(\*?[b#]*(?:1[0-3]?|[1-9])(?:,\*?[b#]*(?:1[0-3]?|[1-9]))*\)"
QUALITY = "maj|min|dim|aug|1|5|sus2|sus4|maj6|min6|(?:maj|min)?(?:7|9|11|13)|dim7|hdim7|minmaj7|aug7"
CHORD = re.compile(rf"[NX]|[A-G](?:b*|#*)(?::(?:(?:{QUALITY})(?:{DEGREES})?|{DEGREES}))?(?:/[b#]*(?:1[0-3]?|[1-9]))?")
WHOLE, PLAYED = "whole", "played"
"""What a `key_mode` annotation of one key for the whole recording, and an `onset` annotation that only repeats notes
and drum hits, say in their sandbox, as `scope`."""
PIECE = 10_000
"""Values of a long column that are written at a time: a contour of hours has a million."""
KEY = re.compile("N|[A-G][b#]?(?::(?:major|minor|ionian|dorian|phrygian|lydian|mixolydian|aeolian|locrian))?")


def write_jams(timeline: Timeline, path: str | os.PathLike[str], title: str = "", source: str = "",
               artist: str = "") -> list[Path]:
    """Write everything that the timeline holds; return the files written, here one.

    title, artist: of the piece. source: the recording's file name, kept in the file's sandbox.

    Raises
    ------
    LabelError
        When the timeline contradicts itself, a time is negative, a number is NaN, or a chord or key has no JAMS syntax.
    FormatError
        When the place cannot be written to.
    """
    timeline.validate()
    sandbox: Json = {"source": source} if source else {}
    if (metre := timeline.metre) is not None:
        signatures = [f"{n}/{d}" for n, d in zip(metre.numerators, metre.denominators, strict=True)]
        sandbox["metre"] = _instants(metre.times, signatures, metre.confidence)
    if (tuning := timeline.tuning) is not None:
        sandbox["tuning"] = {"cents": tuning.cents.tolist(), "confidence": tuning.confidence.tolist()}
    metadata = {"title": title, "artist": artist, "release": "", "duration": float(timeline.duration),
                "identifiers": {}, "jams_version": JAMS_VERSION}
    try:
        write_pieces(path, _text(metadata, _annotations(timeline), sandbox))
    except ValueError:
        raise LabelError(f"{path}: a number in the timeline is NaN or infinite; JAMS holds finite ones alone") from None
    return [Path(path)]


def _text(metadata: Json, annotations: Iterator[Json], sandbox: Json) -> Iterator[str]:
    """The file, piece by piece: of all annotations of an hour the text alone would fill a hundred megabytes."""
    yield f'{{"file_metadata":{_dumped(metadata)},"annotations":['
    for number, annotation in enumerate(annotations):
        yield "," * bool(number)
        yield from _pieces(annotation)
    yield f'],"sandbox":{_dumped(sandbox)}}}\n'


def _pieces(value: object) -> Iterator[str]:
    """JSON of a value; an iterator in it becomes an array."""
    if isinstance(value, dict) and value:
        for number, (name, inner) in enumerate(value.items()):
            yield f"{',' if number else '{'}{_dumped(name)}:"
            yield from _pieces(inner)
        yield "}"
    elif isinstance(value, Iterator):
        yield "["
        for number, values in enumerate(iter(lambda: list(islice(value, PIECE)), [])):
            yield "," * bool(number) + _dumped(values)[1:-1]
        yield "]"
    else:
        yield _dumped(value)


def _dumped(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _annotations(timeline: Timeline) -> Iterator[Json]:
    """One JAMS annotation after another."""
    end = timeline.duration
    if (beats := timeline.beats) is not None:
        positions = [position or None for position in beats.positions.tolist()]
        yield _annotation("beat", end, _instants(beats.times, positions, beats.confidence))
    if (tempo := timeline.tempo) is not None:
        everywhere = np.full(len(tempo.bpm), end)
        yield _annotation("tempo", end, _observations(0 * everywhere, everywhere, tempo.bpm.tolist(), tempo.strength),
                          curve={"time": tempo.times.tolist(), "value": tempo.curve.tolist()})
    if (key := timeline.key) is not None:
        yield _key(key, end)
    if (keys := timeline.keys) is not None:
        yield _annotation("key_mode", end, _segments(keys, KEY), **_alternatives(keys, KEY))
    if (chords := timeline.chords) is not None:
        yield _annotation("chord", end, _segments(chords, CHORD), **_alternatives(chords, CHORD))
    if (melody := timeline.melody) is not None:
        values = ({"index": 0, "frequency": abs(f), "voiced": f > 0} for f in melody.frequencies.tolist())
        columns = _columns(melody.times, np.zeros(len(melody.times)), values, melody.confidence)
        yield _annotation("pitch_contour", end, columns)
    if (pitches := timeline.multif0) is not None:
        yield _annotation("pitch_contour", end, _simultaneous(pitches), source="multif0")
    yield from _played(timeline, end)
    if (voice := timeline.voice) is not None:
        sung = _observations(voice.starts, voice.ends - voice.starts, ["voice"] * len(voice.starts),
                             voice.confidence)
        yield _annotation("segment_open", end, sung, source="voice")
        if any(voice.labels):
            yield _annotation("lyrics", end, _segments(voice), source="voice")
    if (sections := timeline.sections) is not None:
        yield _annotation("segment_open", end, _segments(sections))
    if (pedal := timeline.pedal) is not None:
        down = _observations(pedal.starts, pedal.ends - pedal.starts, ["pedal"] * len(pedal.starts), pedal.confidence)
        yield _annotation("segment_open", end, down, source="pedal")
    if (band := timeline.instruments) is not None:
        playing = _observations(band.starts, band.ends - band.starts, map(str, band.labels), band.confidence)
        yield _annotation("segment_open", end, playing, source="instruments")
    if (events := timeline.events) is not None:
        heard = _observations(events.starts, events.ends - events.starts, map(str, events.labels), events.confidence)
        yield _annotation("segment_open", end, heard, source="events")
    if (tags := timeline.tags) is not None:
        everywhere = np.full(len(tags.labels), end)
        words = _observations(0 * everywhere, everywhere, map(str, tags.labels), tags.confidence)
        yield _annotation("tag_open", end, words)


def _key(key: Key, end: float) -> Json:
    """The key of the whole as major or minor, which is what readers of other makes understand; N where there is none.
    The sandbox has all candidates with their modes."""
    labels = [str(label) for label in key.labels]
    for label in labels:
        _check(label, KEY, "the key of the whole")
    value = plain(labels[0]) if labels else "N"
    sure = key.confidence[:1] if labels else np.ones(1)
    return _annotation("key_mode", end, _observations(np.zeros(1), np.full(1, end), [value], sure), scope=WHOLE,
                       candidates={"value": labels, "confidence": key.confidence.tolist()})


def plain(label: str) -> str:
    """A key as major or minor, by its third."""
    if label == "N":
        return label
    return f"{label.partition(':')[0]}:{'minor' if parse_key(label)[1] in MINOR_MODES else 'major'}"


def _alternatives(segments: RankedSegments, syntax: re.Pattern[str]) -> Json:
    """Sandbox of segments: what each might be instead, the likeliest first, and how sure."""
    if not segments.chances.size:
        return {}
    for label in np.unique(segments.alternatives):
        _check(str(label), syntax, f"alternatives of {type(segments).__name__.lower()}")
    return {"alternatives": {"value": segments.alternatives.tolist(), "confidence": segments.chances.tolist()}}


def _simultaneous(pitches: MultiF0) -> Json:
    """A contour for each of the pitches of a frame, numbered from 0 on."""
    first = np.searchsorted(pitches.times, pitches.times, side="left")
    index = (np.arange(len(first)) - first).tolist()
    values = ({"index": i, "frequency": f, "voiced": True}
              for i, f in zip(index, pitches.frequencies.tolist(), strict=True))
    return _columns(pitches.times, np.zeros(len(first)), values, pitches.confidence)


def _played(timeline: Timeline, end: float) -> Iterator[Json]:
    """Notes, onsets, drum hits. Where onsets were not looked for, they are those of notes and hits."""
    notes, drums, onsets = timeline.notes, timeline.drums, timeline.onsets
    if notes is not None:
        durations = notes.offsets - notes.onsets
        played = _observations(notes.onsets, durations, notes.pitches.tolist(), notes.confidence)
        yield _annotation("note_midi", end, played, velocity=notes.velocities.tolist(), program=notes.programs.tolist())
    if onsets is not None:
        yield _annotation("onset", end, _instants(onsets.times, [None] * len(onsets.times), onsets.confidence))
    elif notes is not None or drums is not None:
        times, confidence = _together(notes, drums)
        yield _annotation("onset", end, _instants(times, [None] * len(times), confidence), scope=PLAYED)
    if drums is not None:
        hits = _instants(drums.times, drums.pitches.tolist(), drums.confidence)
        yield _annotation("onset", end, hits, source="drums", velocity=drums.velocities.tolist())


def _together(notes: Notes | None, drums: Drums | None) -> tuple[np.ndarray, np.ndarray]:
    """Times at which notes or hits begin, each once, and the confidence of the surest there."""
    sounding = [(v.onsets if isinstance(v, Notes) else v.times, v.confidence) for v in (notes, drums) if v is not None]
    times, which = np.unique(np.concatenate([t for t, _ in sounding]), return_inverse=True)
    confidence = np.zeros(len(times))
    np.maximum.at(confidence, which, np.concatenate([c for _, c in sounding]))
    return times, confidence


def _annotation(namespace: str, end: float, data: list[Json] | Json, source: str = "", **sandbox: object) -> Json:
    metadata = {"annotation_tools": f"onpu {__version__}", "data_source": source}
    return {"namespace": namespace, "annotation_metadata": metadata, "time": 0.0, "duration": float(end), "data": data,
            "sandbox": sandbox}


def _columns(times: np.ndarray, durations: np.ndarray, values: Iterable[Any], confidence: np.ndarray) -> Json:
    if times.size and times.min() < 0:
        raise LabelError(f"a label at {times.min():.3f} s lies before the recording; JAMS begins at 0 s")
    return {"time": map(float, times), "duration": map(float, durations), "value": iter(values),
            "confidence": map(float, confidence)}


def _observations(
    times: np.ndarray, durations: np.ndarray, values: Iterable[Any], confidence: np.ndarray
) -> list[Json]:
    columns = _columns(times, durations, values, confidence)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _instants(times: np.ndarray, values: Iterable[Any], confidence: np.ndarray) -> list[Json]:
    return _observations(times, np.zeros(len(times)), values, confidence)


def _segments(segments: Segments, syntax: re.Pattern[str] | None = None) -> list[Json]:
    labels = [str(label) for label in segments.labels]
    for start, label in zip(segments.starts, labels, strict=True):
        if syntax is not None:
            _check(label, syntax, type(segments).__name__.lower(), f" at {start:.3f} s")
    return _observations(segments.starts, segments.ends - segments.starts, labels, segments.confidence)


def _check(label: str, syntax: re.Pattern[str], what: str, where: str = "") -> None:
    if not syntax.fullmatch(label):
        raise LabelError(f"{what}: {label!r}{where} is not JAMS; write it as in C:min7/b3 or Eb:major")
