"""When something begins to sound."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import ascending, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Onsets:
    """Onsets of notes and hits of all instruments: times (n,) seconds; confidence (n,) in [0, 1]."""

    times: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Onsets":
        """Return self or raise `LabelError`."""
        lengths("onsets", self.times, self.confidence)
        ascending("onset times", self.times)
        probabilities("onset confidence", self.confidence)
        return self
