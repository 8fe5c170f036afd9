"""Filterbanks over the STFT: logarithmic and mel bands."""

import numpy as np
import torch
from torch import Tensor, nn

from onpu.represent.frames import blockwise, centred, check_audio
from onpu.represent.scale import Log
from onpu.represent.spectra import Stft


def log_triangles(rate: int, n_fft: int, bands_per_octave: int, fmin: float, fmax: float, unique: bool = True,
                  norm: bool = True) -> np.ndarray:
    """Triangular filters with logarithmically spaced centres, weights (bands, n_fft / 2 + 1), float64.

    The centres lie `bands_per_octave` to the octave through 440 Hz, each moved to the nearest bin of the STFT; a
    triangle rises from its left neighbour's centre and falls to its right one's. The bin at rate / 2 is not used.
    As madmom's LogarithmicFilterbank (Böck et al. 2016).

    Args:
        rate, n_fft: of the STFT.
        bands_per_octave: density of the centres.
        fmin, fmax: Hz; no centre and no corner lies outside.
        unique: low bands that fall on the same bin are kept once.
        norm: area-normalised (the weights of a band sum to 1), else with peak 1.
    """
    first = int(np.floor(np.log2(fmin / 440) * bands_per_octave))
    last = int(np.ceil(np.log2(fmax / 440) * bands_per_octave))
    corners = 440 * 2 ** (np.arange(first, last + 1) / bands_per_octave)
    corners = corners[(corners >= fmin) & (corners <= fmax)]
    # half-way frequencies go up, as in madmom
    bins = np.clip(np.floor(corners * n_fft / rate + 0.5).astype(int), 0, n_fft // 2 - 1)
    if unique:
        bins = np.unique(bins)
    weights = np.zeros((max(len(bins) - 2, 0), n_fft // 2 + 1))
    for row, (left, centre, right) in zip(weights, zip(bins, bins[1:], bins[2:], strict=False), strict=False):
        if right - left < 2:
            row[left] = 1
            continue
        row[left:centre] = np.linspace(0, 1, centre - left, endpoint=False)
        row[centre:right] = np.linspace(1, 0, right - centre, endpoint=False)
        if norm:
            row /= row.sum()
    return weights


class Filterbank(nn.Module):
    """Bands of an STFT: magnitudes (batch, 1, n_fft / 2 + 1, frames) times fixed weights (bands, n_fft / 2 + 1)."""

    weights: Tensor

    def __init__(self, stft: Stft, weights: np.ndarray) -> None:
        super().__init__()
        self.stft = stft
        self.rate, self.clock, self.context = stft.rate, stft.clock, stft.context
        self.channels, self.bins = 1, len(weights)
        used = np.flatnonzero(weights.any(axis=0))
        self.first, self.last = (int(used[0]), int(used[-1]) + 1) if len(used) else (0, 1)
        self.register_buffer("weights", torch.from_numpy(weights[:, self.first : self.last]).float(), persistent=False)

    def bands(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> (batch, 1, bands, frames)."""
        check_audio(audio)
        frames = centred(audio, self.stft.n_fft, self.stft.hop)
        bands = blockwise(frames, lambda part: self.weights @ self.stft.magnitudes(part, self.first, self.last).mT)
        return bands[:, None]

    def forward(self, audio: Tensor) -> Tensor:
        """See the class."""
        return self.bands(audio)


class LogFilterbank(Filterbank):
    """Magnitude in logarithmically spaced triangular bands, compressed to log10(1 + mul * x).

    The defaults are the front end of onpu's beat tracker: 50 frames a second. See `log_triangles` for the bands.
    forward: audio (batch, samples) -> (batch, 1, bands, samples // hop + 1).

    Args:
        rate: samples a second.
        n_fft, hop: STFT, in samples.
        bands_per_octave: density of the centres.
        fmin, fmax: Hz, range of the corners.
        unique: keep low bands that fall on the same bin once.
        norm: area-normalised triangles.
        mul: factor before the logarithm; None for no compression.
        amplitude: scale of x: True, a sinusoid's amplitude, whatever n_fft; False, the plain STFT as in madmom.
    """

    def __init__(self, rate: int = 22050, n_fft: int = 2048, hop: int = 441, bands_per_octave: int = 12,
                 fmin: float = 30.0, fmax: float = 10000.0, unique: bool = True, norm: bool = True,
                 mul: float | None = 1000.0, amplitude: bool = True) -> None:
        super().__init__(Stft(rate, n_fft, hop, amplitude=amplitude),
                         log_triangles(rate, n_fft, bands_per_octave, fmin, fmax, unique, norm))
        self.bands_per_octave, self.fmin, self.fmax, self.unique, self.norm = bands_per_octave, fmin, fmax, unique, norm
        self.mul, self.amplitude = mul, amplitude
        self.compress = nn.Identity() if mul is None else Log(mul)

    def forward(self, audio: Tensor) -> Tensor:
        """See the class."""
        return self.compress(self.bands(audio))
