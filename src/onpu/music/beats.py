"""Beats, their positions in the bar, and the metre that they make."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from onpu.music.arrays import Floats, Integers
from onpu.music.checks import ascending, probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Beats(Columns):
    """Beats of a recording.

    times: (n,) seconds, strictly ascending. positions: (n,) int, 1 on a downbeat, 2, 3 … after it, 0 where unknown.
    An anacrusis counts to the bar's end: in 4/4 one upbeat has position 4. confidence: (n,) in [0, 1].
    """

    NOUN: ClassVar[str] = "beat"

    times: Floats
    positions: Integers
    confidence: Floats

    @staticmethod
    def of(times: np.ndarray, positions: np.ndarray) -> "Beats":
        """Annotated beats: confidence 1."""
        times = np.asarray(times, dtype=np.float64)
        return Beats(times, np.asarray(positions, dtype=np.int64), np.ones(len(times)))

    @property
    def downbeats(self) -> np.ndarray:
        """Times of the beats with position 1, seconds."""
        downbeats: Floats = self.times[self.positions == 1]
        return downbeats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        ascending("beat times", self.times)
        probabilities("beat confidence", self.confidence)
        return self


@dataclass(frozen=True, eq=False, repr=False)
class Metre(Columns):
    """Time signatures: from times[i] seconds on, numerators[i] / denominators[i]; confidence (n,) in [0, 1].

    Compound metres keep their written signature (6/8, 12/8), while `Beats` counts their dotted beats (2, 4): see
    `beats_in_bar`. Other eighth-note metres (5/8, 7/8) are counted in eighths.
    """

    NOUN: ClassVar[str] = "time signature"

    times: Floats
    numerators: Integers
    denominators: Integers
    confidence: Floats

    def __repr__(self) -> str:
        rows = zip(self._signatures(), self.times.tolist(), strict=True)
        return f"Metre({', '.join(f'{signature} from {time:.2f} s' for signature, time in rows) or self.in_brief()})"

    def in_brief(self) -> str:
        """The time signatures that occur: `4/4, 3/4`."""
        return ", ".join(dict.fromkeys(self._signatures())) or super().in_brief()

    def _signatures(self) -> list[str]:
        return [f"{above}/{below}" for above, below in zip(self.numerators, self.denominators, strict=True)]

    def beats_in_bar(self) -> np.ndarray:
        """Beats a bar, (n,): the numerator, a third of it in compound metres (6/8, 9/8, 12/8)."""
        compound = (self.denominators == 8) & (self.numerators % 3 == 0) & (self.numerators > 3)
        return np.where(compound, self.numerators // 3, self.numerators)

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        ascending("metre times", self.times)
        probabilities("metre confidence", self.confidence)
        return self
