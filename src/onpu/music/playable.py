"""What of heard notes and hits is worth printing.

A network that tells for each semitone what sounds also finds tones that nobody played: partials of what was played,
pieces of a long note, moments of noise. On a piano roll they are faint; on paper every note looks the same. So notes of
which the network was not sure are left out where something else explains them, and what is sure stays. Notes that are
known (confidence 1: composed, from MIDI, annotated) stay whatever they are.
"""

from dataclasses import replace

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Booleans
from onpu.music.drums import Drums
from onpu.music.instruments import FAMILIES
from onpu.music.notes import Notes

PARTIALS = (12, 19, 24, 28, 31, 34, 36)
"""Semitones from a tone to its partials, the second to the eighth."""
TOGETHER_SECONDS = 0.06
"""Seconds by which a partial may begin before its tone, and end after it twice as many."""
PARTIAL_CONFIDENCE = (0.0, 0.6, 0.75)
"""By level of simplification: a note at a partial of one that is surer is left out below this confidence."""
SHORT_SECONDS = (0.0, 0.09, 0.14)
SHORT_CONFIDENCE = (0.0, 0.6, 0.75)
"""By level: shorter notes are left out below this confidence."""
LEAST_CONFIDENCE = (0.0, 0.36, 0.5)
"""By level: below this no note is printed."""
HIGHEST_GUITAR = 88
"""The last fret of the first string."""
ALONE_SEMITONES, ALONE_SECONDS = 24, 4.0
"""A note is alone where within so many seconds no other lies nearer than so many semitones."""
ALONE_CONFIDENCE = (0.0, 0.8, 0.9)
"""By level: such a note is left out below this confidence."""
JOINED_SECONDS, JOINED_CONFIDENCE = 0.06, (0.0, 0.45, 0.6)
"""A note that follows one of its pitch within so many seconds, with less confidence than this, goes on with it."""
HIT_CONFIDENCE = (0.0, 0.25, 0.4)
"""By level: below this no hit is printed."""
FEWEST_HITS = 4
"""A sound of the kit that is heard less often is left out, unless it is sure."""
SURE_HIT = 0.6
TIME_KEEPING = {42: "hat", 46: "hat", 51: "ride", 53: "ride", 59: "ride", 54: "tambourine"}
"""Sounds of the kit that are struck all the time -> what is struck. A hand strikes one of them; all are heard."""
STRUCK_SECONDS, KEPT_SECONDS = 0.03, 4.0
"""Hits within the first are one stroke; what is kept of it is what is struck most for the second before and after."""
LEVELS = len(LEAST_CONFIDENCE)


def checked_level(level: int) -> int:
    """The level of simplification: 0 prints everything, 1 leaves out what is doubtful, 2 more. Raises `LabelError`."""
    if level not in range(LEVELS):
        raise LabelError(f"music is simplified at levels 0 to {LEVELS - 1}, not {level}")
    return level


def playable_notes(notes: Notes, level: int = 1) -> Notes:
    """The notes that are printed, in their order; of a note in pieces the pieces as one."""
    heard = notes.confidence < 1
    if not checked_level(level) or not heard.any():
        return notes
    notes = _joined(notes, JOINED_CONFIDENCE[level])
    doubt = notes.confidence
    short = notes.offsets - notes.onsets < SHORT_SECONDS[level]
    heard_high = (notes.programs == FAMILIES["guitar"]) & (notes.pitches > HIGHEST_GUITAR) & (doubt < 1)
    gone = heard_high | (doubt < LEAST_CONFIDENCE[level]) | (short & (doubt < SHORT_CONFIDENCE[level]))
    notes = notes.select(~gone)
    notes = notes.select(~(_partials(notes) & (notes.confidence < PARTIAL_CONFIDENCE[level])))
    return notes.select(~(alone(notes) & (notes.confidence < ALONE_CONFIDENCE[level])))


def playable_hits(drums: Drums, level: int = 1) -> Drums:
    """The hits that are printed, in their order."""
    if not checked_level(level) or not (drums.confidence < 1).any():
        return drums
    drums = drums.select(drums.confidence >= HIT_CONFIDENCE[level])
    sounds, row, counts = np.unique(drums.pitches, return_inverse=True, return_counts=True)
    often = counts[row] >= FEWEST_HITS if len(sounds) else np.zeros(0, bool)
    drums = drums.select(often | (drums.confidence >= SURE_HIT))
    return drums.select(~_doubled(drums))


def _doubled(drums: Drums) -> Booleans:
    """Which hits (n,), in order of time, are the stroke of another one: of what keeps time, what is heard less in these
    seconds, and of one thing the sound that is less sure."""
    out = np.zeros(len(drums), bool)
    keeping = np.flatnonzero(np.isin(drums.pitches, list(TIME_KEEPING)))
    times, sure = drums.times[keeping], drums.confidence[keeping]
    struck = np.array([TIME_KEEPING[int(pitch)] for pitch in drums.pitches[keeping]])
    heard = np.zeros(len(keeping))
    for name in np.unique(struck):
        sums = np.append(0.0, np.cumsum(np.where(struck == name, sure, 0.0)))
        first, last = (np.searchsorted(times, times + side) for side in (-KEPT_SECONDS, KEPT_SECONDS))
        heard = np.where(struck == name, sums[last] - sums[first], heard)
    rank = np.lexsort((sure, heard)).argsort()
    firsts, lasts = (np.searchsorted(times, times + side) for side in (-STRUCK_SECONDS, STRUCK_SECONDS))
    out[keeping] = [rank[first:last].max() > own for own, first, last in zip(rank, firsts, lasts, strict=True)]
    return out


def alone(notes: Notes) -> Booleans:
    """Which notes (n,) have no other within `ALONE_SECONDS` and `ALONE_SEMITONES`."""
    out = np.ones(len(notes), bool)
    order = np.argsort(notes.onsets, kind="stable")
    onsets, pitches = notes.onsets[order], notes.pitches[order]
    firsts, lasts = (np.searchsorted(onsets, onsets + side) for side in (-ALONE_SECONDS, ALONE_SECONDS))
    for i, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        near = np.abs(pitches[first:last] - pitches[i]) < ALONE_SEMITONES
        out[order[i]] = near.sum() < 2  # itself
    return out


def _joined(notes: Notes, below: float) -> Notes:
    """Notes with those that go on with the one before them as a part of it."""
    order = np.lexsort((notes.onsets, np.rint(notes.pitches)))
    offsets, gone = notes.offsets.copy(), np.zeros(len(notes), bool)
    last = -1
    for i in order:
        follows = last >= 0 and round(notes.pitches[i]) == round(notes.pitches[last])
        if (follows and notes.onsets[i] - offsets[last] < JOINED_SECONDS and notes.confidence[i] < below
                and notes.programs[i] == notes.programs[last]):
            offsets[last], gone[i] = max(offsets[last], offsets[i]), True
        else:
            last = i
    return replace(notes, offsets=offsets).select(~gone)


def _partials(notes: Notes) -> Booleans:
    """Which notes (n,) sound at a partial of a surer one, and not longer than it."""
    out = np.zeros(len(notes), bool)
    order = np.argsort(notes.onsets, kind="stable")
    onsets, offsets, pitches, sure = (column[order] for column in (notes.onsets, notes.offsets, notes.pitches,
                                                                   notes.confidence))
    ends = np.searchsorted(onsets, offsets)
    begins = np.searchsorted(onsets, onsets - TOGETHER_SECONDS)
    for i, (first, last) in enumerate(zip(begins, ends, strict=True)):
        above = np.rint(pitches[first:last] - pitches[i]).astype(int)
        inside = np.isin(above, PARTIALS) & (sure[first:last] < sure[i])
        inside &= offsets[first:last] <= offsets[i] + 2 * TOGETHER_SECONDS
        out[order[first:last][inside]] = True
    return out
