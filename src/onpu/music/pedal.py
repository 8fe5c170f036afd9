"""The sustain pedal of a piano."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import intervals, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Pedal:
    """Stretches in which the sustain pedal is down: starts, ends (n,) seconds; confidence (n,) in [0, 1]."""

    starts: np.ndarray
    ends: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Pedal":
        """Return self or raise `LabelError`."""
        lengths("pedal", self.starts, self.ends, self.confidence)
        intervals("pedal", self.starts, self.ends, apart=True)
        probabilities("pedal confidence", self.confidence)
        return self
