"""Labelled stretches of time: the common ground of chords, keys, sections and voice."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.checks import intervals, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Segments:
    """Segments that do not overlap: starts, ends (n,) seconds; labels (n,) text; confidence (n,) in [0, 1]."""

    starts: np.ndarray
    ends: np.ndarray
    labels: np.ndarray
    confidence: np.ndarray

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        name = type(self).__name__.lower()
        lengths(name, self.starts, self.ends, self.labels, self.confidence)
        intervals(name, self.starts, self.ends, apart=True)
        probabilities(f"confidence of {name}", self.confidence)
        return self


def _unknown(kind: str) -> np.ndarray:
    return np.zeros((0, 0), dtype=kind)


@dataclass(frozen=True, eq=False)
class RankedSegments(Segments):
    """Segments that say what else they might be.

    alternatives: (n, k) labels, the likeliest first. chances: (n, k), how sure one may be of each, in [0, 1]. Both are
    empty where nothing is known of alternatives.
    """

    alternatives: np.ndarray = field(default_factory=lambda: _unknown("U1"))
    chances: np.ndarray = field(default_factory=lambda: _unknown("f8"))

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        shape = self.alternatives.shape
        if self.chances.shape != shape or (self.chances.size and shape[0] != len(self.starts)):
            raise LabelError(f"{type(self).__name__.lower()}: alternatives {shape} and their chances "
                             f"{self.chances.shape} must be equally many for each of {len(self.starts)} segments")
        probabilities("chances of alternatives", self.chances)
        return self
