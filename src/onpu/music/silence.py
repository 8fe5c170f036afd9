"""Silence of a recording, and what is found in spite of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from onpu.music.activity import Instruments
from onpu.music.arrays import Floats
from onpu.music.audio import AudioSource
from onpu.music.beats import Metre
from onpu.music.chords import Chords
from onpu.music.events import Events
from onpu.music.notes import Notes
from onpu.music.tags import Tags
from onpu.music.tempo import Tempo
from onpu.music.timeline import Timeline
from onpu.music.voice import Voice

SILENT_LEVEL = 1e-4
"""Largest sample of silence, -80 dB below full scale."""
SILENT_SECONDS = 1.5
"""Seconds from which on silence is more than a rest."""
EDGE_SECONDS = 0.1
"""Seconds at both ends of a silence in which something found may belong to the sound before or after."""

S = TypeVar("S", Chords, Events, Instruments, Voice)


class Attended:
    """An `AudioSource` that notes the silences of what is read through it, beside the source it stands for."""

    def __init__(self, source: AudioSource):
        self.source, self.rate, self.channels = source, source.rate, source.channels
        self._edges: list[tuple[int, int]] = []

    @property
    def duration(self) -> float:
        """Length in seconds, the source's."""
        return self.source.duration

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """The source's blocks."""
        read, begun, self._edges = 0, 0, []  # samples; where the silence that goes on began
        for block in self.source.blocks(seconds):
            yield block
            loud = read + np.flatnonzero(np.abs(block).max(axis=0, initial=0) > SILENT_LEVEL)
            read += block.shape[1]
            edges = np.concatenate([[begun - 1], loud])
            for i in np.flatnonzero(np.diff(edges) > SILENT_SECONDS * self.rate):
                self._edges.append((int(edges[i]) + 1, int(edges[i + 1])))
            begun = int(edges[-1]) + 1
        if read - begun > SILENT_SECONDS * self.rate:
            self._edges.append((begun, read))

    @property
    def silences(self) -> np.ndarray:
        """Starts and ends (n, 2) in seconds of the silences longer than `SILENT_SECONDS` in what was read last."""
        return np.array(self._edges, np.float64).reshape(-1, 2) / self.rate


def hushed(timeline: Timeline, silences: np.ndarray) -> Timeline:
    """The timeline without what lies in silences (n, 2), starts and ends in seconds.

    Beats, hits, onsets and frames there go; the melody is unvoiced; notes, sung passages and instruments end where
    silence begins; chords are N. Metre and tempo stay, unless no beat is left, and tags, unless there is nothing but
    silence. Keys, sections and pedal stay.
    """
    if not len(silences):
        return timeline
    found: dict[str, Any] = timeline.found()

    def outside(times: np.ndarray) -> np.ndarray:
        return np.asarray(~_inside(times, silences, timeline.duration))

    for name in {"beats", "drums", "onsets", "multif0"} & found.keys():
        found[name] = found[name].select(outside(found[name].times))
    if timeline.tempo is not None:
        kept = outside(timeline.tempo.times)
        found["tempo"] = replace(timeline.tempo, times=timeline.tempo.times[kept], curve=timeline.tempo.curve[kept])
    if timeline.beats is not None and len(timeline.beats) and not len(found["beats"]):
        found |= {"tempo": Tempo.empty(), "metre": Metre.empty()}
    if timeline.melody is not None:
        pitch, voiced = timeline.melody.frequencies, outside(timeline.melody.times)
        found["melody"] = replace(timeline.melody, frequencies=np.where(voiced, pitch, -abs(pitch)))
    if timeline.notes is not None:
        found["notes"] = _notes(timeline.notes, silences, outside(timeline.notes.onsets))
    if timeline.voice is not None:
        found["voice"] = _cut(timeline.voice, silences)
    if timeline.instruments is not None:
        found["instruments"] = _cut(timeline.instruments, silences)
    if timeline.events is not None:
        found["events"] = _cut(timeline.events, silences)
    if timeline.tags is not None and (silences[:, 1] - silences[:, 0]).sum() > timeline.duration - SILENT_SECONDS:
        found["tags"] = Tags.empty()
    if timeline.chords is not None and len(timeline.chords):
        found["chords"] = _with_none(_cut(timeline.chords, silences), np.minimum(silences, timeline.duration))
    return replace(timeline, **found)


def _inside(times: np.ndarray, silences: np.ndarray, duration: float) -> np.ndarray:
    """Whether each time lies in a silence, but not where that borders on sound."""
    starts = np.where(silences[:, 0] > 0, silences[:, 0] + EDGE_SECONDS, -1.0)
    ends = np.where(silences[:, 1] < duration - EDGE_SECONDS, silences[:, 1] - EDGE_SECONDS, np.inf)
    within = (times[:, None] > starts) & (times[:, None] < ends)
    return np.array(within.any(axis=1))


def _notes(notes: Notes, silences: np.ndarray, outside: np.ndarray) -> Notes:
    """The notes that begin outside; they end where silence begins."""
    notes = notes.select(outside)
    offsets = notes.offsets.copy()
    for start, _ in silences:
        offsets[(notes.onsets < start - EDGE_SECONDS) & (offsets > start)] = start
    return replace(notes, offsets=offsets)


def _cut(segments: S, silences: np.ndarray) -> S:
    """What of the segments lies outside."""
    for start, end in silences:
        before = segments.ends <= start
        after = segments.starts >= end
        left, right = segments.starts < start, segments.ends > end
        parts = [segments.select(before), _moved(segments.select(left & ~before), ends=start),
                 _moved(segments.select(right & ~after), starts=end), segments.select(after)]
        joined = type(segments).concatenate([part for part in parts if len(part)])
        segments = joined.select(np.argsort(joined.starts, kind="stable"))
    return segments


def _moved(segments: S, **edge: float) -> S:
    """The segments with their starts or ends at a time."""
    return replace(segments, **{name: np.full(len(segments), time) for name, time in edge.items()})


def _with_none(chords: Chords, silences: np.ndarray) -> Chords:
    """Chords with N in the silences; neighbouring N are one."""
    ranks = chords.chances.shape[1]
    none = Chords(silences[:, 0], silences[:, 1], np.full(len(silences), "N"), np.ones(len(silences)),
                  np.full((len(silences), ranks), "N"), np.zeros((len(silences), ranks)))
    joined = Chords.concatenate([chords, none])
    joined = joined.select(np.argsort(joined.starts, kind="stable"))
    nothing = np.array(joined.labels == "N")
    goes_on = nothing[1:] & nothing[:-1] & np.array(joined.starts[1:] <= joined.ends[:-1] + 1e-6)
    starts = np.flatnonzero(np.concatenate([[True], ~goes_on]))
    ends: Floats = joined.ends[np.append(starts[1:], len(joined)) - 1]
    return replace(joined.select(starts), ends=ends)
