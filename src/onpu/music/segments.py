"""Labelled stretches of time: the common ground of chords, keys, sections and voice."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats, Texts
from onpu.music.checks import intervals, probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Segments(Columns):
    """Segments that do not overlap: starts, ends (n,) seconds; labels (n,) text; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "segment"

    starts: Floats
    ends: Floats
    labels: Texts
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        name = type(self).__name__.lower()
        intervals(name, self.starts, self.ends, apart=True)
        probabilities(f"confidence of {name}", self.confidence)
        return self


@dataclass(frozen=True, eq=False, repr=False)
class RankedSegments(Segments):
    """Segments that say what else they might be.

    alternatives: (n, k) labels, the likeliest first. chances: (n, k), how sure one may be of each, in [0, 1]. Both are
    empty where nothing is known of alternatives.
    """

    alternatives: Texts = field(default_factory=lambda: np.zeros((0, 0), np.str_))
    chances: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    @classmethod
    def concatenate(cls, parts: Iterable[Self]) -> Self:
        """The segments of all parts, with as many alternatives as every part has."""
        parts = [part for part in parts if len(part)]
        ranks = min((part.chances.shape[1] for part in parts), default=0)
        return super().concatenate([replace(part, alternatives=part.alternatives[:, :ranks],
                                            chances=part.chances[:, :ranks]) for part in parts])

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        shape = self.alternatives.shape
        if self.chances.shape != shape or (self.chances.size and shape[0] != len(self.starts)):
            raise LabelError(f"{type(self).__name__.lower()}: alternatives {shape} and their chances "
                             f"{self.chances.shape} must be equally many for each of {len(self.starts)} segments")
        probabilities("chances of alternatives", self.chances)
        return self
