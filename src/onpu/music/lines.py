"""Lines of heard notes stay with one instrument.

What a network hears of instruments changes from note to note. A line is one player's: a note and the one that goes on
from it most closely in pitch and time vote together (voice leading by proximity: Huron, "Tone and voice", Music
Perception 19, 2001), until nobody changes sides. A second network, which hears who plays from second to second, has a
vote for each note too. Two that take turns, where players of a band would play together, are one.
"""

from collections.abc import Collection

import numpy as np

from onpu.music.activity import Instruments
from onpu.music.arrays import Booleans, Floats, Integers, occurrences
from onpu.music.instruments import FAMILIES, family_of
from onpu.music.notes import Notes

NEXT_SECONDS, LEAP = 0.6, 7
"""A line goes on to a note that begins within so many seconds of the end, no more than so many semitones away."""
LEAP_COST = 0.15
"""What a semitone costs beside a second of pause."""
NEIGHBOUR_VOTE, ROUNDS = 0.75, 6
"""What the note before and the one after count beside a note's own sound, and how often all vote."""
PLAYING_VOTE = 2.0
"""What it counts beside that that the family plays while the note begins, as the listener of instruments has it."""
BEGINNING_SECONDS = 0.25
"""Of a note: the time that is asked for lies in its middle, and no later."""
LEAST_SHARE = 0.04
"""A family with a smaller share of the notes gives them to the one nearest in pitch."""
CHORDAL = ("piano", "mallets", "organ", "guitar", "strings", "synth", "folk")
"""Families of which one is easily taken for another in chords; winds and brass do take turns with others."""
TURNS = 0.8
"""Two play together less than this share of the time that chance would have them do: they take turns. Of 116 pairs in
composed songs two do; halves of a player that was parted, in four recordings, have .4 to .75."""
LESSER_SHARE, TURN_SECONDS, TURN_PAUSE = 0.5, 12.0, 2.0
"""Of two that take turns: the lesser has at most this share of the other's notes; a turn of more seconds is a player's
own; a turn is over after so many seconds of rest."""
STEP = 0.05
"""Seconds in which sounding together is counted."""
BASS_TOP, GUITAR_BOTTOM = 57, 38
"""MIDI pitches above which what is heard as a bass is another instrument's, and below which what is heard as a guitar
is the bass's, where there is one."""
CHORD_SHARE = 0.5
"""A bass plays one note at a time: what sounds above another note of it for this share of its time is another's."""


def with_lines(notes: Notes, band: Instruments | None = None, silent: Collection[int] = ()) -> Integers:
    """Programs (n,) such that lines stay with one player and nobody has a handful of notes only.

    band: which families play when, as another listener hears it. silent: programs of which it is known that nobody
    plays them, which others get if there are any.
    """
    used = np.setdiff1d(notes.programs, list(silent)) if silent else np.unique(notes.programs)
    if len(used) < 2:
        return np.full(len(notes), used[0]) if len(used) else notes.programs
    column = np.minimum(np.searchsorted(used, notes.programs), len(used) - 1)
    own = np.zeros((len(notes), len(used)))
    own[np.arange(len(notes)), column] = (0.5 + notes.confidence) * (used[column] == notes.programs)
    if band is not None:
        middles = np.minimum((notes.onsets + notes.offsets) / 2, notes.onsets + BEGINNING_SECONDS)
        own += PLAYING_VOTE * band.at(middles, tuple(list(FAMILIES)[family] for family in family_of(used))).T
        column = own.argmax(axis=1)
    after = _followers(notes)
    linked = np.flatnonzero(after >= 0)
    for _ in range(ROUNDS):
        votes = own.copy()
        np.add.at(votes, linked, NEIGHBOUR_VOTE * np.eye(len(used))[column[after[linked]]])
        np.add.at(votes, after[linked], NEIGHBOUR_VOTE * np.eye(len(used))[column[linked]])
        changed = votes.argmax(axis=1)
        if (changed == column).all():
            break
        column = changed
    return used[_on_strings(notes, used, _without_turns(notes, used, _without_rare(notes, used, column)))]


def _without_rare(notes: Notes, used: Integers, column: Integers) -> Integers:
    """Columns of `used` without families of a few notes."""
    shares = occurrences(column, minlength=len(used)) / len(notes)
    kept = np.flatnonzero(shares >= min(LEAST_SHARE, shares.max()))
    return _given_away(notes, column, ~np.isin(column, kept), kept)


def _on_strings(notes: Notes, used: Integers, column: Integers) -> Integers:
    """Columns of `used` without basses and guitars beyond their strings, and without chords of a bass."""
    bass, guitar = (list(FAMILIES).index(name) for name in ("bass", "guitar"))
    families, kept = family_of(used[column]), np.unique(column)
    basses = np.isin(family_of(used[kept]), [bass])
    high = (families == bass) & ((notes.pitches > BASS_TOP) | _above_another(notes, families == bass))
    low = (families == guitar) & (notes.pitches < GUITAR_BOTTOM)
    column = _given_away(notes, column, high, kept[~basses])
    return _given_away(notes, column, low, kept[basses])


def _given_away(notes: Notes, column: Integers, leaving: Booleans, open_to: Integers) -> Integers:
    """Columns in which notes have gone to those that are open to them, to the one nearest in pitch."""
    column = column.copy()
    if len(open_to):
        centres = np.array([np.median(notes.pitches[column == each]) for each in open_to])
        distances = np.abs(centres[:, None] - notes.pitches[leaving])
        column[leaving] = open_to[distances.argmin(axis=0)]
    return column


def _above_another(notes: Notes, which: Booleans) -> Booleans:
    """Which notes (n,) of the chosen ones sound above another of these for most of their time."""
    out = np.zeros(len(notes), bool)
    rows = np.flatnonzero(which)
    rows = rows[np.argsort(notes.onsets[rows], kind="stable")]
    onsets, offsets, pitches = notes.onsets[rows], notes.offsets[rows], notes.pitches[rows]
    reached = np.maximum.accumulate(offsets) if len(rows) else offsets
    for i, row in enumerate(rows):
        first, last = np.searchsorted(reached, onsets[i], side="right"), np.searchsorted(onsets, offsets[i])
        shared = np.minimum(offsets[first:last], offsets[i]) - np.maximum(onsets[first:last], onsets[i])
        below = pitches[first:last] < pitches[i]
        out[row] = bool((below & (shared > CHORD_SHARE * (offsets[i] - onsets[i]))).any())
    return out


def _without_turns(notes: Notes, used: Integers, column: Integers) -> Integers:
    """Columns of `used` in which two that take turns are one: short turns of the lesser one are the other's."""
    column = column.copy()
    names = [list(FAMILIES)[family] for family in family_of(used)]
    sizes = occurrences(column, minlength=len(used))
    chordal = sorted((n for n in np.flatnonzero(sizes).tolist() if names[n] in CHORDAL), key=lambda n: sizes[n])
    for number, lesser in enumerate(chordal):
        mine = _sounding(notes, column == lesser)
        for other in chordal[:number:-1]:
            theirs = _sounding(notes, column == other)
            together = (mine & theirs).sum() / max(int(mine.sum()), 1)
            if sizes[lesser] <= LESSER_SHARE * sizes[other] and together < TURNS * theirs.mean():
                rows = np.flatnonzero(column == lesser)
                rows = rows[np.argsort(notes.onsets[rows], kind="stable")]
                column[rows[_in_short_turns(notes.onsets[rows], notes.offsets[rows])]] = other
                break
    return column


def _sounding(notes: Notes, which: Booleans) -> Booleans:
    """Whether any of the notes sounds, in steps of `STEP` up to the end of all."""
    changes = np.zeros(int(notes.offsets.max() / STEP) + 2)
    np.add.at(changes, (notes.onsets[which] / STEP).astype(int), 1)
    np.add.at(changes, (notes.offsets[which] / STEP).astype(int) + 1, -1)
    sounds: Booleans = np.cumsum(changes) > 0
    return sounds


def _in_short_turns(onsets: Floats, offsets: Floats) -> Booleans:
    """Which notes (n,), in order of their onsets, lie in turns of no more than `TURN_SECONDS`."""
    reached = np.maximum.accumulate(offsets)
    turn = np.cumsum(np.append(False, onsets[1:] > reached[:-1] + TURN_PAUSE))
    begins = onsets[np.searchsorted(turn, np.arange(turn[-1] + 1))]
    ends = np.maximum.reduceat(offsets, np.searchsorted(turn, np.arange(turn[-1] + 1)))
    short: Booleans = (ends - begins <= TURN_SECONDS)[turn]
    return short


def _followers(notes: Notes) -> Integers:
    """For each note (n,) the one that it goes on to, -1 for none: each is the nearest of the other."""
    order = np.argsort(notes.onsets, kind="stable")
    onsets, offsets, pitches = notes.onsets[order], notes.offsets[order], notes.pitches[order]
    best = np.full(len(notes), -1)
    wanted: dict[int, tuple[float, int]] = {}
    firsts = np.searchsorted(onsets, onsets + 0.05)
    lasts = np.searchsorted(onsets, offsets + NEXT_SECONDS)
    for i, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        leap = np.abs(pitches[first:last] - pitches[i])
        pause = np.abs(onsets[first:last] - offsets[i])
        price = np.where(leap <= LEAP, LEAP_COST * leap + pause, np.inf)
        if len(price) and np.isfinite(price.min()):
            other, cost = first + int(price.argmin()), float(price.min())
            if cost < wanted.get(other, (np.inf, -1))[0]:
                wanted[other] = cost, i
    for other, (_, i) in wanted.items():
        best[order[i]] = order[other]
    return best
