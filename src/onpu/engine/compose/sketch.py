"""A section's material: its bars and harmony, which every player of the section reads."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from onpu.engine.compose.chord import Chord, Tonality, chord_scale
from onpu.engine.compose.metre import Signature


class Note(NamedTuple):
    """A written note: quarters from the section's start, length in quarters, MIDI pitch, loudness about 1, and the
    place in a strum (0 first, negative counts: from the top string down)."""

    start: float
    length: float
    pitch: int
    accent: float
    rank: int


class Span(NamedTuple):
    """A chord from `start` to `end`, quarters from the section's start."""

    start: float
    end: float
    chord: Chord


class Stroke(NamedTuple):
    """An attack of a palm-muted riff: quarters from the bar's start, length in quarters, semitones over the root, and
    whether it is an accent that rings or a muted note."""

    offset: float
    length: float
    step: int
    accented: bool


@dataclass
class Shared:
    """What the players of a section agreed on, empty until one of them plays it: the riff's bars (offset and length in
    quarters, semitones over the root), the palm-muted riff's bars, and the chorale's voices, soprano first."""

    riff: list[list[tuple[float, float, int]]] = field(default_factory=list)
    chug: list[list[Stroke]] = field(default_factory=list)
    voices: list[list[Note]] = field(default_factory=list)


@dataclass(frozen=True)
class Sketch:
    """Bars with their signatures, chords in order and without gaps, the key, the phrase length in bars, and what its
    players share."""

    signatures: tuple[Signature, ...]
    spans: tuple[Span, ...]
    key: Tonality
    phrase: int
    shared: Shared = field(default_factory=Shared)

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """Where the bars begin, and where the last one ends, quarters."""
        edges = [0.0]
        for signature in self.signatures:
            edges.append(edges[-1] + signature.length)
        return tuple(edges)

    @property
    def length(self) -> float:
        """Quarters."""
        return self.starts[-1]

    @cached_property
    def _changes(self) -> list[float]:
        return [span.start for span in self.spans]

    def index(self, time: float) -> int:
        """Number of the chord that sounds at `time`."""
        return max(0, bisect_right(self._changes, time + 0.01) - 1)

    def at(self, time: float) -> Chord:
        """The chord that sounds at `time`."""
        return self.spans[self.index(time)].chord

    def after(self, time: float) -> Chord:
        """The chord that follows the one at `time` (the first again after the last)."""
        return self.spans[(self.index(time) + 1) % len(self.spans)].chord

    def scale(self, time: float) -> tuple[int, ...]:
        """Pitch classes that suit the chord at `time`."""
        return chord_scale(self.at(time), self.key)

    def phrase_end(self, bar: int) -> bool:
        """Whether a phrase ends with this bar."""
        return (bar + 1) % self.phrase == 0 or bar + 1 == len(self.signatures)
