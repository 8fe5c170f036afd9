"""Piano rolls: which pitches sound at each sixteenth."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Booleans
from onpu.music.bars import bars
from onpu.music.beats import Beats, Metre
from onpu.music.key import Keys
from onpu.music.notes import Notes
from onpu.music.phrase import PROFILES
from onpu.music.spelling import key_label, parse_key
from onpu.music.timeline import Timeline

STEPS = 4
"""Steps of the grid in a quarter note."""
LOWEST, PITCHES = 36, 64
"""MIDI number of the first column, and how many there are."""
VELOCITY = 80
MOST_BARS = 64
MIN_STEP_SHARE = 0.3
"""Share of a step from which on the part of a note that does not fill it counts."""


@dataclass(frozen=True, eq=False)
class Roll:
    """Music on a grid.

    sounding: (steps, `PITCHES`) whether a pitch sounds, lowest first; a bar begins at the first step. Where a note is
    repeated at once, the last step of the earlier one is silent. quarters: length of a bar. key: as in `Bb:major`.
    name: of the piece.
    """

    sounding: np.ndarray
    quarters: int
    key: str
    name: str = ""

    @classmethod
    def of(cls, starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray, steps: int, quarters: int, key: str,
           name: str = "") -> "Roll":
        """Of notes, in quarters from a bar's beginning; what begins elsewhere than in these steps is left out, what
        is too low or too high comes in another octave.

        starts, ends: (n,) quarters. pitches: (n,) MIDI numbers.
        """
        first = np.rint(starts * STEPS).astype(np.int64)
        last = np.maximum(np.ceil(ends * STEPS - MIN_STEP_SHARE).astype(np.int64), first + 1)
        columns = within(pitches.astype(np.int64) - LOWEST)
        begins = np.zeros((steps + 1, PITCHES), bool)
        inside = (first >= 0) & (first < steps)
        begins[first[inside], columns[inside]] = True
        sounding = np.zeros((steps, PITCHES), bool)
        for begin, end, column in zip(first[inside], np.minimum(last[inside], steps), columns[inside], strict=True):
            again = np.flatnonzero(begins[begin + 1 : end + 1, column])
            stop = end if not len(again) else begin + max(1, int(again[0]))
            sounding[begin:stop, column] = True
        return cls(sounding & ~_repeated(sounding, begins[:steps]), quarters, key, name)

    @property
    def steps(self) -> int:
        """Length."""
        return len(self.sounding)

    def validate(self) -> "Roll":
        """Return self or raise `LabelError`."""
        if self.sounding.shape != (self.steps, PITCHES) or self.sounding.dtype != bool:
            raise LabelError(f"{self.name or 'a roll'}: {PITCHES} pitches a step are to be true or false")
        if not 1 <= self.quarters <= 12:
            raise LabelError(f"{self.name or 'a roll'}: {self.quarters} quarters are no bar; give 1 to 12")
        parse_key(self.key)
        return self

    def cut(self, start: int, stop: int) -> "Roll":
        """These steps of it; `start` is to be a bar's beginning."""
        return replace(self, sounding=self.sounding[start:stop])

    def transposed(self, semitones: int) -> "Roll":
        """Higher by so many semitones; what leaves the roll comes in another octave."""
        sounding = np.zeros_like(self.sounding)
        for column, into in enumerate(within(np.arange(PITCHES) + semitones)):
            sounding[:, into] |= self.sounding[:, column]
        tonic, mode = parse_key(self.key)
        return replace(self, sounding=sounding, key=key_label((tonic + semitones) % 12, mode))

    def notes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Starts and ends in steps, MIDI pitches, each (n,), by start, then from the lowest up."""
        edges = np.diff(self.sounding.astype(np.int8), axis=0, prepend=0, append=0)
        columns, starts = np.nonzero(edges.T == 1)
        ends = np.nonzero(edges.T == -1)[1]
        order = np.lexsort((columns, starts))
        return starts[order], ends[order], columns[order] + LOWEST

    def timeline(self, bpm: float, program: int) -> Timeline:
        """Its notes, beats (quarters), metre and key, at so many quarters a minute. program: General MIDI number."""
        step = 60 / bpm / STEPS
        starts, ends, pitches = self.notes()
        count, one, duration = len(starts), np.ones(1), self.steps * step
        notes = Notes(starts * step, ends * step, pitches.astype(np.float64), np.full(count, VELOCITY),
                      np.full(count, program), np.ones(count))
        beats = np.arange(0, self.steps, STEPS)
        return Timeline(
            duration, beats=Beats.of(beats * step, beats // STEPS % self.quarters + 1), notes=notes,
            metre=Metre(np.zeros(1), np.array([self.quarters]), np.array([4]), one),
            keys=Keys(np.zeros(1), np.array([duration]), np.array([self.key]), one))


def roll_of(timeline: Timeline, name: str) -> Roll:
    """Its notes on the sixteenths of its beats, in whole bars from that of the first note to that of the last. Key: the
    timeline's first, else the one that the notes fit best.

    Raises `LabelError` that begins with `name` when there are no notes or beats, bars are not all of three or all of
    four quarters, or there are more than `MOST_BARS`.
    """
    notes = timeline.notes
    if notes is None or not len(notes.onsets) or timeline.beats is None or not len(timeline.beats.times):
        raise LabelError(f"{name}: holds no notes on beats, so there is nothing to go on from; give a file that does")
    found = bars(timeline)
    sizes = set(found.numerators.tolist())
    if (found.quarters != 1).any() or len(sizes) > 1 or not sizes <= {3, 4}:
        raise LabelError(f"{name}: its bars are of {found.numerators[0]}/{found.denominators[0]}, or not all alike; "
                         "write it in 3/4 or in 4/4 throughout")
    quarters = sizes.pop()
    origin = int(found.firsts[:-1][found.numbers > 0][0]) if (found.numbers > 0).any() else 0
    starts, ends = found.beats_at(notes.onsets) - origin, found.beats_at(notes.offsets) - origin
    first = np.floor((starts.min() + 0.5 / STEPS) / quarters) * quarters
    length = int(np.ceil((ends.max() - first - MIN_STEP_SHARE / STEPS) / quarters))
    if length > MOST_BARS:
        raise LabelError(f"{name}: has {length} bars; give a file of {MOST_BARS} at most")
    pitches = np.rint(notes.pitches).astype(np.int64)
    return Roll.of(starts - first, ends - first, pitches, max(1, length) * quarters * STEPS, quarters,
                   _key(timeline, pitches, notes.offsets - notes.onsets), name).validate()


def _key(timeline: Timeline, pitches: np.ndarray, lengths: np.ndarray) -> str:
    """The timeline's first key, else the one whose profile the time of each pitch class is most like."""
    for keys in (timeline.keys, timeline.key):
        named = [str(label) for label in keys.labels if str(label) != "N"] if keys is not None else []
        if named:
            return named[0]
    times = np.bincount(pitches % 12, weights=lengths, minlength=12)
    fits = {key_label(tonic, mode): float(np.corrcoef(np.roll(profile, tonic), times)[0, 1])
            for mode, profile in PROFILES.items() for tonic in range(12)}
    return max(fits, key=lambda label: np.nan_to_num(fits[label], nan=-1.0))


def within(columns: np.ndarray) -> np.ndarray:
    """Columns of any number, each in the nearest octave that the roll has."""
    low = np.where(columns < 0, columns % 12, columns)
    return np.where(low >= PITCHES, PITCHES - 12 + (low - PITCHES + 12) % 12, low)


def _repeated(sounding: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """(steps, pitches) last steps of notes of two steps or more that are repeated at once."""
    following = np.zeros_like(begins)
    following[:-1] = begins[1:] & sounding[:-1]
    repeated: Booleans = following & ~begins
    return repeated
