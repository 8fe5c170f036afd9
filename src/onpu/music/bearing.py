"""Where sounds come from."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Floats, Integers, Texts
from onpu.music.checks import probabilities
from onpu.music.columns import Columns

TETRAHEDRON = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
"""Corners of a tetrahedron, to the front, to the left and upwards: front left above, front right below, back left
below, back right above."""


@dataclass(frozen=True, eq=False, repr=False)
class Bearings(Columns):
    """Directions of sources over time, ordered by time, a row for each source that is heard then.

    times (n,) seconds; azimuths (n,) degrees from the front, positive to the left, in [-180, 180]; elevations (n,)
    degrees upwards, in [-90, 90]; tracks (n,) number of the source, from 0 on; confidence (n,) in [0, 1];
    labels (n,), what is heard, where that is known.
    """

    NOUN: ClassVar[str] = "bearing"

    times: Floats
    azimuths: Floats
    elevations: Floats
    tracks: Integers
    confidence: Floats
    labels: Texts = field(default_factory=lambda: np.zeros(0, np.str_))

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("confidence of bearings", self.confidence)
        if (np.diff(self.times) < 0).any():
            raise LabelError("bearings must be ordered by time")
        if (np.abs(self.azimuths) > 180).any() or (np.abs(self.elevations) > 90).any():
            raise LabelError("azimuths lie within 180 degrees of the front, elevations within 90 of the horizon")
        return self
