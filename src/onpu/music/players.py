"""Who plays which notes: a player for each instrument, and one for the voice.

What a network hears of instruments changes from note to note. A line is one player's: a note and the one that goes on
from it most closely in pitch and time vote together (voice leading by proximity: Huron, "Tone and voice", Music
Perception 19, 2001), until nobody changes sides. What is sung is told by where somebody sings and by the melody there.
Instruments that are known (confidence 1) stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from onpu.music.arrays import Booleans, Integers
from onpu.music.bars import Bars
from onpu.music.instruments import FAMILIES, VOICES, family_of
from onpu.music.melody import Melody
from onpu.music.notes import Notes
from onpu.music.timeline import Timeline
from onpu.music.tune import tune
from onpu.music.voice import Voice

NAMES = {"piano": "Piano", "mallets": "Mallets", "organ": "Organ", "guitar": "Guitar", "bass": "Bass",
         "strings": "Strings", "voice": "Voice", "brass": "Brass", "wind": "Winds", "synth": "Synthesizer",
         "folk": "Folk strings"}
"""Family -> what its part is called where no more than the family is known."""
VOICE_PROGRAM = FAMILIES["voice"]
SUNG_SHARE = 0.5
"""Share of a note's time in which it has to be the melody's pitch, while somebody sings, to be the voice's."""
LOWEST_SUNG = 40
"""MIDI pitch below which nobody sings."""
TUNED = 0.8
"""Semitones from the melody within which a note is its pitch."""
EARLY_SECONDS = 0.2
"""A sung note begins at most so long before the passage in which it was found."""
FEWEST_SUNG = 4
"""Notes of the tune from which on it is the voice's part."""
SUNG_CONFIDENCE = 0.9
"""Of notes of the tune: they are heard, not known."""
NEXT_SECONDS, LEAP = 0.6, 7
"""A line goes on to a note that begins within so many seconds of the end, no more than so many semitones away."""
LEAP_COST = 0.15
"""What a semitone costs beside a second of pause."""
NEIGHBOUR_VOTE, ROUNDS = 0.75, 6
"""What the note before and the one after count beside a note's own sound, and how often all vote."""
LEAST_SHARE = 0.04
"""A family with a smaller share of the notes gives them to the one nearest in pitch."""
BASS_TOP = 57
"""MIDI pitch above which what is heard as a bass is another instrument's, where there is one."""


@dataclass(frozen=True)
class BandPlayer:
    """name: of the part. program: General MIDI. rows: numbers of the notes. sung: whether it is the voice."""

    name: str
    program: int
    rows: Integers
    sung: bool


def players(notes: Notes, names: Sequence[str]) -> list[BandPlayer]:
    """The players of notes, the voice first, then in the order of General MIDI.

    notes: those that are played, with what is sung under the program of a voice (`with_voice`). names: what instruments
    are called, by General MIDI program.
    """
    heard = bool((notes.confidence < 1).any())
    voice = np.isin(notes.programs, VOICES)
    programs = notes.programs.copy()
    if heard:
        programs[~voice] = with_lines(notes.select(~voice))
    found = [BandPlayer("Voice", VOICE_PROGRAM, np.flatnonzero(voice), True)] if voice.any() and (
        heard or len(set(programs[voice].tolist())) == 1) else []
    others = ~voice if found else np.ones(len(notes), bool)
    for program in np.unique(programs[others]).tolist():
        family = list(FAMILIES)[int(family_of(np.array([program]))[0])]
        name = NAMES[family] if heard and FAMILIES[family] == program else names[program]
        found.append(BandPlayer(name, program, np.flatnonzero(others & (programs == program)), program in VOICES))
    return found


def with_voice(notes: Notes, timeline: Timeline, found: Bars, keys: Sequence[str]) -> Notes:
    """Heard notes with what is sung as notes of a voice: the tune in the octave that the notes have it in, instead of
    those that are the melody while somebody sings; where there is no tune, these themselves.

    found, keys: bars of the timeline and their keys. What of the tune lies where nobody sings stays with instruments.
    """
    if timeline.voice is None or timeline.melody is None or not (notes.confidence < 1).any():
        return notes
    mine, sung_tune = sung(notes, timeline.melody, timeline.voice), tune(timeline, found, keys)
    row = np.searchsorted(timeline.voice.starts, sung_tune.onsets + EARLY_SECONDS, side="right") - 1
    singing = (row >= 0) & (sung_tune.onsets < timeline.voice.ends[np.maximum(row, 0)]) if len(
        timeline.voice.starts) else np.zeros(len(sung_tune.onsets), bool)
    if mine.sum() < FEWEST_SUNG or singing.sum() < FEWEST_SUNG:
        return replace(notes, programs=np.where(mine, VOICE_PROGRAM, notes.programs))
    pitches = sung_tune.pitches[singing].astype(np.float64)
    octaves = 12 * round((np.median(notes.pitches[mine]) - np.median(pitches)) / 12)
    count, loud = len(pitches), float(np.median(notes.velocities[mine]))
    voice = Notes(sung_tune.onsets[singing], sung_tune.offsets[singing], pitches + octaves, np.full(count, loud),
                  np.full(count, VOICE_PROGRAM), np.full(count, SUNG_CONFIDENCE))
    together = Notes.concatenate([notes.select(~mine), voice])
    return together.select(np.lexsort((together.pitches, together.onsets)))


def sung(notes: Notes, melody: Melody, voice: Voice) -> Booleans:
    """Which notes (n,) are the melody while somebody sings."""
    out = np.zeros(len(notes), bool)
    if not len(voice.starts) or len(melody.times) < 2:
        return out
    step = float(np.median(np.diff(melody.times)))
    row = np.searchsorted(voice.starts, melody.times, side="right") - 1
    singing = (row >= 0) & (melody.times < voice.ends[np.maximum(row, 0)]) & (melody.frequencies > 0)
    pitch = np.where(singing, 69 + 12 * np.log2(np.maximum(np.abs(melody.frequencies), 1.0) / 440), -np.inf)
    firsts, lasts = np.searchsorted(melody.times, notes.onsets), np.searchsorted(melody.times, notes.offsets)
    for i, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        own = np.abs(pitch[first : max(last, first + 1)] - notes.pitches[i]) < TUNED
        out[i] = own.sum() * step > SUNG_SHARE * max(notes.offsets[i] - notes.onsets[i], step)
    return out & (notes.pitches >= LOWEST_SUNG)


def with_lines(notes: Notes) -> Integers:
    """Programs (n,) such that lines stay with one player and nobody has a handful of notes only."""
    used = np.unique(notes.programs)
    if len(used) < 2:
        return notes.programs
    column = np.searchsorted(used, notes.programs)
    own = np.zeros((len(notes), len(used)))
    own[np.arange(len(notes)), column] = 0.5 + notes.confidence
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
    return used[_without_rare(notes, used, column)]


def _without_rare(notes: Notes, used: Integers, column: Integers) -> Integers:
    """Columns of `used` without families of a few notes, and without basses above their strings."""
    shares = np.bincount(column, minlength=len(used)) / len(notes)
    kept = np.flatnonzero(shares >= min(LEAST_SHARE, shares.max()))
    centres = np.array([np.median(notes.pitches[column == each]) for each in kept])
    bass = list(FAMILIES).index("bass")
    high = (family_of(used[column]) == bass) & (notes.pitches > BASS_TOP)
    leaving = np.flatnonzero(~np.isin(column, kept) | high)
    column = column.copy()
    for i in leaving.tolist():
        open_to = [n for n, each in enumerate(kept) if not high[i] or family_of(used[[each]])[0] != bass]
        if open_to:
            column[i] = kept[min(open_to, key=lambda n: abs(centres[n] - notes.pitches[i]))]
    return column


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

