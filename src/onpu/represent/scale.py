"""What follows a spectrum, band by band: compression and normalisation."""

import math

from torch import Tensor, nn


class Log(nn.Module):
    """Logarithmic compression: log(max(mul * x, floor) + add) to `base`, of any shape.

    Args:
        mul: factor.
        add: 1 keeps zero at zero.
        floor: smallest value that is added to; with add = 0 it must be positive.
        base: of the logarithm.
    """

    context_frames = 0

    def __init__(self, mul: float = 1.0, add: float = 1.0, floor: float = 0.0, base: float = 10.0) -> None:
        super().__init__()
        if add + floor <= 0:
            raise ValueError(f"log of zero: add + floor must be positive, not {add + floor}")
        self.mul, self.add, self.floor, self.base = mul, add, floor, base

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return ((self.mul * x).clamp(min=self.floor) + self.add).log() / math.log(self.base)
