"""Sounds that happen, whatever they are: rain, steps, a door, speech."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats, Texts
from onpu.music.checks import intervals, probabilities
from onpu.music.columns import Columns

SOUNDS = ("speech", "applause", "birds", "footsteps", "typing", "engine", "tone", "rain", "wind", "traffic", "water",
          "crowd")
"""Labels of `Events` that onpu knows."""


@dataclass(frozen=True, eq=False, repr=False)
class Events(Columns):
    """Stretches in which something is heard, ordered by start; those of different sounds may overlap.

    starts, ends (n,) seconds; labels (n,), of `SOUNDS` or others; confidence (n,) in [0, 1].
    """

    NOUN: ClassVar[str] = "sound event"

    starts: Floats
    ends: Floats
    labels: Texts
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of events", self.confidence)
        if (np.diff(self.starts) < 0).any():
            raise LabelError("events must be ordered by their start")
        for label in set(self.labels.tolist()):
            own = self.select(self.labels == label)
            intervals(f"events ({label})", own.starts, own.ends, apart=True)
        return self

    @classmethod
    def of(cls, rows: list[tuple[float, float, str, float]]) -> Self:
        """Of (start, end, label, confidence) in any order."""
        rows = sorted(rows)
        starts, ends, labels, sure = zip(*rows, strict=True) if rows else ((), (), (), ())
        return cls(np.array(starts, np.float64), np.array(ends, np.float64), np.array(labels, np.str_),
                   np.array(sure, np.float64))

    def overlapping(self, edges: np.ndarray, labels: tuple[str, ...] = SOUNDS) -> np.ndarray:
        """Which of the labels are heard somewhere between consecutive edges (n + 1,) in seconds: (labels, n) bool."""
        out = np.zeros((len(labels), max(0, len(edges) - 1)), dtype=bool)
        for label, start, end in zip(self.labels.tolist(), self.starts, self.ends, strict=True):
            if label in labels:
                out[labels.index(label)] |= (edges[:-1] < end) & (start < edges[1:])
        return out
