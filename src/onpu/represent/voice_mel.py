"""The spectrum in which a voice is made: mel bands of the magnitude on a scale of decibels, and phases for it.

Shen et al., "Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions" (ICASSP 2018, section 2.1):
80 bands from 125 to 7600 Hz. Here 16 kHz, a window of 64 ms each 16 ms, bands from 60 Hz on, for men sing lower.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from onpu.represent.filterbanks import Filterbank, mel_triangles
from onpu.represent.phase import Inversion, invert
from onpu.represent.spectra import Stft

RATE, N_FFT, HOP, BANDS = 16_000, 1024, 256, 80
REACH = (60.0, 7600.0)
"""Hz between which the bands lie."""
FLOOR = 1e-4
"""Magnitude below which nothing is told; 1 is a sinusoid of full scale."""
MIDDLE_DB, SPAN_DB = -65.0, 15.0
"""Bands in dB less the first, over the second, are what networks see."""
ITERATIONS = 32
"""Of fast Griffin-Lim."""
SOLVING = 60
"""Steps by which magnitudes of all bins are found that have the bands."""


@cache
def stft() -> Stft:
    """The transform of which the bands are made."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


@cache
def _mel() -> Filterbank:
    return Filterbank(stft(), mel_triangles(RATE, N_FFT, BANDS, *REACH, "slaney", "sum"))


def voice_mel(samples: np.ndarray) -> np.ndarray:
    """Samples (n,) at `RATE` -> (BANDS, n // HOP + 1) float32, -1 (silence) to about 3."""
    bands = _mel()(torch.from_numpy(np.ascontiguousarray(samples, np.float32))[None])[0, 0]
    decibels = 20 * bands.clamp(min=FLOOR).log10()
    return ((decibels - MIDDLE_DB) / SPAN_DB).numpy()


def magnitudes(mel: np.ndarray) -> Tensor:
    """(BANDS, frames) as `voice_mel` has it -> magnitudes (1, 1, bins, frames) >= 0 whose bands are nearest to it:
    multiplicative steps for least squares (Lee & Seung, NIPS 2000)."""
    wanted = 10 ** ((torch.from_numpy(np.asarray(mel, np.float32)) * SPAN_DB + MIDDLE_DB) / 20)
    wanted = torch.where(wanted <= 1.05 * FLOOR, torch.zeros(()), wanted)
    bank = _mel()
    found = bank.weights.T @ wanted + 1e-9
    square = bank.weights.T @ bank.weights
    above = bank.weights.T @ wanted
    for _ in range(SOLVING):
        found = found * above / (square @ found + 1e-12)
    whole = torch.zeros(N_FFT // 2 + 1, found.shape[1])
    whole[bank.first : bank.last] = found
    return whole[None, None]


def sound_of_mel(mel: np.ndarray, method: str | Inversion = "fast griffin-lim", iterations: int = ITERATIONS,
                 seed: int = 0) -> np.ndarray:
    """Samples ((frames - 1) HOP,) float32 whose bands are nearly these, phases by a method of
    `onpu.represent.invert`."""
    samples = (mel.shape[1] - 1) * HOP
    found = invert(stft(), magnitudes(mel), samples, method, iterations, torch.Generator().manual_seed(seed))
    return found[0].numpy()
