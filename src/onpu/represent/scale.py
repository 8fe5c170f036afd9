"""What follows a spectrum, value by value or band by band: compression and normalisation."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor

from onpu.errors import DataError
from onpu.represent.chain import Transform


class Log(Transform):
    """Logarithmic compression: log(max(mul * x, floor) + add) to `base`.

    Args:
        mul: factor.
        add: 1 keeps zero at zero.
        floor: smallest value that `add` is added to; with add = 0 it must be positive.
        base: of the logarithm.
    """

    def __init__(self, mul: float = 1.0, add: float = 1.0, floor: float = 0.0, base: float = 10.0) -> None:
        super().__init__()
        if add + floor <= 0:
            raise ValueError(f"add + floor must be positive to have a logarithm, not {add + floor}")
        self.mul, self.add, self.floor, self.base = mul, add, floor, base

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return ((self.mul * x).clamp(min=self.floor) + self.add).log() * (1 / math.log(self.base))


class Decibels(Transform):
    """Level in dB: 10 log10(max(x, floor) / reference) of a power.

    Args:
        reference: the power that reads 0 dB; None: the largest of each recording, over channels, bins and frames.
        floor: smallest power.
        span: dB below the largest value of each recording at which the result is clipped; None: not.
        amplitude: x is a magnitude, to be squared first (floor and reference stay powers).
    """

    def __init__(self, reference: float | None = 1.0, floor: float = 1e-10, span: float | None = 80.0,
                 amplitude: bool = False) -> None:
        super().__init__()
        self.reference, self.floor, self.span, self.amplitude = reference, floor, span, amplitude
        self.context_frames = 0 if span is None and reference is not None else None

    def forward(self, x: Tensor) -> Tensor:
        """Same shape (batch, channels, bins, frames), in dB."""
        level = 10 * (x.square() if self.amplitude else x).clamp(min=self.floor).log10()
        peak = level.amax(dim=(1, 2, 3), keepdim=True)
        level = level - (peak if self.reference is None else 10 * math.log10(self.reference))
        return level if self.span is None else torch.maximum(level, level.amax(dim=(1, 2, 3), keepdim=True) - self.span)


class Affine(Transform):
    """mul * x + add with two fixed numbers, as the x / 80 + 1 that brings dB to 0 … 1 (Bittner et al. 2017).

    Args:
        mul: factor.
        add: summand.
    """

    def __init__(self, mul: float, add: float) -> None:
        super().__init__()
        self.mul, self.add = mul, add

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return self.mul * x + self.add


class Standardise(Transform):
    """(x - mean) / deviation for every channel and bin, learned from data by `fit` and saved with the weights.

    Args:
        channels, bins: of the features.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int, bins: int) -> None:
        super().__init__()
        self.channels, self.bins = channels, bins
        self.register_buffer("mean", torch.zeros(channels, bins, 1))
        self.register_buffer("deviation", torch.ones(channels, bins, 1))

    @torch.no_grad()
    def fit(self, features: Iterable[Tensor]) -> "Standardise":
        """Mean and standard deviation over all frames of all items, each (batch, channels, bins, frames); returns self.

        One pass, in float64, merging the moments of item after item (Chan et al. 1983). A band that never changes gets
        the deviation 1.

        Raises:
            DataError: there is no frame to learn from.
        """
        count = 0
        mean = torch.zeros_like(self.mean, dtype=torch.float64)
        squares = torch.zeros_like(mean)
        for item in features:
            x = item.double().movedim(0, -2).flatten(-2)  # (channels, bins, batch * frames)
            new = x.shape[-1]
            if not new:
                continue
            new_mean = x.mean(-1, keepdim=True)
            shift = new_mean - mean
            squares += (x - new_mean).square().sum(-1, keepdim=True) + shift.square() * (count * new / (count + new))
            mean += shift * (new / (count + new))
            count += new
        if not count:
            raise DataError("no frames to standardise by: give at least one recording that is not empty")
        deviation = (squares / count).sqrt()
        still = deviation <= 1e-6 * mean.abs().clamp(min=1e-6)
        self.mean.copy_(mean)
        self.deviation.copy_(torch.where(still, torch.ones_like(deviation), deviation))
        return self

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return (x - self.mean) / self.deviation


class Whiten(Transform):
    """Adaptive whitening (Stowell & Plumbley 2007): each bin is divided by its own recent peak.

    P(n) = max(|x(n)|, floor, m P(n - 1)) and y(n) = x(n) / P(n), with the m that lets a peak fall by 60 dB within
    `decay` frames (their equations 1 and 2). Deviation: a peak is forgotten wholly after at least 2 * `decay` frames,
    120 dB down, which makes the recursion a maximum over a finite window: log2(2 * decay) passes, no loop over frames.

    Args:
        decay: frames in which a peak falls by 60 dB.
        floor: smallest peak, in the unit of the magnitudes: what is weaker stays weak.
    """

    def __init__(self, decay: int, floor: float) -> None:
        super().__init__()
        if decay < 1 or floor <= 0:
            raise ValueError(f"decay must be at least one frame and floor positive, not {decay} and {floor}")
        self.decay, self.floor = decay, floor
        self.passes = math.ceil(math.log2(2 * decay))
        self.context_frames = 2**self.passes - 1

    def forward(self, x: Tensor) -> Tensor:
        """Magnitudes (batch, channels, bins, frames) to the same shape, 0 to 1."""
        peak = x.clamp(min=self.floor)
        for k in range(self.passes):
            back = 2**k
            faded = peak[..., :-back] * 10 ** (-3 * back / self.decay)
            peak = torch.cat([peak[..., :back], torch.maximum(peak[..., back:], faded)], dim=-1)
        return x / peak
