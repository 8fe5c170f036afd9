"""Notes of pitched instruments."""

from dataclasses import dataclass

import numpy as np

from onpu.errors import LabelError
from onpu.music.checks import intervals, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Notes:
    """Notes, ordered by onset.

    onsets, offsets: (n,) seconds; a note ends where it is damped, the sustain pedal included. pitches: (n,) MIDI
    numbers, fractions are cents / 100. velocities: (n,) 1 to 127. programs: (n,) General MIDI programs 0 to 127.
    confidence: (n,) in [0, 1].
    """

    onsets: np.ndarray
    offsets: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray
    programs: np.ndarray
    confidence: np.ndarray

    def validate(self) -> "Notes":
        """Return self or raise `LabelError`."""
        columns = (self.onsets, self.offsets, self.pitches, self.velocities, self.programs, self.confidence)
        lengths("notes", *columns)
        intervals("notes", self.onsets, self.offsets, apart=False)
        probabilities("note confidence", self.confidence)
        if len(self.programs) and not 0 <= self.programs.min() <= self.programs.max() <= 127:
            raise LabelError("notes: General MIDI programs lie in 0 to 127, not "
                             f"{self.programs.min()} to {self.programs.max()}")
        return self
