"""A stretch of a timeline, with time set to zero at its start."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from onpu.errors import LabelError
from onpu.music.activity import Instruments
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.drums import Drums
from onpu.music.events import Events
from onpu.music.key import Keys
from onpu.music.melody import Melody
from onpu.music.multif0 import MultiF0
from onpu.music.notes import Notes
from onpu.music.onsets import Onsets
from onpu.music.pedal import Pedal
from onpu.music.sections import Sections
from onpu.music.tempo import Tempo
from onpu.music.timeline import Timeline
from onpu.music.voice import Voice

S = TypeVar("S", Chords, Events, Instruments, Keys, Pedal, Sections, Voice)
V = TypeVar("V", Beats, Drums, Melody, MultiF0, Onsets)

_SLIVER = 0.01
"""Seconds below which what is left of a note or segment at the edge is dropped."""


def crop(timeline: Timeline, start: float, end: float) -> Timeline:
    """The labels of [start, end) seconds, as those of a recording of that stretch alone.

    Events (beats, hits, onsets, frames of melody and multi-f0) are kept where they fall inside. Segments (chords, keys,
    sections, voice, pedal, instruments) and notes are cut at the edges; of a note that began before the stretch, what
    still sounds is kept as a note from 0 s. What holds from a time on (metre, tempo curve) begins with the value in
    force at `start`. Tempo candidates, key, tuning and tags describe the whole and stay. Raises `LabelError` unless
    start < end.
    """
    if not start < end:
        raise LabelError(f"a stretch from {start} s to {end} s is empty; give a start before the end")
    keep = timeline
    return Timeline(
        end - start,
        beats=keep.beats and _events(keep.beats, start, end),
        metre=keep.metre and _metre(keep.metre, start, end),
        tempo=keep.tempo and _tempo(keep.tempo, start, end),
        keys=keep.keys and _segments(keep.keys, start, end),
        chords=keep.chords and _segments(keep.chords, start, end),
        melody=keep.melody and _events(keep.melody, start, end),
        notes=keep.notes and _notes(keep.notes, start, end),
        drums=keep.drums and _events(keep.drums, start, end),
        voice=keep.voice and _segments(keep.voice, start, end),
        sections=keep.sections and _segments(keep.sections, start, end),
        tags=keep.tags, key=keep.key, tuning=keep.tuning,
        multif0=keep.multif0 and _events(keep.multif0, start, end),
        onsets=keep.onsets and _events(keep.onsets, start, end),
        pedal=keep.pedal and _segments(keep.pedal, start, end),
        instruments=keep.instruments and _segments(keep.instruments, start, end),
        events=keep.events and _segments(keep.events, start, end))


def _events(value: V, start: float, end: float) -> V:
    """Rows whose time lies in the stretch."""
    inside = (value.times >= start) & (value.times < end)
    kept = value.select(inside)
    return replace(kept, times=kept.times - start)


def _segments(value: S, start: float, end: float) -> S:
    """Segments that reach into the stretch by more than a sliver, cut at its edges."""
    kept = value.select(np.minimum(value.ends, end) - np.maximum(value.starts, start) > _SLIVER)
    return replace(kept, starts=np.clip(kept.starts, start, end) - start, ends=np.clip(kept.ends, start, end) - start)


def _notes(value: Notes, start: float, end: float) -> Notes:
    """Notes that sound in the stretch, cut at its edges."""
    onsets, offsets = np.clip(value.onsets, start, end) - start, np.clip(value.offsets, start, end) - start
    return replace(value, onsets=onsets, offsets=offsets).select(offsets - onsets > _SLIVER)


def _metre(value: Metre, start: float, end: float) -> Metre:
    """Signatures in force from the stretch's start on."""
    kept = value.select(_in_force(value.times, start, end))
    return replace(kept, times=np.maximum(kept.times - start, 0.0))


def _tempo(value: Tempo, start: float, end: float) -> Tempo:
    """The curve from the stretch's start on."""
    kept = _in_force(value.times, start, end)
    return replace(value, times=np.maximum(value.times[kept] - start, 0.0), curve=value.curve[kept])


def _in_force(times: np.ndarray, start: float, end: float) -> slice:
    """Entries that hold somewhere in the stretch: the last one at or before its start, and those inside."""
    first = int(np.searchsorted(times, start, side="right")) - 1
    return slice(max(0, first), int(np.searchsorted(times, end, side="left")))
