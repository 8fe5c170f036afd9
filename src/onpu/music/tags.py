"""Words for a whole recording: genre, mood, instruments."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats, Texts
from onpu.music.checks import probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Tags(Columns):
    """labels (n,) such as `genre:jazz`, `instrument:piano`, `mood:calm`; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "tag"

    labels: Texts
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("tag confidence", self.confidence)
        return self
