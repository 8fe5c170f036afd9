"""Beats, their positions in the bar, and the metre that they make."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import ascending, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Beats:
    """Beats of a recording.

    times: (n,) seconds, strictly ascending. positions: (n,) int, 1 on a downbeat, 2, 3 … after it, 0 where unknown.
    An anacrusis counts to the bar's end: in 4/4 one upbeat has position 4. confidence: (n,) in [0, 1].
    """

    times: np.ndarray
    positions: np.ndarray
    confidence: np.ndarray

    @staticmethod
    def of(times: np.ndarray, positions: np.ndarray) -> "Beats":
        """Annotated beats: confidence 1."""
        times = np.asarray(times, dtype=np.float64)
        return Beats(times, np.asarray(positions, dtype=np.int64), np.ones(len(times)))

    @property
    def downbeats(self) -> np.ndarray:
        """Times of the beats with position 1, seconds."""
        return self.times[self.positions == 1]

    def validate(self) -> "Beats":
        """Return self or raise `LabelError`."""
        lengths("beats", self.times, self.positions, self.confidence)
        ascending("beat times", self.times)
        probabilities("beat confidence", self.confidence)
        return self


@dataclass(frozen=True, eq=False)
class Metre:
    """Time signatures: from times[i] seconds on, numerators[i] / denominators[i]; confidence (n,) in [0, 1].

    Compound metres keep their written signature (6/8, 12/8), while `Beats` counts their dotted beats (2, 4): see
    `beats_in_bar`. Other eighth-note metres (5/8, 7/8) are counted in eighths.
    """

    times: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    confidence: np.ndarray

    def beats_in_bar(self) -> np.ndarray:
        """Beats a bar, (n,): the numerator, a third of it in compound metres (6/8, 9/8, 12/8)."""
        compound = (self.denominators == 8) & (self.numerators % 3 == 0) & (self.numerators > 3)
        return np.where(compound, self.numerators // 3, self.numerators)

    def validate(self) -> "Metre":
        """Return self or raise `LabelError`."""
        lengths("metre", self.times, self.numerators, self.denominators, self.confidence)
        ascending("metre times", self.times)
        probabilities("metre confidence", self.confidence)
        return self
