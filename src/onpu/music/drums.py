"""Drum hits."""

from dataclasses import dataclass

import numpy as np

from onpu.music.checks import lengths, probabilities


@dataclass(frozen=True, eq=False)
class Drums:
    """Hits, ordered by time: times (n,) seconds; pitches (n,) General MIDI percussion numbers (36 bass drum, 38 snare,
    42 closed hi-hat …); velocities (n,) 1 to 127; confidence (n,) in [0, 1]."""

    times: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Drums":
        """Return self or raise `LabelError`."""
        lengths("drums", self.times, self.pitches, self.velocities, self.confidence)
        probabilities("drum confidence", self.confidence)
        return self
