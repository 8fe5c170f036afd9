"""Labelled stretches of time: the common ground of chords, keys, sections and voice."""

from dataclasses import dataclass
from typing import Self

import numpy as np

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
