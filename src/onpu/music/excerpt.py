"""Bars of a timeline on the grid of a passage."""

from collections.abc import Sequence

import numpy as np

from onpu.errors import LabelError
from onpu.music.bars import bars
from onpu.music.chorale import STEPS
from onpu.music.drums import Drums
from onpu.music.notes import Notes
from onpu.music.passage import BAR, LINES, QUARTERS, Passage, struck, written
from onpu.music.timeline import Timeline

FILLED = STEPS
"""A rest of fewer steps is the note before, which was played short."""
BASS_BELOW_PITCH = 52
"""Below this MIDI pitch notes are the bass where there are a melody and a bass."""
BASSES = range(32, 40)
"""General MIDI programs of basses."""


def passage_of(timeline: Timeline, name: str, parts: Sequence[str], count: int) -> Passage:
    """The first `count` bars that have notes, of 4/4, on the nearest sixteenths; shorter music is repeated.

    A melody is the highest of the notes at a time, a bass the lowest of those that basses play or that lie below
    `BASS_BELOW_PITCH`. Raises `LabelError` that begins with `name` when a part has no notes, or there are no bars of
    4/4.
    """
    if timeline.beats is None or not len(timeline.beats.times):
        raise LabelError(f"{name}: has no beats, so there are no bars to take; give a file with a metre")
    found = bars(timeline)
    fours = (found.numerators == QUARTERS) & (found.denominators == 4)
    if not fours[found.numbers > 0].all():
        odd = int(np.flatnonzero(~fours & (found.numbers > 0))[0])
        raise LabelError(f"{name}: bar {found.numbers[odd]} is of {found.numerators[odd]}/{found.denominators[odd]}; "
                         "only music in 4/4 can be taken")
    rows = {part: _events(timeline, part, parts) for part in parts}
    empty = [part for part, (starts, _, _) in rows.items() if not len(starts)]
    if empty:
        raise LabelError(f"{name}: holds no notes that could be its {' or '.join(empty)}; give a file that does")
    origin = int(found.firsts[:-1][found.numbers > 0][0])
    grid = {part: [np.rint(STEPS * (found.beats_at(column) - origin)).astype(np.int64) for column in columns[:2]]
            for part, columns in rows.items()}
    earliest = min(int(starts[starts >= 0].min(initial=2**31)) for starts, _ in grid.values())
    if earliest == 2**31:
        raise LabelError(f"{name}: has notes in its upbeat alone; give a file with whole bars")
    last = max(int(starts.max()) for starts, _ in grid.values())
    first = earliest // BAR
    total = (last // BAR + 1 - first) * BAR
    events = {}
    for part, (starts, ends) in grid.items():
        pitches = rows[part][2]
        events[part] = struck(starts - first * BAR, pitches, total) if part == "drums" else written(
            starts - first * BAR, ends - first * BAR, pitches, total, FILLED, part == "melody")
    whole = Passage(events, name=name)
    times = -(-count // whole.bars)
    return Passage({part: np.concatenate([row] * times)[: count * BAR] for part, row in whole.parts.items()},
                   name=name).cut(0, count).validate()


def _events(timeline: Timeline, part: str, parts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onsets and offsets, seconds, and pitches of what may be a part."""
    if part == "drums":
        drums = Drums.empty() if timeline.drums is None else timeline.drums
        return drums.times, drums.times, drums.pitches
    notes = Notes.empty() if timeline.notes is None else timeline.notes
    pitches = np.rint(notes.pitches).astype(np.int64)
    low = np.isin(notes.programs, BASSES)
    low = low if low.any() else pitches < BASS_BELOW_PITCH
    wanted = np.ones(len(pitches), bool) if not set(LINES) <= set(parts) else low if part == "bass" else ~low
    return notes.onsets[wanted], notes.offsets[wanted], pitches[wanted]
