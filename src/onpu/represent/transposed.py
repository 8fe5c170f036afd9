"""The way back from bands to the bins of an STFT, as the transpose of a filterbank goes."""

from collections.abc import Iterable
from functools import singledispatch
from typing import cast

import numpy as np
import torch
from torch import Tensor

from onpu.errors import OnpuError
from onpu.represent.chain import Concatenate, Features, Representation, Transform
from onpu.represent.change import Deltas, PositiveDifference
from onpu.represent.filterbanks import Cepstrum, Filterbank
from onpu.represent.hpss import TwoStageHpss
from onpu.represent.pitch import Cqt, Hcqt
from onpu.represent.spectra import Stft


def to_spectrum(values: Tensor, features: Representation, n_fft: int) -> Tensor:
    """Values of features (channels, bins, frames) -> of STFT bins (n_fft / 2 + 1, frames), at the features' rate.

    A bin of the STFT gets the mean of the bands whose filters cover it, weighted by the filters, added over channels;
    0 where there is no band.

    Raises:
        OnpuError: the features are no bands of frequency.
    """
    weights = band_weights(features, n_fft).flatten(0, 1)  # (channels * bins, frequencies)
    total = weights.sum(dim=0) / features.channels
    return (weights.T @ values.flatten(0, 1)) / total.clamp(min=1e-3)[:, None] * (total > 1e-3)[:, None]


@singledispatch
def band_weights(features: Representation, n_fft: int) -> Tensor:
    """How far each band answers to each bin of an STFT: (channels, bins, n_fft / 2 + 1), the most of a band is 1.

    Raises:
        OnpuError: the features are no bands of frequency.
    """
    raise OnpuError(f"{type(features).__name__}: these features are no bands of frequency, so that nothing of them can "
                    "be carried back into sound")


@band_weights.register
def _(features: Features, n_fft: int) -> Tensor:
    weights = band_weights(features.front, n_fft)
    for transform in cast(Iterable[Transform], features.transforms):
        if isinstance(transform, Cepstrum):
            raise OnpuError("cepstral coefficients are no bands of frequency, so that nothing of them can be carried "
                            "back into sound")
        channels, bins = transform.shape(*weights.shape[:2])
        if isinstance(transform, PositiveDifference | Deltas):
            weights = weights.repeat(channels // len(weights), bins // weights.shape[1], 1)
    return weights


@band_weights.register
def _(features: Concatenate, n_fft: int) -> Tensor:
    parts = [band_weights(part, n_fft) for part in cast(Iterable[Representation], features.parts)]
    return torch.cat(parts, dim=0 if features.axis == "channels" else 1)


@band_weights.register
def _(features: Filterbank, n_fft: int) -> Tensor:
    own = torch.zeros(features.bins, features.stft.bins)
    own[:, features.first : features.last] = features.weights
    return _on_grid(own, n_fft)[None]


@band_weights.register
def _(features: TwoStageHpss, n_fft: int) -> Tensor:
    return _on_grid(features.weights, n_fft)[None].repeat(2, 1, 1)


@band_weights.register
def _(features: Stft, n_fft: int) -> Tensor:
    return _on_grid(torch.eye(features.bins), n_fft)[None]


@band_weights.register
def _(features: Cqt, n_fft: int) -> Tensor:
    return _around(features.frequencies, features.rate, features.bins_per_octave, n_fft)[None]


@band_weights.register
def _(features: Hcqt, n_fft: int) -> Tensor:
    lowest = features.fmin * 2 ** (np.arange(features.bins) / features.bins_per_octave)
    return torch.stack([_around(lowest * harmonic, features.rate, features.bins_per_octave, n_fft)
                        for harmonic in features.harmonics])


def _on_grid(weights: Tensor, n_fft: int) -> Tensor:
    """Filters (bands, bins of another STFT of this rate) on the bins of this one, by straight lines; peaks of 1."""
    there = torch.linspace(0, weights.shape[1] - 1, n_fft // 2 + 1)
    low = there.floor().long().clamp(max=weights.shape[1] - 2)
    share = there - low
    moved = weights[:, low] * (1 - share) + weights[:, low + 1] * share
    return moved / moved.amax(dim=1, keepdim=True).clamp(min=1e-12)


def _around(centres: np.ndarray, rate: int, bins_per_octave: int, n_fft: int) -> Tensor:
    """Triangles around frequencies (bands,), one step of the scale or two bins of the STFT to either side."""
    hz = np.arange(n_fft // 2 + 1) * rate / n_fft
    width = np.maximum(centres * (2 ** (1 / bins_per_octave) - 1), 2 * rate / n_fft)
    weights = np.maximum(0, 1 - np.abs(hz - centres[:, None]) / width[:, None])
    return torch.from_numpy(weights).float()
