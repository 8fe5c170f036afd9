"""The melody as a fundamental frequency along time."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import ascending, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Melody:
    """times (n,) seconds; frequencies (n,) Hz, 0 where there is no melody, or, as MIREX has it, minus the pitch that it
    would have if there were one; confidence (n,) in [0, 1]."""

    times: np.ndarray
    frequencies: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Melody":
        """Return self or raise `LabelError`."""
        lengths("melody", self.times, self.frequencies, self.confidence)
        ascending("melody times", self.times)
        probabilities("melody confidence", self.confidence)
        return self
