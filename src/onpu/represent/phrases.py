"""Melodies with chords as numbers for networks: each sixteenth of the melody, and the chords with where they stand.

Of a melody a *note* is an index: `OUTSIDE` behind its end, `REST`, then the pitches; what lies beyond them is told an
octave, or more, nearer.
"""

import numpy as np

from onpu.music.phrase import Phrase

OUTSIDE, REST, FIRST = 0, 1, 2
LOWEST, HIGHEST = 41, 93
"""MIDI pitches that are told apart."""
NOTES = FIRST + HIGHEST - LOWEST + 1
PLACES_PER_BAR, BARS = 16, 8
"""Steps a bar and bars a phrase, at most."""


def encoded(phrase: Phrase) -> dict[str, np.ndarray]:
    """What networks are told, int64, filled up to `BARS` bars of `PLACES_PER_BAR` steps.

    notes, begins, place, bar: (steps,) what sounds, whether it begins there, the steps since the bar's start and the
    number of the bar. starts: (slots,) the step at which a chord begins. chords, asked: (slots,) its number, and 1
    where there is one.
    """
    at = np.arange(phrase.steps)
    pitches = phrase.pitches.astype(np.int64)
    pitches = np.where(pitches < LOWEST, LOWEST + (pitches - LOWEST) % 12, pitches)
    pitches = np.where(pitches > HIGHEST, HIGHEST - (HIGHEST - pitches) % 12, pitches)
    steps = {"notes": np.where(phrase.pitches > 0, pitches - LOWEST + FIRST, REST), "begins": phrase.attacks,
             "place": at % phrase.bar, "bar": at // phrase.bar}
    slots = {"starts": np.arange(0, phrase.steps, phrase.slot), "chords": phrase.chords,
             "asked": np.ones(len(phrase.chords))}
    sizes = dict.fromkeys(steps, BARS * PLACES_PER_BAR) | dict.fromkeys(slots, BARS * 2)
    return {name: np.pad(values, (0, sizes[name] - len(values))).astype(np.int64)
            for name, values in (steps | slots).items()}
