"""Several fundamental frequencies at once, along time."""

from dataclasses import dataclass

import numpy as np

from onpu.errors import LabelError
from onpu.music.checks import lengths, probabilities


@dataclass(frozen=True, eq=False)
class MultiF0:
    """What sounds when, one row for each pitch of each frame: times (n,) seconds, ascending, equal for pitches that
    sound together; frequencies (n,) Hz; confidence (n,) in [0, 1]."""

    times: np.ndarray
    frequencies: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "MultiF0":
        """Return self or raise `LabelError`."""
        lengths("multi-f0", self.times, self.frequencies, self.confidence)
        if not np.isfinite(self.times).all() or (np.diff(self.times) < 0).any():
            raise LabelError("multi-f0: times must be finite and in ascending order")
        if len(self.frequencies) and not (np.isfinite(self.frequencies).all() and self.frequencies.min() > 0):
            raise LabelError(f"multi-f0: a frequency of {self.frequencies.min()} Hz; give positive ones")
        probabilities("multi-f0 confidence", self.confidence)
        return self
