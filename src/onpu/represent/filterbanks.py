"""Filterbanks over the STFT: logarithmic bands, mel bands and their cepstrum."""

import numpy as np
import torch
from torch import Tensor

from onpu.represent.chain import Features, Representation, Transform
from onpu.represent.frames import blockwise, centred, check_audio
from onpu.represent.scale import Decibels, Log
from onpu.represent.spectra import Stft


def log_triangles(rate: int, n_fft: int, bands_per_octave: int, fmin: float, fmax: float, unique: bool,
                  norm: bool) -> np.ndarray:
    """Triangular filters with logarithmically spaced centres, weights (bands, n_fft / 2 + 1), float64.

    The centres lie `bands_per_octave` to the octave through 440 Hz, each moved to the nearest bin of the STFT; a
    triangle rises from its left neighbour's centre and falls to its right one's. The bin at rate / 2 is not used.
    Band for band those of madmom (Böck et al. 2016).

    Args:
        rate, n_fft: of the STFT.
        bands_per_octave: density of the centres.
        fmin, fmax: Hz; no corner lies outside.
        unique: low bands that fall on the same bin are kept once.
        norm: area-normalised (the weights of a band sum to 1), else with peak 1.
    """
    first = int(np.floor(np.log2(fmin / 440) * bands_per_octave))
    last = int(np.ceil(np.log2(fmax / 440) * bands_per_octave))
    corners = 440 * 2 ** (np.arange(first, last + 1) / bands_per_octave)
    corners = corners[(corners >= fmin) & (corners <= fmax)]
    bins = np.clip(np.floor(corners * n_fft / rate + 0.5).astype(int), 0, n_fft // 2 - 1)
    if unique:
        bins = np.unique(bins)
    weights = np.zeros((max(len(bins) - 2, 0), n_fft // 2 + 1))
    for row, left, centre, right in zip(weights, bins[:-2], bins[1:-1], bins[2:], strict=True):
        if right - left < 2:
            row[left] = 1
        else:
            row[left:centre] = np.linspace(0, 1, centre - left, endpoint=False)
            row[centre:right] = np.linspace(1, 0, right - centre, endpoint=False)
        if norm:
            row /= row.sum()
    return weights


def hz_to_mel(hz: np.ndarray, formula: str) -> np.ndarray:
    """Pitch in mel: "htk", 2595 log10(1 + f / 700) (Choi et al. 2018, eq. 3), or "slaney", linear below 1 kHz."""
    if formula == "htk":
        return 2595 * np.log10(1 + hz / 700)
    return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1000) / 1000) / np.log(6.4))


def mel_to_hz(mel: np.ndarray, formula: str) -> np.ndarray:
    """Inverse of `hz_to_mel`."""
    if formula == "htk":
        return 700 * (10 ** (mel / 2595) - 1)
    return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((np.maximum(mel, 15) - 15) / 27))


def mel_triangles(rate: int, n_fft: int, bands: int, fmin: float, fmax: float, formula: str,
                  norm: str | None) -> np.ndarray:
    """Triangular filters equally spaced in mel between fmin and fmax Hz, weights (bands, n_fft / 2 + 1), float64.

    Args:
        formula: "htk" or "slaney", see `hz_to_mel`.
        norm: "slaney", area 1 over Hz; "sum", the weights of a band sum to 1; None, peak 1.
    """
    ends = hz_to_mel(np.array([fmin, fmax]), formula)
    corners = mel_to_hz(np.linspace(ends[0], ends[1], bands + 2), formula)
    hz = np.arange(n_fft // 2 + 1) * rate / n_fft
    left, centre, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    weights: np.ndarray = np.maximum(0, np.minimum((hz - left) / (centre - left), (right - hz) / (right - centre)))
    if norm == "slaney":
        weights *= 2 / (right - left)
    elif norm == "sum":
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return weights


def hz_to_bark(hz: np.ndarray) -> np.ndarray:
    """Critical-band rate in bark, 26.81 f / (1960 + f) - 0.53 (Traunmüller, JASA 88(1), 1990, eq. 6, without its
    corrections at the ends)."""
    bark: np.ndarray = 26.81 * hz / (1960 + hz) - 0.53
    return bark


def bark_to_hz(bark: np.ndarray) -> np.ndarray:
    """Inverse of `hz_to_bark`."""
    hz: np.ndarray = 1960 * (bark + 0.53) / (26.28 - bark)
    return hz


def hz_to_erb(hz: np.ndarray) -> np.ndarray:
    """Number of equivalent rectangular bandwidths below a frequency, 21.4 log10(1 + 0.00437 f) (Glasberg & Moore,
    Hearing Research 47, 1990, eq. 4)."""
    erb: np.ndarray = 21.4 * np.log10(1 + 0.00437 * hz)
    return erb


def erb_to_hz(erb: np.ndarray) -> np.ndarray:
    """Inverse of `hz_to_erb`."""
    hz: np.ndarray = (10 ** (erb / 21.4) - 1) / 0.00437
    return hz


AUDITORY = {"bark": (hz_to_bark, bark_to_hz), "erb": (hz_to_erb, erb_to_hz), "gammatone": (hz_to_erb, erb_to_hz)}
"""Scale -> from hertz, and back."""


def auditory_bands(rate: int, n_fft: int, bands: int, fmin: float, fmax: float, scale: str) -> np.ndarray:
    """Filters equally spaced on another scale of hearing than mel (Choi et al. 2018, section 3.2), weights (bands,
    n_fft / 2 + 1), float64, those of a band summing to 1.

    `bark` and `erb` are triangles between their neighbours' centres. `gammatone`: the magnitude of gammatone filters of
    fourth order, (1 + ((f - centre) / b)^2)^-2 with b = 1.019 ERB(centre), ERB(f) = 24.7 (1 + 0.00437 f) (Patterson et
    al. 1992; Slaney, Apple technical report 35, 1993).
    """
    there, back = AUDITORY[scale]
    ends = there(np.array([fmin, fmax]))
    corners = back(np.linspace(ends[0], ends[1], bands + 2))
    hz = np.arange(n_fft // 2 + 1) * rate / n_fft
    left, centre, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    if scale == "gammatone":
        width = 1.019 * 24.7 * (1 + 0.00437 * centre)
        weights = (1 + ((hz - centre) / width) ** 2) ** -2.0
    else:
        weights = np.maximum(0, np.minimum((hz - left) / (centre - left), (right - hz) / (right - centre)))
    empty = weights.sum(axis=1) <= 1e-9  # a band between two bins
    weights[empty] = np.abs(hz - centre[empty]) == np.abs(hz - centre[empty]).min(axis=1, keepdims=True)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


class Filterbank(Representation):
    """Bands of an STFT: magnitudes (batch, 1, n_fft / 2 + 1, frames) times fixed weights (bands, n_fft / 2 + 1).

    Args:
        stft: of which the bands are taken.
        weights: float64, one row a band.
    """

    weights: Tensor

    def __init__(self, stft: Stft, weights: np.ndarray) -> None:
        super().__init__()
        self.stft = stft
        self.clock, self.context = stft.clock, stft.context
        self.channels, self.bins = 1, len(weights)
        used = np.flatnonzero(weights.any(axis=0))
        self.first, self.last = (int(used[0]), int(used[-1]) + 1) if len(used) else (0, 1)
        self.register_buffer("weights", torch.from_numpy(weights[:, self.first : self.last]).float(), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> (batch, 1, bands, samples // hop + 1)."""
        check_audio(audio)
        frames = centred(audio, self.stft.n_fft, self.stft.hop)
        bands = blockwise(frames, lambda part: self.weights @ self.stft.magnitudes(part, self.first, self.last).mT)
        return bands[:, None]


class LogFilterbank(Filterbank):
    """Magnitude in logarithmically spaced triangular bands (see `log_triangles`), compressed to log10(1 + mul * x).

    forward: audio (batch, samples) -> (batch, 1, bands, samples // hop + 1).
    The defaults are the front end of the beat tracker: 82 bands, 50 frames a second.

    Args:
        rate: samples a second.
        n_fft, hop: STFT, in samples.
        bands_per_octave: density of the bands.
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
        self.n_fft, self.hop, self.amplitude = n_fft, hop, amplitude
        self.bands_per_octave, self.fmin, self.fmax, self.unique, self.norm = bands_per_octave, fmin, fmax, unique, norm
        self.mul = mul
        self.compress = None if mul is None else Log(mul)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> bands (batch, 1, bins, frames)."""
        bands = super().forward(audio)
        return bands if self.compress is None else self.compress(bands)


class Mel(Filterbank):
    """Mel spectrogram: power (or magnitude) in triangular bands that are equally spaced in mel.

    forward: audio (batch, samples) -> (batch, 1, bands, samples // hop + 1). No compression: see `Log`, `Decibels`.

    Args:
        rate: samples a second.
        n_fft, hop: STFT, in samples.
        bands: number of them.
        fmin, fmax: Hz; fmax None: rate / 2.
        formula: "slaney", or "htk" for Choi et al. 2018, eq. 3.
        norm: of a triangle: "slaney", "sum" or None, see `mel_triangles`.
        power: exponent of the magnitude: 2 power, 1 magnitude.
    """

    def __init__(self, rate: int, n_fft: int = 2048, hop: int = 512, bands: int = 128, fmin: float = 0.0,
                 fmax: float | None = None, formula: str = "slaney", norm: str | None = "slaney",
                 power: float = 2.0) -> None:
        if formula not in ("slaney", "htk") or norm not in ("slaney", "sum", None):
            raise ValueError(f"formula must be slaney or htk, norm slaney, sum or None; not {formula!r} and {norm!r}")
        super().__init__(Stft(rate, n_fft, hop, power=power),
                         mel_triangles(rate, n_fft, bands, fmin, rate / 2 if fmax is None else fmax, formula, norm))
        self.n_fft, self.hop, self.fmin, self.fmax = n_fft, hop, fmin, fmax
        self.formula, self.norm, self.power = formula, norm, power


class AuditoryBands(Filterbank):
    """Magnitude in bands of a scale of hearing (see `auditory_bands`). No compression: see `Log`, `Decibels`.

    forward: audio (batch, samples) -> (batch, 1, bands, samples // hop + 1).

    Args:
        rate: samples a second.
        scale: bark, erb or gammatone.
        n_fft, hop: STFT, in samples.
        bands: number of them.
        fmin, fmax: Hz between which the triangles lie, or beside which the first and last centre; fmax None: rate / 2.
        power: exponent of the magnitude: 2 power, 1 magnitude.
    """

    def __init__(self, rate: int, scale: str, n_fft: int = 2048, hop: int = 512, bands: int = 96, fmin: float = 0.0,
                 fmax: float | None = None, power: float = 1.0) -> None:
        if scale not in AUDITORY:
            raise ValueError(f"scale must be {', '.join(AUDITORY)}, not {scale!r}")
        super().__init__(Stft(rate, n_fft, hop, power=power),
                         auditory_bands(rate, n_fft, bands, fmin, rate / 2 if fmax is None else fmax, scale))
        self.scale, self.n_fft, self.hop, self.fmin, self.fmax, self.power = scale, n_fft, hop, fmin, fmax, power


class Cepstrum(Transform):
    """The first coefficients of an orthonormal DCT-II over the bins (Davis & Mermelstein 1980).

    Args:
        bins: of the input, a log spectrum.
        coefficients: to keep.
        lifter: 0, or L: coefficient n (from 1) is multiplied by 1 + L / 2 sin(pi n / L).
    """

    weights: Tensor

    def __init__(self, bins: int, coefficients: int, lifter: int = 0) -> None:
        super().__init__()
        if not 1 <= coefficients <= bins:
            raise ValueError(f"{bins} bins have 1 to {bins} coefficients, not {coefficients}")
        self.bins, self.coefficients, self.lifter = bins, coefficients, lifter
        k, n = np.arange(coefficients)[:, None], np.arange(bins)
        weights = np.cos(np.pi * k * (2 * n + 1) / (2 * bins)) * np.sqrt(2 / bins)
        weights[0] /= np.sqrt(2)
        if lifter:
            weights *= 1 + lifter / 2 * np.sin(np.pi * (k + 1) / lifter)
        self.register_buffer("weights", torch.from_numpy(weights).float(), persistent=False)

    def shape(self, channels: int, bins: int) -> tuple[int, int]:
        """Channels and bins after the transform."""
        if bins != self.bins:
            raise ValueError(f"this cepstrum is of {self.bins} bins, not {bins}")
        return channels, self.coefficients

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, bins, frames) -> (batch, channels, coefficients, frames)."""
        return self.weights @ x


class Mfcc(Features):
    """Mel-frequency cepstral coefficients: mel power in dB, then its cepstrum. For deltas add `Deltas`.

    forward: audio (batch, samples) -> (batch, 1, coefficients, samples // hop + 1).

    Args:
        mel: the mel spectrogram, power.
        coefficients: number of them.
        span: dB below the loudest value of the recording at which the spectrogram is clipped; None: not, which lets
            it be computed in chunks.
        lifter: see `Cepstrum`.
    """

    def __init__(self, mel: Mel, coefficients: int = 20, span: float | None = 80.0, lifter: int = 0) -> None:
        super().__init__(mel, Decibels(span=span), Cepstrum(mel.bins, coefficients, lifter))
        self.coefficients, self.span, self.lifter = coefficients, span, lifter
