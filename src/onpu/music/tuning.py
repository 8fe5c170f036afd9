"""How a recording is tuned."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats
from onpu.music.checks import probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Tuning(Columns):
    """Tuning of the whole recording: cents (1,) above A = 440 Hz, in [-50, 50]; confidence (1,) in [0, 1]. Both are
    empty where nothing is pitched."""

    NOUN: ClassVar[str] = "estimate"

    cents: Floats
    confidence: Floats

    def in_brief(self) -> str:
        """`+12.0 cents`."""
        return f"{self.cents[0]:+.1f} cents" if len(self) else "no tuning"

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of the tuning", self.confidence)
        if self.cents.size and not np.abs(self.cents).max() <= 50:
            raise LabelError(f"tuning must lie within 50 cents of A = 440 Hz, not at {self.cents} cents")
        return self
