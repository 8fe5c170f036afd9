"""Ten old tunes that people sing, as sopranos.

Each is written as phrases, divided by bars (`|`); a note is its name, octave, and its length in quarters after a colon,
1 where there is none. `UPBEATS`: quarters before the first whole bar.
"""

import numpy as np

from onpu.music import Beats, Metre, Notes, Timeline
from onpu.music.chorale import STEPS, VOICES, Chorale
from onpu.music.spelling import pitch_class

TUNES = {
    "Old Hundredth": ("G:major", 4, 1, """
        G4 G4 F#4 E4 D4 G4 A4 B4
        |
        B4 B4 B4 A4 G4 C5 B4 A4
        |
        G4 A4 B4 A4 G4 E4 F#4 G4
        |
        D5 B4 G4 A4 C5 B4 A4 G4
        """),
    "New Britain": ("G:major", 3, 1, """
        D4 G4:2 B4:.5 G4:.5 B4:2 A4 G4:2 E4 D4:2
        |
        D4 G4:2 B4:.5 G4:.5 B4:2 A4 D5:5
        |
        B4 D5:2 B4:.5 G4:.5 B4:2 A4 G4:2 E4 D4:2
        |
        D4 G4:2 B4:.5 G4:.5 B4:2 A4 G4:5
        """),
    "Hymn to Joy": ("G:major", 4, 0, """
        B4 B4 C5 D5 D5 C5 B4 A4 G4 G4 A4 B4 B4:1.5 A4:.5 A4:2
        |
        B4 B4 C5 D5 D5 C5 B4 A4 G4 G4 A4 B4 A4:1.5 G4:.5 G4:2
        |
        A4 A4 B4 G4 A4 B4:.5 C5:.5 B4 G4 A4 B4:.5 C5:.5 B4 A4 G4 A4 D4:2
        |
        B4 B4 C5 D5 D5 C5 B4 A4 G4 G4 A4 B4 A4:1.5 G4:.5 G4:2
        """),
    "Antioch": ("D:major", 4, 0, """
        D5:2 C#5:1.5 B4:.5 A4:3 G4 F#4:2 E4:2 D4:3
        |
        A4 B4:3 B4 C#5:3 C#5 D5:4
        """),
    "Adeste fideles": ("G:major", 4, 1, """
        G4 G4:2 D4 G4 A4:2 D4:2 B4 A4 B4 C5 B4:2 A4
        |
        G4 G4:2 F#4 E4 F#4 G4 A4 B4 F#4:2 E4:1.5 D4:.5 D4:3
        |
        G4 G4 F#4 G4 A4 G4:2 D4
        |
        B4 B4 A4 B4 C5 B4:2 A4
        |
        B4 C5 B4 A4 G4 F#4:2 G4 C5 B4:2 A4:1.5 G4:.5 G4:3
        """),
    "Veni Emmanuel": ("E:minor", 4, 1, """
        E4 G4 B4 B4 B4 A4 C5 B4 A4 G4:3
        |
        A4 B4 G4 E4 G4 A4 F#4 E4 D4 E4:3
        """),
    "Greensleeves": ("E:minor", 3, 1, """
        E4 G4:2 A4 B4:1.5 C#5:.5 B4 A4:2 F#4 D4:1.5 E4:.5 F#4 G4:2 E4 E4:1.5 D#4:.5 E4 F#4:2 D#4 B3:2
        |
        E4 G4:2 A4 B4:1.5 C#5:.5 B4 A4:2 F#4 D4:1.5 E4:.5 F#4 G4:1.5 F#4:.5 E4 D#4:1.5 C#4:.5 D#4 E4:5
        """),
    "God save the King": ("G:major", 3, 0, """
        G4 G4 A4 F#4:1.5 G4:.5 A4 B4 B4 C5 B4:1.5 A4:.5 G4 A4 G4 F#4 G4:3
        |
        D5 D5 D5 D5:1.5 C5:.5 B4 C5 C5 C5 C5:1.5 B4:.5 A4
        |
        B4 C5:.5 B4:.5 A4:.5 G4:.5 B4:1.5 C5:.5 D5 E5:.5 C5:.5 B4 A4 G4:3
        """),
    "Auld lang syne": ("F:major", 4, 1, """
        C4 F4:1.5 F4:.5 F4 A4 G4:1.5 F4:.5 G4 A4 F4:1.5 F4:.5 A4 C5 D5:3
        |
        D5 C5:1.5 A4:.5 A4 F4 G4:1.5 F4:.5 G4 A4 F4:1.5 D4:.5 D4 C4 F4:3
        """),
    "Away in a manger": ("F:major", 3, 1, """
        C5 C5:1.5 Bb4:.5 A4 A4:1.5 G4:.5 F4 F4 E4 D4 C4:2
        |
        C4 C4:1.5 D4:.5 C4 C4 G4 E4 D4 C4 F4 A4:2
        |
        C5 C5:1.5 Bb4:.5 A4 A4:1.5 G4:.5 F4 F4 E4 D4 C4:2
        |
        C4 Bb4:1.5 A4:.5 G4 A4 G4 F4 G4 D4 E4 F4:2
        """),
}
"""Name -> key, quarters a bar, quarters of the upbeat, notes."""


def soprano(name: str, key: str | None = None) -> Chorale:
    """A tune as a soprano, the last note of each phrase with a fermata; the other voices are still to be written."""
    own, quarters, upbeat, text = TUNES[name]
    rows = [[_note(word) for word in phrase.split()] for phrase in text.split("|")]
    steps = sum(length for row in rows for _, length in row)
    pitches, attacks = np.zeros((len(VOICES), steps), np.int64), np.zeros((len(VOICES), steps), bool)
    fermata, at = np.zeros(steps, bool), 0
    for row in rows:
        for pitch, length in row:
            pitches[0, at : at + length], attacks[0, at] = pitch, True
            at += length
        fermata[at - row[-1][1] : at] = True
    bars = np.arange(upbeat * STEPS, steps, quarters * STEPS)
    return Chorale(pitches, attacks, fermata, bars, quarters, key or own, name).validate()


def played(name: str) -> Timeline:
    """A tune as a file without a key has it: notes and beats, a quarter a second."""
    chorale = soprano(name)
    starts, ends, pitches = chorale.line(0)
    count, quarters = len(starts), -(-chorale.steps // STEPS)
    positions = (np.arange(quarters) - chorale.bars[0] // STEPS) % chorale.quarters + 1
    notes = Notes(starts / STEPS, ends / STEPS, pitches.astype(float), np.full(count, 80), np.zeros(count, int),
                  np.ones(count))
    metre = Metre(np.zeros(1), np.array([chorale.quarters]), np.array([4]), np.ones(1))
    return Timeline(float(quarters), beats=Beats.of(np.arange(quarters).astype(float), positions), notes=notes,
                    metre=metre)


def _note(word: str) -> tuple[int, int]:
    """MIDI pitch, length in steps."""
    name, _, length = word.partition(":")
    return 12 * (int(name[-1]) + 1) + pitch_class(name[:-1]), round(float(length or 1) * STEPS)
