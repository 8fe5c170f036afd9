"""Notes of one staff as at most two voices of chords, each a line in which nothing overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onpu.music.quantise import FINEST_STRAIGHT, HALF, TICKS

SECOND_VOICE_BEATS = 1.5
"""Beats that would have to be cut from a note before it gets a voice of its own."""
SECOND_VOICE_KEPT_BEATS = 0.25
"""The same where the second voice has been used within a beat."""
PEDALLED_WEIGHT = 0.25
"""What a beat counts for in which the pedal is what lets a note sound."""
SHORT_SHARE = 0.5
"""Share of its written length that a staccato note sounds at most."""
NEVER_DOTTED = TICKS // 4
"""Ticks up to which a note is short anyway: a dot over sixteenths says nothing."""
DETACHED_TICKS = HALF / 2
"""By how much more than twice its length a note may be written."""
FILLED = TICKS
"""A rest of no more ticks than this before the next note is filled by the one before: it was played short."""
LOOSE_SHARE = 1 / 6
"""Share of the time between two long notes up to which a rest between them is none: the first was let go early."""


@dataclass
class Event:
    """Notes that begin and end together: ticks, the mean of their pitches, and their indices, the lowest first; whether
    they are written about twice as long as they sound; whether they are hits, which nothing is tied to."""

    start: int
    end: int
    pitch: float
    members: list[int]
    short: bool = False
    hit: bool = False


def voices(starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray, kept: np.ndarray,
           lengths: np.ndarray | None = None) -> list[list[Event]]:
    """One voice or two, the upper first; of equal pitches at one time only the longest stays.

    starts, ends: (n,) ticks; pitches: (n,) MIDI numbers; kept: (n,) ticks until which the key itself is held; what
    sounds on after it is the pedal's. lengths: (n,) ticks that notes sound, not rounded, NaN where they are not known,
    so that short ones are not meant; None: of all.
    """
    upper: list[Event] = []
    lower: list[Event] = []
    for event in _chords(starts, ends, pitches):
        _placed(event, upper, lower, kept)
    lengths = np.full(len(starts), np.nan) if lengths is None else lengths
    return [_filled(voice, lengths) for voice in (upper, lower) if voice]


def _chords(starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray) -> list[Event]:
    """Notes that begin together; those that last at least a beat longer than others above or below them are parted."""
    out = []
    for start in np.unique(starts).tolist():
        here = np.flatnonzero(starts == start)
        here = here[np.lexsort((-ends[here], pitches[here]))]
        here = here[np.diff(np.rint(pitches[here]), prepend=-1) != 0]
        out += [_event(start, group, ends, pitches) for group in _parted(here, ends)]
    return out


def _parted(here: np.ndarray, ends: np.ndarray) -> list[np.ndarray]:
    """A chord in two where its lower or upper part is held for at least a beat longer than the rest."""
    for place in range(1, len(here)):
        low, high = ends[here[:place]], ends[here[place:]]
        if low.min() - high.max() >= TICKS or high.min() - low.max() >= TICKS:
            return [here[place:], here[:place]]
    return [here]


def _event(start: int, members: np.ndarray, ends: np.ndarray, pitches: np.ndarray) -> Event:
    return Event(start, int(np.median(ends[members])), float(pitches[members].mean()), members.tolist())


def _placed(event: Event, upper: list[Event], lower: list[Event], kept: np.ndarray) -> None:
    """Add an event to the voice where least is cut off for it."""
    above, below = (voice[-1] if voice else None for voice in (upper, lower))
    if below is not None and below.start == event.start and above is not None and above.end > event.start:
        below.members, below.end = event.members + below.members, min(below.end, event.end)  # no third voice
        return
    if above is None or above.end <= event.start:
        if below is not None and below.end > event.start and event.pitch < below.pitch and below.start < event.start:
            below.end = event.start
            lower.append(event)
        else:
            upper.append(event)
        return
    if above.start == event.start:  # the lower part of a chord
        _cut(lower, event.start)
        lower.append(event)
        return
    lost = _loss(above, event.start, kept)
    if event.pitch > above.pitch:  # what is held goes on below
        second = _second(below, above.start, kept)
        if lost <= second or (below is not None and below.start >= above.start):
            above.end = event.start
        else:
            _cut(lower, above.start)
            lower.append(upper.pop())
        upper.append(event)
        return
    two = below is not None and below.end > event.start  # voices there are already
    if lost <= _second(below, event.start, kept) and not two:
        above.end = event.start
        upper.append(event)
    else:
        _cut(lower, event.start)
        lower.append(event)


def _second(below: Event | None, at: int, kept: np.ndarray) -> float:
    """What it costs to use the second voice from a moment on; less where it has just been used."""
    if below is None or below.end + TICKS < at:
        return SECOND_VOICE_BEATS
    return SECOND_VOICE_KEPT_BEATS + (_loss(below, at, kept) if below.end > at else 0)


def _cut(voice: list[Event], end: int) -> None:
    """Let the last event of a voice end no later than this."""
    if voice and voice[-1].end > end:
        voice[-1].end = end
        if voice[-1].end <= voice[-1].start:
            voice.pop()


def _loss(event: Event, at: int, kept: np.ndarray) -> float:
    """Beats that an event loses if it is cut; those of the pedal count little."""
    held = max(at, min(event.end, int(kept[event.members].max())))
    return (max(held - at, 0) + PEDALLED_WEIGHT * max(event.end - held, 0)) / TICKS


def _filled(voice: Sequence[Event], lengths: np.ndarray) -> list[Event]:
    """Short rests are filled, and ends lie on halves of beats, on whole ones in beats of three parts. Where lengths are
    known nothing becomes more than about twice as long as it sounds, but for less than an eighth; what does is `short`.
    """
    thirds = {event.start // TICKS for event in voice if event.start % FINEST_STRAIGHT}
    for event, following in pairwise([*voice, None]):
        assert event is not None
        sounding = float(np.median(lengths[event.members]))  # NaN where it is not known
        step = TICKS if event.end // TICKS in thirds else HALF
        event.end = -(-event.end // step) * step
        if following is not None:
            slot, rest = following.start - event.start, following.start - event.end
            sounding = min(sounding, slot) if sounding == sounding else sounding
            fills = rest <= FILLED and (slot <= 2 * TICKS or rest <= LOOSE_SHARE * slot)
            if rest >= HALF and slot > 2 * sounding + DETACHED_TICKS:
                beat = (event.start // TICKS + 1) * TICKS
                near = slot <= 2 * TICKS and event.end < beat <= event.start + 2 * sounding + DETACHED_TICKS
                fills, event.end = False, beat if near else event.end
            event.end = following.start if fills else min(event.end, following.start)
        written = event.end - event.start
        event.short = written > NEVER_DOTTED and sounding <= SHORT_SHARE * written
    return list(voice)
