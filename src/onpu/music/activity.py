"""Stretches in which instruments play."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats, Texts
from onpu.music.checks import intervals, probabilities
from onpu.music.columns import Columns
from onpu.music.instruments import FAMILIES

PLAYERS = (*FAMILIES, "drums")
"""Labels of `Instruments`: families, and drums."""


@dataclass(frozen=True, eq=False, repr=False)
class Instruments(Columns):
    """Stretches in which an instrument plays, ordered by start; those of different instruments may overlap.

    starts, ends (n,) seconds; labels (n,), of `PLAYERS` or others; confidence (n,) in [0, 1].
    """

    NOUN: ClassVar[str] = "stretch of an instrument"

    starts: Floats
    ends: Floats
    labels: Texts
    confidence: Floats

    def in_brief(self) -> str:
        """How many play, in words: `3 instruments`."""
        count = len(set(self.labels.tolist()))
        return f"{count or 'no'} instrument{'' if count == 1 else 's'}"

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of instruments", self.confidence)
        if (np.diff(self.starts) < 0).any():
            raise LabelError("instruments: stretches must be ordered by their start")
        for label in set(self.labels.tolist()):
            own = self.select(self.labels == label)
            intervals(f"instruments ({label})", own.starts, own.ends, apart=True)
        return self

    def names(self) -> list[str]:
        """The instruments, the one that plays longest first."""
        lasting: dict[str, float] = {}
        for label, start, end in zip(self.labels.tolist(), self.starts.tolist(), self.ends.tolist(), strict=True):
            lasting[label] = lasting.get(label, 0.0) + end - start
        return sorted(lasting, key=lambda label: -lasting[label])

    def at(self, times: np.ndarray, labels: tuple[str, ...] = PLAYERS) -> np.ndarray:
        """Which of the labels play at times (n,) in seconds: (labels, n) bool."""
        out = np.zeros((len(labels), len(times)), dtype=bool)
        for label, start, end in zip(self.labels.tolist(), self.starts, self.ends, strict=True):
            if label in labels:
                first, last = np.searchsorted(times, (start, end))
                out[labels.index(label), first:last] = True
        return out
