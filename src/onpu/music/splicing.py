"""Something known put into what was found, in its place, with the rest cut to make room."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from onpu.errors import CorrectionError, LabelError
from onpu.music import harte
from onpu.music.drums import Drums
from onpu.music.melody import Melody
from onpu.music.notes import Notes
from onpu.music.segments import RankedSegments, Segments

S = TypeVar("S", bound=Segments)
SLIVER_SECONDS = 0.05
"""Seconds of what is left of a segment that was cut, and too short to be one."""
NEAR_SECONDS = 0.1
"""Seconds within which a note or a hit is the one that is meant."""
VELOCITY = 80.0
"""Of a note or hit where there is no other."""


def spliced(segments: S, start: float, end: float, label: str, sliver: float = SLIVER_SECONDS) -> S:
    """Segments of which one, from start to end in seconds, has this label and confidence 1; those beside it end and
    begin there. What lies within `sliver` seconds beside it and is not certain (confidence 1) goes to the next. Its
    alternatives are those of the segment that it lies in mostly, with what stood there first."""
    shared = np.minimum(segments.ends, end) - np.maximum(segments.starts, start)
    own = segments.select(np.array([int(shared.argmax())]) if len(segments) and shared.max() > 0 else slice(0, 0))
    made = _segment(own, type(segments), start, end, label)
    least = np.where(segments.confidence < 1, sliver, SLIVER_SECONDS)
    left = segments.select(segments.starts < start - least)
    near = (left.ends > start) | (np.arange(1, len(left) + 1) == len(left)) & (left.ends >= start - sliver)
    left = replace(left, ends=np.where(near, start, left.ends))
    right = segments.select(segments.ends > end + least)
    near = (right.starts < end) | (np.arange(len(right)) == 0) & (right.starts <= end + sliver)
    right = replace(right, starts=np.where(near, end, right.starts))
    return type(segments).concatenate([left, made, right]) if len(segments) else made


def split_at(segments: S, time: float, slack: float) -> S:
    """Segments of which one begins at a time: the edge within `slack` seconds of it moves there, or else that which
    goes on there is cut in two of its label."""
    at = int(np.searchsorted(segments.ends, time, side="right"))
    if at == len(segments) or segments.starts[at] >= time:
        return segments
    edges = segments.starts[1:]
    nearest = int(np.abs(edges - time).argmin()) if len(edges) else 0
    starts, ends = segments.starts.copy(), segments.ends.copy()
    if len(edges) and abs(edges[nearest] - time) <= slack and ends[nearest] == starts[nearest + 1]:
        ends[nearest] = starts[nearest + 1] = time
        return replace(segments, starts=starts, ends=ends)
    both = segments.select(np.insert(np.arange(len(segments)), at, at))
    starts, ends = both.starts.copy(), both.ends.copy()
    ends[at] = starts[at + 1] = time
    return replace(both, starts=starts, ends=ends)


def joined_at(segments: S, time: float, slack: float) -> S:
    """Segments of which the two that meet within `slack` seconds of a time are one, with the label of the longer."""
    if len(segments) < 2:
        return segments
    nearest = int(np.abs(segments.starts[1:] - time).argmin())
    if abs(segments.starts[nearest + 1] - time) > slack:
        return segments
    lengths = segments.ends - segments.starts
    kept = nearest if lengths[nearest] >= lengths[nearest + 1] else nearest + 1
    starts, ends = segments.starts.copy(), segments.ends.copy()
    starts[kept], ends[kept] = segments.starts[nearest], segments.ends[nearest + 1]
    gone = nearest + nearest + 1 - kept
    return replace(segments, starts=starts, ends=ends).select(np.arange(len(segments)) != gone)


def _segment(own: S, kind: type[S], start: float, end: float, label: str) -> S:
    """One segment."""
    row = kind(np.array([start]), np.array([end]), np.array([label]), np.ones(1))
    if isinstance(own, RankedSegments) and isinstance(row, RankedSegments) and len(own) and own.chances.shape[1]:
        ranks = own.chances.shape[1]
        rows = [(str(other), float(chance)) for other, chance in zip(
            (*own.labels, *own.alternatives[0]), (*own.confidence, *own.chances[0]), strict=True)
            if not _same(str(other), label)][:ranks]
        others, chances = zip(*rows, strict=True)
        return replace(row, alternatives=np.array([others]), chances=np.array([chances]))
    return row


def _same(label: str, other: str) -> bool:
    """Whether two labels are the same, or the same chord spelled otherwise."""
    try:
        first, second = harte.parse(label), harte.parse(other)
        return (first.root, first.tones) == (second.root, second.tones)
    except LabelError:  # keys, sections
        return label == other


def with_note(notes: Notes, start: float, end: float, pitch: float, program: int | None,
              velocity: float | None) -> Notes:
    """Notes with one of confidence 1, which takes the place of those of its pitch that it overlaps; what is not said
    of it is as of these, or of the note next to it."""
    same = (np.rint(notes.pitches) == round(pitch)) & (notes.onsets < end) & (notes.offsets > start)
    likest = np.lexsort((np.abs(notes.pitches - pitch), np.abs(notes.onsets - start), ~same))
    if program is None:
        program = int(notes.programs[likest[0]]) if len(notes) else 0
    if velocity is None:
        velocity = float(notes.velocities[likest[0]]) if len(notes) else VELOCITY
    made = Notes(np.array([start]), np.array([end]), np.array([pitch]), np.array([velocity]), np.array([program]),
                 np.ones(1))
    joined = Notes.concatenate([notes.select(~same), made])
    return joined.select(np.lexsort((joined.pitches, joined.onsets)))


def without_note(notes: Notes, start: float, pitch: float) -> Notes:
    """Notes without that which begins there. Raises `CorrectionError` where none does."""
    apart = np.where(np.rint(notes.pitches) == round(pitch), np.abs(notes.onsets - start), np.inf)
    if not len(notes) or apart.min() > NEAR_SECONDS:
        raise CorrectionError(f"no note of pitch {pitch:g} begins at {start:.3f} s")
    return notes.select(np.arange(len(notes)) != apart.argmin())


def with_hit(drums: Drums, time: float, pitch: int) -> Drums:
    """Hits with one of confidence 1, in place of that of its drum that lies near."""
    near = (drums.pitches == pitch) & (np.abs(drums.times - time) < NEAR_SECONDS / 2)
    alike = drums.velocities[drums.pitches == pitch]
    velocity = float(np.median(alike)) if len(alike) else VELOCITY
    made = Drums(np.array([time]), np.array([pitch]), np.array([velocity]), np.ones(1))
    joined = Drums.concatenate([drums.select(~near), made])
    return joined.select(np.argsort(joined.times, kind="stable"))


def without_hit(drums: Drums, time: float, pitch: int) -> Drums:
    """Hits without that of a drum at a time. Raises `CorrectionError` where there is none."""
    apart = np.where(drums.pitches == pitch, np.abs(drums.times - time), np.inf)
    if not len(drums) or apart.min() > NEAR_SECONDS:
        raise CorrectionError(f"drum {pitch} is not hit at {time:.3f} s")
    return drums.select(np.arange(len(drums)) != apart.argmin())


def with_tone(melody: Melody, start: float, end: float, pitch: float | None) -> Melody:
    """The melody with one pitch from start to end, or none, of confidence 1."""
    if pitch is not None:
        return with_line(melody, start, end, [(start, pitch)])
    here = (melody.times >= start) & (melody.times < end)
    return replace(melody, frequencies=np.where(here, 0.0, melody.frequencies),
                   confidence=np.where(here, 1.0, melody.confidence))


def with_line(melody: Melody, start: float, end: float, points: Sequence[tuple[float, float]]) -> Melody:
    """The melody that from start to end goes from point to point, each a time in seconds and a pitch, of confidence 1;
    before the first and after the last it stays on their pitch."""
    here = (melody.times >= start) & (melody.times < end)
    times, pitches = zip(*points, strict=True)
    frequencies = 440 * 2 ** ((np.interp(melody.times, times, pitches) - 69) / 12)
    return replace(melody, frequencies=np.where(here, frequencies, melody.frequencies),
                   confidence=np.where(here, 1.0, melody.confidence))
