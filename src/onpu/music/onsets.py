"""When something begins to sound."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats
from onpu.music.checks import ascending, probabilities
from onpu.music.columns import Columns

MERGED_ONSET_SECONDS = 0.03
"""Seconds within which onsets are heard as one."""


@dataclass(frozen=True, eq=False, repr=False)
class Onsets(Columns):
    """Onsets of notes and hits of all instruments: times (n,) seconds; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "onset"

    times: Floats
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        ascending("onset times", self.times)
        probabilities("onset confidence", self.confidence)
        return self
