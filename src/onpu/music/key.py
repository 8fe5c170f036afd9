"""Keys along time, and the key of the whole."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from onpu.music.checks import lengths, probabilities
from onpu.music.segments import RankedSegments


@dataclass(frozen=True, eq=False)
class Keys(RankedSegments):
    """Key regions; labels tonic:mode: `Eb:major`, `A:dorian`."""


@dataclass(frozen=True, eq=False)
class Key:
    """The key of the recording as a whole.

    labels: (k,) candidates `Eb:major`, the likeliest first; empty: there is none. confidence: (k,) in [0, 1].
    """

    labels: np.ndarray
    confidence: np.ndarray

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        lengths("key candidates", self.labels, self.confidence)
        probabilities("confidence of the key", self.confidence)
        return self
