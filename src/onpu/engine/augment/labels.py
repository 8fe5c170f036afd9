"""Labels of recordings that are played faster, slower, higher or lower."""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from onpu.music import Chords, Key, Keys, Melody, MultiF0, Notes, Tempo, Timeline, harte
from onpu.music.segments import RankedSegments
from onpu.music.spelling import MODES, key_label, pitch_class

TIME_COLUMNS = ("times", "onsets", "offsets", "starts", "ends")
"""Columns in seconds."""


def retimed(timeline: Timeline, factor: float) -> Timeline:
    """Labels of a recording that lasts `factor` times as long."""
    changed: dict[str, Any] = {}
    for name, value in timeline.found().items():
        columns = {column: getattr(value, column) * factor for column in TIME_COLUMNS if hasattr(value, column)}
        if isinstance(value, Tempo):
            columns |= {"bpm": value.bpm / factor, "curve": value.curve / factor}
        changed[name] = replace(value, **columns)
    return replace(timeline, duration=timeline.duration * factor, **changed)


def transposed(timeline: Timeline, semitones: float) -> Timeline:
    """Labels of a recording shifted in pitch: notes and melody exactly, chords and keys to the nearest semitone."""
    changed: dict[str, Any] = {}
    for name, value in timeline.found().items():
        match value:
            case Notes():
                changed[name] = replace(value, pitches=value.pitches + semitones)
            case Melody() | MultiF0():
                changed[name] = replace(value, frequencies=value.frequencies * 2 ** (semitones / 12))
            case Chords() | Keys() | Key():
                moved: dict[str, Any] = {"labels": _moved(value.labels, round(semitones))}
                if isinstance(value, RankedSegments) and value.alternatives.size:
                    moved["alternatives"] = _moved(value.alternatives, round(semitones))
                changed[name] = replace(value, **moved)
    return replace(timeline, **changed)


def doubled(timeline: Timeline, semitones: float) -> Timeline:
    """Labels of a recording with notes in which each of them is struck a second time at that interval."""
    both = [timeline.require(Notes), transposed(timeline, semitones).require(Notes)]
    columns = {field.name: np.concatenate([getattr(notes, field.name) for notes in both]) for field in fields(Notes)}
    order = np.argsort(columns["onsets"], kind="stable")
    return replace(timeline, notes=Notes(**{name: column[order] for name, column in columns.items()}))


def _moved(labels: np.ndarray, semitones: int) -> np.ndarray:
    moved = [transposed_label(str(label), semitones) for label in labels.flat]
    return np.array(moved, dtype=np.str_).reshape(labels.shape)


def transposed_label(label: str, semitones: int) -> str:
    """A chord in Harte syntax or a key (`Bb:min7/b3`, `A:dorian`) with its root moved; `N` and `X` stay."""
    if semitones == 0 or label in ("N", "X", ""):
        return label
    tonic, _, rest = label.partition(":")
    if rest in MODES:
        return key_label((pitch_class(tonic) + semitones) % 12, rest)
    return harte.transposed(label, semitones)
