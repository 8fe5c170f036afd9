"""Keys along time, and the key of the whole."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats, Texts
from onpu.music.checks import probabilities
from onpu.music.columns import Columns
from onpu.music.segments import RankedSegments


@dataclass(frozen=True, eq=False, repr=False)
class Keys(RankedSegments):
    """Key regions; labels tonic:mode: `Eb:major`, `A:dorian`."""

    NOUN: ClassVar[str] = "key"


@dataclass(frozen=True, eq=False, repr=False)
class Key(Columns):
    """The key of the recording as a whole.

    labels: (k,) candidates `Eb:major`, the likeliest first; empty: there is none. confidence: (k,) in [0, 1].
    """

    NOUN: ClassVar[str] = "candidate"

    labels: Texts
    confidence: Floats

    def __repr__(self) -> str:
        rows = zip(self.labels.tolist(), self.confidence.tolist(), strict=True)
        return f"Key({', '.join(f'{label} {sure:.2f}' for label, sure in rows) or self.in_brief()})"

    def in_brief(self) -> str:
        """The likeliest: `Eb:major`."""
        return str(self.labels[0]) if len(self) else "no key"

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of the key", self.confidence)
        return self
