"""JAMS -> timeline."""

import os
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.files import Json, read_json
from onpu.formats.jams.writing import WHOLE, plain
from onpu.music import (
    Beats,
    Chords,
    Drums,
    Instruments,
    Key,
    Keys,
    Melody,
    Metre,
    MultiF0,
    Notes,
    Onsets,
    Pedal,
    Sections,
    Tags,
    Tempo,
    Timeline,
    Tuning,
    Voice,
)
from onpu.music.events import Events
from onpu.music.segments import RankedSegments, Segments

SOURCES = frozenset({"voice", "drums", "pedal", "multif0", "instruments", "events"})
"""What annotations of namespaces that serve several values say as `data_source`."""
UNKNOWN_VELOCITY, UNKNOWN_PROGRAM = 80, 0  # of notes in files that do not say


class _Annotation(NamedTuple):
    """A JAMS annotation in columns, ordered by time."""

    namespace: str
    source: str
    times: np.ndarray
    ends: np.ndarray
    values: list[Any]
    confidence: np.ndarray
    sandbox: Json


def read_jams(path: str | os.PathLike[str]) -> Timeline:
    """Read a .jams or .jamz file, written by onpu or others, with dense or sparse data.

    Of several annotations of one kind the first is taken. Also read are `beat_position` (beats and metre),
    `chord_harte`, `note_hz`, every `segment_*` and `tag_*`. A confidence that is no probability becomes 1; segments
    without duration are left out; of a contour with several pitches at one time the first is kept.

    Raises
    ------
    FormatError
        When the file cannot be read or is not JAMS.
    LabelError
        When its annotations contradict themselves.
    """
    content = _load(Path(path))
    annotations = []
    for annotation in content["annotations"]:
        try:
            annotations.append(_parse(annotation))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            name = annotation.get("namespace", "?") if isinstance(annotation, dict) else "?"
            raise FormatError(f"{path}: annotation {name} is not as JAMS has it ({error}); export it again") from error
    try:
        return _timeline(content, annotations).validate()
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{path}: a value is not as JAMS has it ({error}); export it again") from error


def _load(path: Path) -> Json:
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, no JSON
        raise FormatError(f"{path}: cannot be read as JAMS ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("annotations"), list):
        raise FormatError(f"{path}: is JSON but not JAMS: it has no list of annotations")
    return content


def _parse(annotation: Json) -> _Annotation:
    data = annotation["data"]
    if isinstance(data, dict):
        data = [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
    data = sorted(data, key=lambda observation: observation["time"])
    times = np.array([o["time"] for o in data], dtype=np.float64)
    return _Annotation(
        namespace=annotation["namespace"],
        source=annotation.get("annotation_metadata", {}).get("data_source", ""),
        times=times,
        ends=times + np.array([o["duration"] for o in data], dtype=np.float64),
        values=[o["value"] for o in data],
        confidence=np.array([_probability(o.get("confidence")) for o in data], dtype=np.float64),
        sandbox=annotation.get("sandbox") or {},
    )


def _probability(confidence: object) -> float:
    return confidence if isinstance(confidence, int | float) and 0 <= confidence <= 1 else 1.0


def _timeline(content: Json, annotations: list[_Annotation]) -> Timeline:
    """The first annotation of every kind, as music."""

    def first(patterns: tuple[str, ...], source: str = "") -> _Annotation | None:
        for found in annotations:
            kind = found.source if found.source in SOURCES else found.sandbox.get("scope", "")
            if kind == source and any(fnmatch(found.namespace, pattern) for pattern in patterns):
                return found
        return None

    values = {}
    for name, (patterns, source, parse) in READERS.items():
        if found := first(patterns, source):
            values[name] = parse(found)
    if "voice" in values and (lyrics := first(("lyrics",), "voice")):
        values["voice"] = replace(values["voice"], labels=np.array(lyrics.values, np.str_))
    sandbox = content.get("sandbox") or {}
    if (signatures := sandbox.get("metre")) is not None:
        values["metre"] = _metre(_parse({"namespace": "metre", "data": signatures}))
    if (tuning := sandbox.get("tuning")) is not None:
        values["tuning"] = Tuning(np.array(tuning["cents"], np.float64), np.array(tuning["confidence"], np.float64))
    duration = (content.get("file_metadata") or {}).get("duration")
    if duration is None:
        duration = max((a.ends.max(initial=0.0) for a in annotations), default=0.0)
    return Timeline(float(duration), **values)


def _beats(found: _Annotation) -> Beats:
    values = [value["position"] if isinstance(value, dict) else value for value in found.values]
    positions = [int(value) if isinstance(value, int | float) and np.isfinite(value) else 0 for value in values]
    return Beats(found.times, np.array(positions, np.int64), found.confidence)


def _metre(found: _Annotation) -> Metre:
    """From values "6/8", or from those of `beat_position`: one entry for each change."""
    values = [f"{v['num_beats']}/{v['beat_units']}" if isinstance(v, dict) else v for v in found.values]
    parts = np.array([value.split("/") for value in values], np.int64).reshape(-1, 2)
    keep = [i for i, v in enumerate(found.values) if not isinstance(v, dict) or i == 0 or values[i] != values[i - 1]]
    return Metre(found.times[keep], parts[keep, 0], parts[keep, 1], found.confidence[keep])


def _tempo(found: _Annotation) -> Tempo:
    order = np.argsort(-found.confidence, kind="stable")
    curve = found.sandbox.get("curve", {"time": [], "value": []})
    return Tempo(np.array(found.values, np.float64)[order], found.confidence[order],
                 np.array(curve["time"], np.float64), np.array(curve["value"], np.float64))


def _melody(found: _Annotation) -> Melody:
    frequencies = np.array([v["frequency"] if v["voiced"] else -v["frequency"] for v in found.values], np.float64)
    times, kept = np.unique(found.times, return_index=True)
    return Melody(times, frequencies[kept], found.confidence[kept])


def _simultaneous(found: _Annotation) -> MultiF0:
    voiced = np.array([value["voiced"] for value in found.values], bool)
    frequencies = np.array([value["frequency"] for value in found.values], np.float64)
    return MultiF0(found.times[voiced], frequencies[voiced], found.confidence[voiced])


def _notes(found: _Annotation) -> Notes:
    pitches = np.array(found.values, np.float64)
    if found.namespace == "note_hz":
        pitches = 69.0 + 12.0 * np.log2(pitches / 440.0)
    return Notes(found.times, found.ends, pitches, _column(found, "velocity", UNKNOWN_VELOCITY),
                 _column(found, "program", UNKNOWN_PROGRAM), found.confidence)


def _drums(found: _Annotation) -> Drums:
    pitches = np.array(found.values, np.int64)
    return Drums(found.times, pitches, _column(found, "velocity", UNKNOWN_VELOCITY), found.confidence)


def _onsets(found: _Annotation) -> Onsets:
    times, kept = np.unique(found.times, return_index=True)
    return Onsets(times, found.confidence[kept])


def _column(found: _Annotation, name: str, unknown: int) -> np.ndarray:
    return np.array(found.sandbox.get(name, [unknown] * len(found.times)), np.int64)


def _segmented(kind: type[Segments]) -> Callable[[_Annotation], Segments]:
    def parse(found: _Annotation) -> Segments:
        long = found.ends > found.times
        labels = np.array([str(value) for value in found.values], np.str_)
        others = _alternatives(found, long) if issubclass(kind, RankedSegments) else {}
        return kind(found.times[long], found.ends[long], labels[long], found.confidence[long], **others)

    return parse


def _alternatives(found: _Annotation, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of the chosen segments' alternatives, where there is a row for each segment."""
    columns = found.sandbox.get("alternatives", {"value": []})
    if not len(columns["value"]) == len(chosen) > 0:
        return {}
    return {"alternatives": np.array(columns["value"], np.str_)[chosen],
            "chances": np.array(columns["confidence"], np.float64)[chosen]}


def _key(found: _Annotation) -> Key:
    """The candidates, if the first is the key that the annotation names; else this key alone."""
    candidates = found.sandbox["candidates"]
    if candidates["value"] and plain(candidates["value"][0]) != found.values[0]:
        return Key(np.array(found.values[:1], np.str_), found.confidence[:1])
    return Key(np.array(candidates["value"], np.str_), np.array(candidates["confidence"], np.float64))


def _voice(found: _Annotation) -> Voice:
    return Voice(found.times, found.ends, np.full(len(found.times), "", np.str_), found.confidence)


def _instruments(found: _Annotation) -> Instruments:
    long = found.ends > found.times
    labels = np.array([str(value) for value in found.values], np.str_)
    return Instruments(found.times[long], found.ends[long], labels[long], found.confidence[long])


def _events(found: _Annotation) -> Events:
    long = found.ends > found.times
    labels = np.array([str(value) for value in found.values], np.str_)
    return Events(found.times[long], found.ends[long], labels[long], found.confidence[long])


def _pedal(found: _Annotation) -> Pedal:
    return Pedal(found.times, found.ends, found.confidence)


READERS: dict[str, tuple[tuple[str, ...], str, Callable[[_Annotation], Any]]] = {
    "beats": (("beat", "beat_position"), "", _beats),
    "metre": (("beat_position",), "", _metre),
    "tempo": (("tempo",), "", _tempo),
    "key": (("key_mode",), WHOLE, _key),
    "keys": (("key_mode",), "", _segmented(Keys)),
    "chords": (("chord", "chord_harte"), "", _segmented(Chords)),
    "melody": (("pitch_contour",), "", _melody),
    "multif0": (("pitch_contour",), "multif0", _simultaneous),
    "notes": (("note_midi", "note_hz"), "", _notes),
    "onsets": (("onset",), "", _onsets),
    "drums": (("onset",), "drums", _drums),
    "pedal": (("segment_open",), "pedal", _pedal),
    "voice": (("segment_open",), "voice", _voice),
    "instruments": (("segment_open",), "instruments", _instruments),
    "events": (("segment_open",), "events", _events),
    "sections": (("segment_*",), "", _segmented(Sections)),
    "tags": (("tag_*",), "", lambda found: Tags(np.array(found.values, np.str_), found.confidence)),
}
