"""Where a recording of a piece begins and ends: after a moment of silence, with the first sound, or in the middle of
the first bar; with the last sound's decay, or cut off."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.compose.song import Track
from onpu.engine.compose.tempo import BeatGrid, BeatTimes

_AT_ONCE, _WITHIN_A_BAR, _CUT_OFF = 0.35, 0.12, 0.18
"""Chances that the first sound is at 0 s, that it is so within a bar (a part of these), and that the end is cut off."""
_LEAST_BARS = 4
"""A shorter piece is not cut."""


class Edges(NamedTuple):
    """at_once: whether the first sound is at 0 s. begin, end: what sounds from `begin` on and before `end` is kept,
    seconds of the performance; infinite where nothing is cut."""

    at_once: bool
    begin: float
    end: float


WHOLE = Edges(False, -np.inf, np.inf)
"""Nothing is cut, and silence comes first."""


def draw_edges(grid: BeatGrid, tempo: BeatTimes, rng: np.random.Generator) -> Edges:
    """Edges of one recording of the piece; what begins within the first bar begins at once."""
    chance, hard, place = rng.random(), rng.random() < _CUT_OFF, rng.random()
    starts = tempo.times[:-1][grid.positions == 1]
    if len(starts) < _LEAST_BARS:
        return Edges(chance < _AT_ONCE, -np.inf, np.inf)
    begin = starts[0] + place * (starts[1] - starts[0]) if chance < _WITHIN_A_BAR else -np.inf
    end = between(rng, starts[-2], tempo.times[-1]) if hard else np.inf
    return Edges(chance < _AT_ONCE, float(begin), float(end))


def cut(track: Track, edges: Edges) -> Track:
    """What the player does from `begin` on and before `end`: notes that began before are left out, those that last
    longer end there."""
    notes = track.notes.select((track.notes.onsets >= edges.begin) & (track.notes.onsets < edges.end))
    notes = replace(notes, offsets=np.minimum(notes.offsets, edges.end))
    drums = track.drums
    if drums is not None:
        drums = drums.select((drums.times >= edges.begin) & (drums.times < edges.end))
    pedal = track.pedal[(track.pedal[:, 1] > edges.begin) & (track.pedal[:, 0] < edges.end)]
    kept = np.flatnonzero(track.bends[:, 0] >= edges.begin)
    bends = track.bends[max(0, kept[0] - 1) if len(kept) else -1 :]
    return replace(track, notes=notes, drums=drums, pedal=np.clip(pedal, edges.begin, edges.end),
                   bends=np.column_stack([np.maximum(bends[:, 0], edges.begin), bends[:, 1]]))


def sounds(track: Track) -> bool:
    """Whether the player does anything at all."""
    return len(track.notes.onsets if track.drums is None else track.drums.times) > 0
