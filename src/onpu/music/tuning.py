"""How a recording is tuned."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.checks import lengths, probabilities


@dataclass(frozen=True, eq=False)
class Tuning:
    """Tuning of the whole recording: cents (1,) above A = 440 Hz, in [-50, 50]; confidence (1,) in [0, 1]. Both are
    empty where nothing is pitched."""

    cents: np.ndarray
    confidence: np.ndarray

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        lengths("tuning", self.cents, self.confidence)
        probabilities("confidence of the tuning", self.confidence)
        if self.cents.size and not np.abs(self.cents).max() <= 50:
            raise LabelError(f"tuning must lie within 50 cents of A = 440 Hz, not at {self.cents} cents")
        return self
