"""What a network looks at, as sound.

Choi, Fazekas, Sandler & Kim, "Auralisation of deep convolutional neural networks: listening to learned features" (ISMIR
2015, late-breaking): the deconvolved map is a spectrogram, which gets the phase of the recording. Deviation: networks
here look at bands on a logarithmic scale, so the deconvolved map is carried back through the transposed filterbank and
taken as a mask on the STFT of the recording.
"""

import numpy as np
import torch
from torch import Tensor

from onpu.represent import Representation, Stft
from onpu.represent.transposed import to_spectrum

N_FFT, HOP = 2048, 512
FULL = 0.98
"""Quantile of the relevance of those cells that have some from which on the mask is 1."""


def mask(relevance: Tensor, features: Representation, samples: int) -> Tensor:
    """Relevance (channels, bins, frames), of which only what is positive counts -> mask in [0, 1] on the STFT of so
    many samples, (N_FFT / 2 + 1, samples // HOP + 1). Raises `OnpuError` when the features are no bands."""
    carried = to_spectrum(relevance.clamp(min=0), features, N_FFT)
    some = carried[carried > 1e-6 * carried.max().clamp(min=1e-12)]
    level = some.quantile(FULL) if 0 < len(some) < 2**24 else carried.max()
    count = samples // HOP + 1
    place = torch.arange(count) * (HOP / features.clock.hop)
    low = place.floor().long().clamp(max=carried.shape[1] - 1)
    high, share = (low + 1).clamp(max=carried.shape[1] - 1), place - low
    return ((carried[:, low] * (1 - share) + carried[:, high] * share) / level.clamp(min=1e-12)).clamp(max=1)


def auralise(audio: np.ndarray, relevance: Tensor, features: Representation) -> tuple[np.ndarray, np.ndarray]:
    """What of a sound is relevant, and the rest of it.

    audio: (samples,) at the features' rate. relevance: (channels, bins, frames). Returns both (samples,), float32;
    their sum is the sound. Raises `OnpuError` when the features are no bands.
    """
    stft = Stft(features.rate, N_FFT, HOP)
    sound = torch.from_numpy(np.ascontiguousarray(audio, dtype=np.float32))[None]
    shown = stft.inverse(stft.spectrum(sound) * mask(relevance, features, len(audio)), len(audio))[0].numpy()
    return shown, audio - shown
