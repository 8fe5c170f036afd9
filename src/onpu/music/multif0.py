"""Several fundamental frequencies at once, along time."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats
from onpu.music.checks import probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class MultiF0(Columns):
    """What sounds when, one row for each pitch of each frame: times (n,) seconds, ascending, equal for pitches that
    sound together; frequencies (n,) Hz; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "pitch estimate"

    times: Floats
    frequencies: Floats
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        if not np.isfinite(self.times).all() or (np.diff(self.times) < 0).any():
            raise LabelError("multi-f0: times must be finite and in ascending order")
        if len(self.frequencies) and not (np.isfinite(self.frequencies).all() and self.frequencies.min() > 0):
            raise LabelError(f"multi-f0: a frequency of {self.frequencies.min()} Hz; give positive ones")
        probabilities("multi-f0 confidence", self.confidence)
        return self
