"""Kernels as integers of eight bits with a scale for each channel.

Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference: a whitepaper" (2018, section 3):
signed, symmetric, one scale a channel. A kernel w becomes

    q = round(w / s) in -127 … 127,    s = max |w| / 127 over all values of a channel,    w ≈ s q

A layer's output channels lie along the first dimension of most kernels and along the second of transposed convolutions;
that of the two is taken along which rounding errs less.
"""

from torch import Tensor, int8

STEPS = 127
"""Steps of int8 on either side of 0."""


def rounded(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """int8 values and float32 scales of a float32 kernel, whose product is nearest to it: see the module."""
    found = []
    for channels in (0, 1):
        others = [dimension for dimension in range(kernel.ndim) if dimension != channels]
        scale = kernel.abs().amax(dim=others, keepdim=True) / STEPS
        values = (kernel / scale.where(scale > 0, 1.0)).round().to(int8)
        found.append((float((values * scale - kernel).square().sum()), values, scale))
    return min(found, key=lambda each: each[0])[1:]
