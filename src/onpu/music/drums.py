"""Drum hits."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats, Integers, Numbers
from onpu.music.checks import probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Drums(Columns):
    """Hits, ordered by time: times (n,) seconds; pitches (n,) General MIDI percussion numbers (36 bass drum, 38 snare,
    42 closed hi-hat …); velocities (n,) 1 to 127; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "hit"

    times: Floats
    pitches: Integers
    velocities: Numbers
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("drum confidence", self.confidence)
        return self
