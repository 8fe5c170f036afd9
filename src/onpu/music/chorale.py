"""Four-part chorales on a grid of sixteenths."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Integers
from onpu.music.beats import Beats, Metre
from onpu.music.key import Keys
from onpu.music.notes import Notes
from onpu.music.spelling import MODES, key_label, parse_key
from onpu.music.timeline import Timeline

VOICES = ("soprano", "alto", "tenor", "bass")
STEPS = 4
"""Steps of the grid in a quarter note."""
RANGES = ((57, 81), (52, 74), (48, 69), (36, 64))
"""Lowest and highest MIDI pitch of each voice in the four-part chorales of J. S. Bach."""
VELOCITY = 80


class VoiceLine(NamedTuple):
    """The notes of one voice: starts, ends in steps, MIDI pitches, each (n,)."""

    starts: np.ndarray
    ends: np.ndarray
    pitches: np.ndarray


@dataclass(frozen=True, eq=False)
class Chorale:
    """A score for soprano, alto, tenor, bass.

    pitches: (4, steps) MIDI pitch that sounds, 0 in rests. attacks: (4, steps) whether a note begins there. fermata:
    (steps,) whether the soprano's note has one. bars: (n,) steps at which whole bars begin, before the first an upbeat.
    quarters: length of a bar (3, 4; 6 for 3/2). key: as in `Bb:major`, `A:dorian`. name: of the piece.
    """

    pitches: np.ndarray
    attacks: np.ndarray
    fermata: np.ndarray
    bars: np.ndarray
    quarters: int
    key: str
    name: str = ""

    @property
    def steps(self) -> int:
        """Length."""
        return int(self.pitches.shape[1])

    @classmethod
    def empty(cls, bars: int, quarters: int, key: str, upbeat: bool, phrase: int) -> "Chorale":
        """Bars in which nothing sounds yet, with fermatas after each `phrase` bars; 0: after the last alone. With an
        upbeat phrases end a quarter before the bar does, in three bars of four the most frequent place in Bach's;
        without, on its second half."""
        bar, ahead, held = quarters * STEPS, STEPS if upbeat else 0, STEPS if upbeat else 2 * STEPS
        steps = bars * bar
        fermata = np.zeros(steps, bool)
        for end in range(bar * phrase, steps, bar * phrase) if phrase else ():
            fermata[end - held : end] = True
        fermata[-held:] = True
        return cls(np.zeros((len(VOICES), steps), np.int64), np.zeros((len(VOICES), steps), bool), fermata,
                   np.arange(ahead, steps, bar), quarters, key)

    def validate(self) -> "Chorale":
        """Return self or raise `LabelError`."""
        if self.pitches.shape != (len(VOICES), self.steps) or self.attacks.shape != self.pitches.shape or (
                self.fermata.shape != (self.steps,)):
            raise LabelError(f"{self.name or 'a chorale'}: four voices and the fermatas must be equally long")
        sounding = self.pitches > 0
        if ((self.pitches < 0) | (self.pitches > 127)).any() or (self.attacks & ~sounding).any():
            raise LabelError(f"{self.name or 'a chorale'}: a note begins that has no pitch, or one beyond MIDI's 127")
        changes = np.diff(self.pitches, axis=1, prepend=0) != 0
        if (changes & sounding & ~self.attacks).any():
            raise LabelError(f"{self.name or 'a chorale'}: a note changes its pitch without beginning anew")
        if not 1 <= self.quarters <= 12 or not len(self.bars) or (np.diff(self.bars) <= 0).any() or (
                not 0 <= self.bars[0] < self.quarters * STEPS):
            raise LabelError(f"{self.name or 'a chorale'}: its bars do not follow each other; give their first steps")
        parse_key(self.key)
        return self

    def line(self, voice: int) -> VoiceLine:
        """The notes of a voice, 0 to 3."""
        starts = np.flatnonzero(self.attacks[voice])
        stops = np.flatnonzero(self.attacks[voice] | (self.pitches[voice] == 0))
        ends = np.append(stops, self.steps)[np.searchsorted(stops, starts, side="right")]
        return VoiceLine(starts, ends, self.pitches[voice, starts])

    def places(self) -> np.ndarray:
        """(steps,) steps since the bar's start; those of the upbeat count to their bar's end."""
        at = np.arange(self.steps)
        index = np.searchsorted(self.bars, at, side="right") - 1
        upbeat = at - self.bars[0] + self.quarters * STEPS
        places: Integers = np.where(index < 0, upbeat, at - self.bars[np.maximum(index, 0)])
        return places

    def transposed(self, semitones: int) -> "Chorale":
        """Higher by so many semitones; the key is spelled with the fewest accidentals."""
        tonic, mode = parse_key(self.key)
        return replace(self, pitches=np.where(self.pitches > 0, self.pitches + semitones, 0),
                       key=key_label((tonic + semitones) % 12, mode))

    def timeline(self, bpm: float, program: int) -> Timeline:
        """Its notes, beats (quarters), metre and key, at so many quarters a minute.

        program: General MIDI number, of all voices. The notes are ordered by onset, then by voice from the bass up.
        """
        step = 60 / bpm / STEPS
        lines = [self.line(voice) for voice in reversed(range(len(VOICES)))]
        starts, ends, pitches = (np.concatenate(column) for column in zip(*lines, strict=True))
        order = np.argsort(starts, kind="stable")
        count = len(order)
        notes = Notes(starts[order] * step, ends[order] * step, pitches[order].astype(np.float64),
                      np.full(count, VELOCITY), np.full(count, program), np.ones(count))
        beats = np.arange(self.bars[0] % STEPS, self.steps, STEPS)
        duration = self.steps * step
        one = np.ones(1)
        return Timeline(
            duration, beats=Beats.of(beats * step, self.places()[beats] // STEPS + 1), notes=notes,
            metre=Metre(np.zeros(1), np.array([self.quarters]), np.array([4]), one),
            keys=Keys(np.zeros(1), np.array([duration]), np.array([self.key]), one))


def key_named(label: str) -> str:
    """`Bb:major` of `Bb`, `Bb major`, `bb minor`, `A:dorian`. Raises `LabelError`."""
    try:
        return key_label(*parse_key(label.strip()[:1].upper() + label.strip()[1:]))
    except LabelError:
        raise LabelError(f"{label!r} is no key; write a tonic and one of {', '.join(MODES)}, as in Eb:major") from None
