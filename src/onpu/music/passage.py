"""Some bars of 4/4 on a grid of sixteenths: a melody, a bass, drums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from onpu.errors import LabelError
from onpu.music.beats import Beats, Metre
from onpu.music.chorale import STEPS, VELOCITY, VoiceLine
from onpu.music.chords import Chords
from onpu.music.drums import Drums
from onpu.music.harte import parse, transposed
from onpu.music.notes import Notes
from onpu.music.sections import Sections
from onpu.music.timeline import Timeline

QUARTERS = 4
"""Of a bar."""
BAR = QUARTERS * STEPS
"""Steps of a bar."""
LINES = ("melody", "bass")
PARTS = (*LINES, "drums")
HOLD, OFF = -2, -1
"""What a line may do at a step besides beginning a note: nothing, and ending one."""
KIT = {36: (35, 36), 38: (37, 38, 39, 40), 42: (42, 44, 54, 69, 70, 82), 46: (46,), 45: (41, 43, 45), 48: (47, 48),
       50: (50,), 49: (49, 52, 55, 57), 51: (51, 53, 59)}
"""General MIDI number of a class of drums -> those that are counted to it: bass drum, snare, closed and open hi-hat,
low, middle and high tom, crash, ride."""


class PassageKind(NamedTuple):
    """What a network makes: so many bars of these parts."""

    bars: int
    parts: tuple[str, ...]

    @property
    def steps(self) -> int:
        """Length."""
        return self.bars * BAR


KINDS = {"melody-2": PassageKind(2, ("melody",)), "melody-16": PassageKind(16, ("melody",)),
         "drums-2": PassageKind(2, ("drums",)),
         "trio-2": PassageKind(2, PARTS), "trio-16": PassageKind(16, PARTS)}
"""Name -> what is made."""


@dataclass(frozen=True, eq=False)
class Passage:
    """Whole bars of 4/4.

    parts: by name of `PARTS`, any of them. A line is (steps,): the MIDI pitch of a note that begins at a step, `OFF`
    where the one before ends, `HOLD` where nothing happens; before its first note it rests. Drums are (steps, 9):
    whether a drum of `KIT` is struck. chords: a Harte label a bar, empty where they are not known. name: of the piece.
    """

    parts: Mapping[str, np.ndarray]
    chords: tuple[str, ...] = ()
    name: str = ""

    @property
    def steps(self) -> int:
        """Length."""
        return len(next(iter(self.parts.values())))

    @property
    def bars(self) -> int:
        """Length."""
        return self.steps // BAR

    def validate(self) -> "Passage":
        """Return self or raise `LabelError`."""
        said = self.name or "a passage"
        if not self.parts or set(self.parts) - set(PARTS) or self.steps % BAR or not self.steps:
            raise LabelError(f"{said}: needs whole bars of some of the parts {', '.join(PARTS)}")
        for part, events in self.parts.items():
            if events.shape != ((self.steps, len(KIT)) if part == "drums" else (self.steps,)):
                raise LabelError(f"{said}: the {part} are of the shape {events.shape}, which is not its {self.steps} "
                                 "steps")
            if part != "drums" and not HOLD <= events.min() <= events.max() <= 127:
                raise LabelError(f"{said}: a pitch of the {part} lies outside MIDI's 0 to 127")
        if self.chords and len(self.chords) != self.bars:
            raise LabelError(f"{said}: {len(self.chords)} chords for {self.bars} bars; give one a bar")
        for chord in self.chords:
            parse(chord)
        return self

    def line(self, part: str) -> VoiceLine:
        """The notes of a line."""
        events = self.parts[part]
        starts, stops = np.flatnonzero(events >= 0), np.flatnonzero(events != HOLD)
        ends = np.append(stops, self.steps)[np.searchsorted(stops, starts, side="right")]
        return VoiceLine(starts, ends, events[starts])

    def cut(self, first: int, bars: int) -> "Passage":
        """So many bars from bar `first` on (from 0); a note that sounds on into them is silent there."""
        steps = slice(first * BAR, (first + bars) * BAR)
        parts = {part: events[steps].copy() for part, events in self.parts.items()}
        for part in LINES:
            if part in parts:
                begun = np.flatnonzero(parts[part] >= 0)
                parts[part][: begun[0] if len(begun) else None] = HOLD
        return replace(self, parts=parts, chords=self.chords[first : first + bars])

    def transposed(self, semitones: int) -> "Passage":
        """Higher by so many semitones; drums stay."""
        return replace(self, parts={part: np.where(events >= 0, events + semitones, events) if part in LINES else events
                                    for part, events in self.parts.items()},
                       chords=tuple(transposed(chord, semitones) for chord in self.chords))

    def timeline(self, bpm: float, programs: Mapping[str, int]) -> Timeline:
        """Its notes, drums, chords, beats and metre, at so many quarters a minute; programs: General MIDI number of
        each line."""
        step = 60 / bpm / STEPS
        duration = self.steps * step
        lines = [(self.line(part), programs[part]) for part in LINES if part in self.parts]
        rows = np.array([(start * step, end * step, pitch, program) for line, program in lines
                         for start, end, pitch in zip(*line, strict=True)]).reshape(-1, 4)
        rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
        count, one = len(rows), np.ones(1)
        struck = np.argwhere(self.parts.get("drums", np.zeros((0, len(KIT)), bool)))
        beats = np.arange(self.steps // STEPS)
        changes = [bar for bar in range(len(self.chords)) if not bar or self.chords[bar] != self.chords[bar - 1]]
        edges = np.array([*changes, self.bars]) * BAR * step
        return Timeline(
            duration, beats=Beats.of(beats * STEPS * step, beats % QUARTERS + 1),
            metre=Metre(np.zeros(1), np.array([QUARTERS]), np.array([4]), one),
            chords=Chords(edges[:-1], edges[1:], np.array([self.chords[bar] for bar in changes], np.str_),
                          np.ones(len(changes))) if self.chords else None,
            notes=Notes(rows[:, 0], rows[:, 1], rows[:, 2], np.full(count, VELOCITY), rows[:, 3].astype(np.int64),
                        np.ones(count)),
            drums=Drums(struck[:, 0] * step, np.array(list(KIT))[struck[:, 1]], np.full(len(struck), VELOCITY),
                        np.ones(len(struck))) if "drums" in self.parts else None)


def joined(passages: Sequence[Passage], name: str = "") -> Passage:
    """One after the other; notes end where their passage does."""
    parts = {}
    for part in passages[0].parts:
        rows = [passage.parts[part].copy() for passage in passages]
        for row in rows[1:] if part in LINES else ():
            row[0] = OFF if row[0] == HOLD else row[0]
        parts[part] = np.concatenate(rows)
    return Passage(parts, sum((passage.chords for passage in passages), ()), name)


def written(starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray, steps: int, filled: int, highest: bool
            ) -> np.ndarray:
    """A line (steps,) of notes that begin and end at steps of the grid, in whatever order, some of them outside it.

    Of notes that begin together the highest (or the lowest) stays; a note ends where the next begins. filled: a rest of
    fewer steps is the note before, which was played short.
    """
    order = np.lexsort((-pitches if highest else pitches, starts))
    starts, ends, pitches = starts[order], np.maximum(ends, starts + 1)[order], pitches[order]
    kept = (np.diff(starts, prepend=-1) != 0) & (starts >= 0) & (starts < steps)
    starts, ends, pitches = starts[kept], ends[kept], pitches[kept]
    following = np.append(starts[1:], steps)
    events = np.full(steps, HOLD, np.int64)
    events[starts] = pitches
    offs = ends[following - ends >= filled]
    events[offs[offs < steps]] = OFF
    return events


def struck(steps: np.ndarray, pitches: np.ndarray, total: int) -> np.ndarray:
    """Drums (total, 9) of hits at steps of the grid, General MIDI; those of other instruments are left out."""
    hits = np.zeros((total, len(KIT)), bool)
    for number, counted in enumerate(KIT.values()):
        at = steps[np.isin(pitches, counted)]
        hits[at[(at >= 0) & (at < total)], number] = True
    return hits


def longest_chords(starts: np.ndarray, ends: np.ndarray, labels: Sequence[str], bars: int) -> tuple[str, ...]:
    """The label that lasts longest in each bar, N where there is none. starts, ends: quarters from the first bar's
    start."""
    found = []
    for first in range(0, bars * QUARTERS, QUARTERS):
        shares = np.minimum(ends, first + QUARTERS) - np.maximum(starts, first)
        best = int(shares.argmax()) if len(shares) else 0
        found.append(str(labels[best]) if len(shares) and shares[best] > 0 else "N")
    return tuple(found)


def numbered(seconds: float, count: int) -> Sections:
    """Sections of equal length that say which of so many passages sounds."""
    edges = np.linspace(0, seconds, count + 1)
    labels = np.array([f"{number} of {count}" for number in range(1, count + 1)], np.str_)
    return Sections(edges[:-1], edges[1:], labels, np.ones(count))
