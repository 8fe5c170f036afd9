"""Keys along time, and the key of the whole."""

from dataclasses import dataclass
from typing import Self

from onpu.music.arrays import Floats, Texts
from onpu.music.checks import probabilities
from onpu.music.columns import Columns
from onpu.music.segments import RankedSegments


@dataclass(frozen=True, eq=False)
class Keys(RankedSegments):
    """Key regions; labels tonic:mode: `Eb:major`, `A:dorian`."""


@dataclass(frozen=True, eq=False)
class Key(Columns):
    """The key of the recording as a whole.

    labels: (k,) candidates `Eb:major`, the likeliest first; empty: there is none. confidence: (k,) in [0, 1].
    """

    labels: Texts
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of the key", self.confidence)
        return self
