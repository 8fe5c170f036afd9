"""A melody with its chords on a grid of sixteenths: what is sung, and what is to sound with it, half a bar a chord."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.errors import LabelError
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.harte import QUALITIES as TONES
from onpu.music.harte import parse, write
from onpu.music.key import Keys
from onpu.music.notes import Notes
from onpu.music.spelling import key_label, names, parse_key
from onpu.music.timeline import Timeline

STEPS = 4
"""Steps of the grid in a quarter note."""
SLOTS = {3: 3, 4: 2}
"""Quarters a bar -> quarters a chord."""
QUALITIES = ("maj", "min", "7")
NONE = 12 * len(QUALITIES)
"""Number of the chord N; that of others is root * 3 + quality."""
CHORDS = NONE + 1
VELOCITY = 90
PROFILES = {"major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
            "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)}
"""How well each degree fits a key (Krumhansl & Kessler, "Tracing the dynamic changes in perceived tonal organization",
Psychological Review 1982)."""
SCALE_PROFILE = np.array(PROFILES["major"]) + np.roll(PROFILES["minor"], 9)
"""How well each pitch class over the tonic of a major scale fits it or its relative minor."""


@dataclass(frozen=True, eq=False)
class Phrase:
    """Whole bars of a melody, with chords.

    pitches: (steps,) MIDI pitch that sounds, 0 in rests. attacks: (steps,) whether a note begins there. chords:
    (slots,) numbers of chords, see `SLOTS`. quarters: length of a bar, 3 or 4. key: as in `Bb:major`. name: of the
    piece.
    """

    pitches: np.ndarray
    attacks: np.ndarray
    chords: np.ndarray
    quarters: int
    key: str
    name: str = ""

    @property
    def steps(self) -> int:
        """Length."""
        return len(self.pitches)

    @property
    def bar(self) -> int:
        """Steps a bar."""
        return STEPS * self.quarters

    @property
    def slot(self) -> int:
        """Steps a chord."""
        return STEPS * SLOTS[self.quarters]

    def validate(self) -> "Phrase":
        """Return self or raise `LabelError`."""
        name = self.name or "a melody"
        if self.quarters not in SLOTS or not self.steps or self.steps % self.bar or (
                len(self.attacks) != self.steps or len(self.chords) * self.slot != self.steps):
            raise LabelError(f"{name}: must have whole bars of 3 or 4 quarters, and a chord for each half or whole bar")
        if ((self.pitches < 0) | (self.pitches > 127)).any() or (self.attacks & (self.pitches == 0)).any():
            raise LabelError(f"{name}: a note begins that has no pitch, or one beyond MIDI's 127")
        if ((self.chords < 0) | (self.chords >= CHORDS)).any():
            raise LabelError(f"{name}: chords have numbers from 0 to {CHORDS - 1}")
        parse_key(self.key)
        return self

    def cut(self, first: int, count: int) -> "Phrase":
        """Bars [first, first + count) of it."""
        here, slots = slice(first * self.bar, (first + count) * self.bar), self.bar // self.slot
        return replace(self, pitches=self.pitches[here], attacks=self.attacks[here],
                       chords=self.chords[first * slots : (first + count) * slots])

    def transposed(self, semitones: int) -> "Phrase":
        """Higher by so many semitones."""
        tonic, mode = parse_key(self.key)
        chords = np.where(self.chords < NONE, (self.chords + len(QUALITIES) * semitones) % NONE, NONE)
        return replace(self, pitches=np.where(self.pitches > 0, self.pitches + semitones, 0), chords=chords,
                       key=key_label((tonic + semitones) % 12, mode))

    def scale(self) -> int:
        """Pitch class of the tonic of the major scale in which the melody lies best, by the time that its pitch classes
        sound and how well each degree fits that key and its relative minor (Krumhansl & Kessler 1982); the key that
        is given is not looked at. It moves with the melody when that is transposed."""
        sounding = np.bincount(self.pitches[self.pitches > 0] % 12, minlength=12).astype(np.float64)
        return int(np.argmax([(sounding * np.roll(SCALE_PROFILE, tonic)).sum() for tonic in range(12)]))

    def timeline(self, bpm: float, program: int) -> Timeline:
        """The melody, the chords where they change, beats, metre and key, at so many quarters a minute.

        program: General MIDI number that sings.
        """
        step = 60 / bpm / STEPS
        starts = np.flatnonzero(self.attacks)
        stops = np.append(np.flatnonzero(self.attacks | (self.pitches == 0)), self.steps)
        ends = stops[np.searchsorted(stops, starts, side="right")]
        count, one, duration = len(starts), np.ones(1), self.steps * step
        notes = Notes(starts * step, ends * step, self.pitches[starts].astype(np.float64), np.full(count, VELOCITY),
                      np.full(count, program), np.ones(count))
        changes = np.flatnonzero(np.diff(self.chords, prepend=-1))
        until = np.append(changes[1:], len(self.chords)) * self.slot * step
        labels = np.array([chord_label(int(number), self.key) for number in self.chords[changes]], np.str_)
        beats = np.arange(0, self.steps, STEPS)
        return Timeline(
            duration, beats=Beats.of(beats * step, beats // STEPS % self.quarters + 1), notes=notes,
            metre=Metre(np.zeros(1), np.array([self.quarters]), np.array([4]), one),
            keys=Keys(np.zeros(1), np.array([duration]), np.array([self.key]), one),
            chords=Chords(changes * self.slot * step, until, labels, np.ones(len(changes))))


def chord_number(label: str) -> int:
    """The chord of the vocabulary that stands for a label in Harte's syntax: minor where the third is, 7 where a minor
    seventh is over a major third, major where there is neither. Raises `LabelError`."""
    chord = parse(label)
    if chord.root < 0:
        return NONE
    minor = 3 in chord.tones and 4 not in chord.tones
    quality = "min" if minor else "7" if {4, 10} <= chord.tones else "maj"
    return chord.root * len(QUALITIES) + QUALITIES.index(quality)


def chord_label(number: int, key: str) -> str:
    """Label of a chord, spelled for a key."""
    if number >= NONE:
        return "N"
    root, quality = divmod(number, len(QUALITIES))
    return write(names(*parse_key(key))[root], QUALITIES[quality])


def chord_tones() -> np.ndarray:
    """(CHORDS, 12) whether a pitch class belongs to a chord; N has none."""
    tones = np.zeros((CHORDS, 12), bool)
    for number in range(NONE):
        root, quality = divmod(number, len(QUALITIES))
        tones[number, [(root + tone) % 12 for tone in TONES[QUALITIES[quality]]]] = True
    return tones
