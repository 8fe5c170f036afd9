"""Chords as notes to listen to."""

from dataclasses import replace

import numpy as np

from onpu.music.chords import Chords
from onpu.music.harte import parse
from onpu.music.notes import Notes
from onpu.music.timeline import Timeline

BASS, MIDDLE = 40, 55  # lowest bass note, E2, and lowest note above it, G3
VELOCITY, PROGRAM = 60, 0  # a piano in the background


def block_chords(chords: Chords) -> Notes:
    """Each chord held for its length: its bass in the octave from E2, its tones in that from G3.

    A tone has one place whatever the chord, so that common tones stay and the others move by small steps. A bass that
    is no tone of the chord is played below alone. Raises `LabelError` for a label that is no chord.
    """
    rows = []
    for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
        chord = parse(str(label))
        if chord.root < 0:
            continue
        tones = sorted(MIDDLE + (chord.root + tone - MIDDLE) % 12 for tone in chord.tones)
        rows += [(start, end, pitch) for pitch in (BASS + (chord.root + chord.bass - BASS) % 12, *tones)]
    onsets, offsets, pitches = np.array(rows, np.float64).reshape(-1, 3).T
    count = len(rows)
    return Notes(onsets, offsets, pitches, np.full(count, VELOCITY), np.full(count, PROGRAM), np.ones(count))


def accompanied(timeline: Timeline) -> Timeline:
    """The same, its chords played too, below the notes that are there."""
    notes, chords = timeline.require(Notes), timeline.require(Chords)
    both = Notes.concatenate([notes, block_chords(chords)])
    return replace(timeline, notes=both.select(np.argsort(both.onsets, kind="stable")))
