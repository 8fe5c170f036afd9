"""Who plays which notes: a player for each instrument, and one for the voice.

Instruments are those of the notes' programs; which these are of heard notes is decided once for all files, where the
listeners are made to agree (`onpu.music.lines`). What is sung is told by where somebody sings and by the melody there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from onpu.music.arrays import Booleans, Floats, Integers
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
    programs = notes.programs
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
    those that are the melody while somebody sings, and of other voices at that time; where there is no tune, these
    themselves.

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
    doubled = np.isin(notes.programs, VOICES) & _during(notes, sung_tune.onsets[singing], sung_tune.offsets[singing])
    voice = Notes(sung_tune.onsets[singing], sung_tune.offsets[singing], pitches + octaves, np.full(count, loud),
                  np.full(count, VOICE_PROGRAM), np.full(count, SUNG_CONFIDENCE))
    together = Notes.concatenate([notes.select(~mine & ~doubled), voice])
    return together.select(np.lexsort((together.pitches, together.onsets)))


def _during(notes: Notes, starts: Floats, ends: Floats) -> Booleans:
    """Which notes (n,) sound during one of the stretches, which are in order and apart."""
    row = np.searchsorted(starts, notes.offsets) - 1
    during: Booleans = (row >= 0) & (ends[np.maximum(row, 0)] > notes.onsets)
    return during


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
