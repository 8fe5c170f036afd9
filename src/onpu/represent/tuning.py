"""Tuning of a recording from its constant-Q spectrum, and the spectrum as it would be at A = 440 Hz."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from onpu.errors import AudioError

LEAST_PEAKS = 1e-6
"""Sum of all peaks from which on a spectrum says anything of tuning."""


def estimate_tuning(features: Sequence[Tensor], bins_per_octave: int, mul: float) -> tuple[float, float]:
    """Cents above equal temperament at 440 Hz, in [-50, 50], and how strongly the spectrum agrees on it, in [0, 1].

    Peaks of the spectrum are put on a circle that goes round once a semitone; their mean direction is the tuning
    (circular statistics, as Dressler & Streich, "Tuning frequency estimation using circular statistics", ISMIR 2007,
    have it for sinusoids).

    Args:
        features: pieces (1, 1, bins, frames) of log10(1 + mul * magnitude), the first bin on a semitone.
        bins_per_octave: a multiple of 12, at least 36.
        mul: as above.

    Raises:
        AudioError: a value is infinite.
    """
    whole, total = torch.zeros(2, dtype=torch.float64), 0.0
    for piece in features:
        along, across, sounding = semitone_direction(piece, bins_per_octave, mul)
        whole += torch.stack([along, across]).double().cpu()
        total += float(sounding)
    if not math.isfinite(total):
        raise AudioError("the recording is louder than numbers can hold; scale its samples to lie within 1")
    if total < LEAST_PEAKS:
        return 0.0, 0.0
    cents = 100 * math.atan2(float(whole[1]), float(whole[0])) / (2 * math.pi)
    return cents, min(1.0, float(whole.norm()) / total)


def semitone_direction(features: Tensor, bins_per_octave: int, mul: float) -> tuple[Tensor, Tensor, Tensor]:
    """The sum of a spectrum's peaks on a circle that goes round once a semitone, by its two coordinates, and the sum of
    their magnitudes; for arguments see `estimate_tuning`, of which this is a piece."""
    x = (10 ** features[0, 0].float() - 1) / mul  # (bins, frames)
    left, middle, right = x[:-2], x[1:-1], x[2:]
    peak = middle * ((middle >= left) & (middle > right)).to(x.dtype)
    curvature = (left - 2 * middle + right).clamp(max=-1e-9)
    place = torch.arange(1, x.shape[0] - 1, device=x.device)[:, None] + 0.5 * (left - right) / curvature
    angle = 2 * math.pi * place / (bins_per_octave // 12)
    return (peak * angle.cos()).sum(), (peak * angle.sin()).sum(), peak.sum()


def shift_bins(features: Tensor, bins: float) -> Tensor:
    """Features (..., bins, frames) read so many bins higher: what lay at bin k + `bins` comes to bin k; straight lines
    between bins, zeros from beyond."""
    whole = math.floor(bins)
    share = bins - whole
    low = _shifted(features, whole)
    return low if share < 1e-6 else (1 - share) * low + share * _shifted(features, whole + 1)


def _shifted(features: Tensor, bins: int) -> Tensor:
    out = torch.zeros_like(features)
    count = features.shape[-2]
    if abs(bins) < count:
        out[..., max(0, -bins) : count - max(0, bins), :] = features[..., max(0, bins) : count + min(0, bins), :]
    return out
