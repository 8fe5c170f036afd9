"""The melody as a fundamental frequency along time."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats
from onpu.music.checks import ascending, probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Melody(Columns):
    """times (n,) seconds; frequencies (n,) Hz, 0 where there is no melody, or, as MIREX has it, minus the pitch that it
    would have if there were one; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "melody frame"

    times: Floats
    frequencies: Floats
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        ascending("melody times", self.times)
        probabilities("melody confidence", self.confidence)
        return self
