"""Words for a whole recording: genre, mood, instruments."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import lengths, probabilities


@dataclass(frozen=True, eq=False)
class Tags:
    """labels (n,) such as `genre:jazz`, `instrument:piano`, `mood:calm`; confidence (n,) in [0, 1]."""

    labels: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Tags":
        """Return self or raise `LabelError`."""
        lengths("tags", self.labels, self.confidence)
        probabilities("tag confidence", self.confidence)
        return self
