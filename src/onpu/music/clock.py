"""The only conversion between seconds and frames."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Clock:
    """Frames of `hop` samples at `rate` Hz; frame i is centred on the sample i * hop."""

    rate: int
    hop: int

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.rate / self.hop

    def frames(self, seconds: np.ndarray | float) -> np.ndarray:
        """Positions in frames, float64, not rounded: a caller that needs an index rounds."""
        return np.asarray(seconds, dtype=np.float64) * self.rate / self.hop

    def seconds(self, frames: np.ndarray | float) -> np.ndarray:
        """Inverse of `frames`."""
        return np.asarray(frames, dtype=np.float64) * self.hop / self.rate

    def count(self, samples: int) -> int:
        """Number of frames of a centred representation of so many samples (one more than the whole hops)."""
        return samples // self.hop + 1
