"""Spectra as pictures, and back: levels in dB, scaled to what networks for pictures take and give."""

import torch
from torch import Tensor


def picture(magnitude: Tensor, depth: float) -> Tensor:
    """Amplitudes (…, n_fft / 2 + 1, frames) -> (…, n_fft / 2, frames): 1 at full scale, -1 from `depth` dB below on.

    The highest bin is left out, so that there is a power of two of them.
    """
    return 1 + 40 / depth * torch.log10(magnitude[..., :-1, :].clamp(min=10 ** (-depth / 20)))


def amplitudes(levels: Tensor, depth: float) -> Tensor:
    """Inverse of `picture`: what was black is silent, and so is the highest bin; nothing is a quarter of `depth` above
    full scale."""
    found = torch.where(levels > -1, 10 ** ((levels.clamp(max=1.5) - 1) * depth / 40), 0.0)
    return torch.nn.functional.pad(found, (0, 0, 0, 1))
