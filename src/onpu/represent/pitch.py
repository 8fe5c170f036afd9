"""Representations with logarithmic frequency: constant-Q transform, its harmonic stack, chroma."""

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onpu.music import Clock
from onpu.represent.chain import Representation
from onpu.represent.frames import blockwise, check_audio, cut, magnitude

C1 = 440 * 2 ** (-45 / 12)
"""32.703 Hz."""
NORMS = {"max": math.inf, "sum": 1.0, "euclid": 2.0, None: None}


class HalveRate(nn.Module):
    """Every second sample behind a half-band low-pass: flat to 0.8 of the new Nyquist frequency, 90 dB from 1.2 of it.

    forward: (batch, samples), a multiple of 2 * BLOCK -> (batch, samples / 2); zeros beyond both ends. A
    Kaiser-windowed sinc, applied to BLOCK outputs at a time as a product with a banded matrix: 50 times as fast on a
    CPU as a convolution with one channel.
    """

    REACH, BLOCK = 29, 64
    matrix: Tensor

    def __init__(self) -> None:
        super().__init__()
        n = np.arange(-self.REACH, self.REACH + 1)
        taps = np.sinc(n / 2) / 2 * np.kaiser(len(n), 9.0)
        taps /= taps.sum()
        matrix = np.zeros((2 * self.BLOCK + len(n) - 2, self.BLOCK))
        for j in range(self.BLOCK):
            matrix[2 * j : 2 * j + len(n), j] = taps
        self.register_buffer("matrix", torch.from_numpy(matrix).float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Audio (batch, samples) at one rate -> at half of it (batch, samples / 2)."""
        step, size = 2 * self.BLOCK, self.matrix.shape[0]
        padded = F.pad(x, (self.REACH, size - step - self.REACH))
        blocks = cut(padded, size, step, x.shape[-1] // step)
        return blockwise(blocks, lambda part: part @ self.matrix, axis=1).flatten(1)


class OctaveKernels(nn.Module):
    """Windowed complex sinusoids of neighbouring bins, for frames of a signal whose rate was halved `halvings` times.

    A frame of the clock need not fall on a sample of the slower signal: frames repeat their position between samples
    after `phases` frames, and each phase has kernels of its own, shifted by the fraction. So any hop is exact.

    Args:
        frequencies: (bins,), cycles a sample at the slower rate.
        lengths: (bins,), samples at the slower rate.
        gains: (bins,), factor of the magnitude; with 1 a sinusoid of amplitude a reads a / 2.
        hop: samples at the full rate.
        halvings: log2 of the full rate over the slower one.
    """

    kernels: Tensor

    def __init__(self, frequencies: np.ndarray, lengths: np.ndarray, gains: np.ndarray, hop: int,
                 halvings: int) -> None:
        super().__init__()
        slow = 2**halvings
        self.halvings = halvings
        self.phases = slow // math.gcd(hop, slow)
        self.step = hop * self.phases // slow
        self.reach = math.ceil(lengths.max() / 2)
        offsets = np.arange(self.phases) * hop
        self.starts = [int(start) for start in offsets // slow]
        fractions = (offsets % slow / slow)[:, None, None]
        time = np.arange(-self.reach, self.reach + 2)[:, None] - fractions  # (phases, samples, 1)
        window = np.where(np.abs(time) < lengths / 2, 0.5 + 0.5 * np.cos(2 * np.pi * time / lengths), 0)
        window *= gains * 2 / lengths
        angle = 2 * np.pi * frequencies * time
        parts = [window * np.cos(angle), window * np.sin(angle)]
        kernels = np.concatenate(parts, axis=-1)  # (phases, samples, 2 * bins)
        self.register_buffer("kernels", torch.from_numpy(kernels).float(), persistent=False)

    def forward(self, x: Tensor, origin: int, count: int) -> Tensor:
        """Signal (batch, samples) at the slower rate, whose sample `origin` is time 0 -> (batch, bins, count)."""
        size, rounds = self.kernels.shape[1], (count + self.phases - 1) // self.phases
        results = []
        for start, kernels in zip(self.starts, self.kernels, strict=True):
            frames = cut(x[:, origin - self.reach + start :], size, self.step, rounds)
            results.append(blockwise(frames, partial(_project, kernels)))
        real, imaginary = torch.stack(results, dim=-1).flatten(-2)[..., :count].chunk(2, dim=1)
        return magnitude(real, imaginary)


def _project(kernels: Tensor, frames: Tensor) -> Tensor:
    return (frames @ kernels).mT


class Cqt(Representation):
    """Magnitude of the constant-Q transform (Brown 1991; Choi et al. 2018, eq. 4), octave by octave.

    forward: audio (batch, samples) -> (batch, 1, bins, samples // hop + 1); bin k at fmin * 2 ** (k / bins_per_octave).

    The rate is halved as long as an octave's bins stay in the passband, so that low octaves cost little (Schörkhuber &
    Klapuri 2010); the kernels are applied in the time domain, in real arithmetic, and to any hop. Filter lengths and
    scale are those of librosa: magnitudes grow with the square root of the length.

    Parameters
    ----------
    rate
        Samples a second.
    hop
        Samples from frame to frame.
    fmin
        Frequency of the lowest bin, Hz.
    bins
        Number of bins.
    bins_per_octave
        12, 24, 36, 60 or any other.
    filter_scale
        Factor of the filters' lengths.
    amplitude
        Whether a sinusoid of amplitude a on a bin reads a, in place of librosa's scale.
    gamma
        Hz by which every bin's band is wider than constant Q asks for, so that low bins answer faster (Schörkhuber et
        al. 2014, eq. 4: the variable-Q transform); 0: constant Q.

    Raises
    ------
    ValueError
        When the highest bin reaches beyond half of the rate.

    Examples
    --------
    >>> import math
    >>> import torch
    >>> from onpu.represent import Cqt
    >>> cqt = Cqt(rate=22050, hop=512, bins=84)
    >>> a4 = torch.sin(2 * math.pi * 440 * torch.arange(22050) / 22050)
    >>> spectrum = cqt(a4[None])
    >>> spectrum.shape
    torch.Size([1, 1, 84, 44])
    >>> int(spectrum[0, 0, :, 22].argmax())  # semitones above C1
    45
    """

    context: int

    def __init__(self, rate: int = 22050, hop: int = 512, fmin: float = C1, bins: int = 84, bins_per_octave: int = 12,
                 filter_scale: float = 1.0, amplitude: bool = False, gamma: float = 0.0) -> None:
        super().__init__()
        self.clock = Clock(rate, hop)
        self.hop, self.fmin, self.bins_per_octave = hop, fmin, bins_per_octave
        self.filter_scale, self.amplitude, self.gamma = filter_scale, amplitude, gamma
        self.channels, self.bins = 1, bins
        ratio = 2 ** (2 / bins_per_octave)
        quality = filter_scale * (ratio + 1) / (ratio - 1)
        self.frequencies = fmin * 2 ** (np.arange(bins) / bins_per_octave)
        lengths = quality * rate / (self.frequencies + quality * gamma)
        highest = self.frequencies[-1] + self.frequencies[-1] / quality + gamma
        if highest > rate / 2:
            raise ValueError(f"the highest bin reaches {highest:.0f} Hz, above half of {rate} Hz: take fewer bins")
        gains = np.full(bins, 2.0) if amplitude else np.sqrt(lengths)
        groups: list[OctaveKernels] = []
        reach = 0
        for top in range(bins, 0, -bins_per_octave):
            octave = slice(max(top - bins_per_octave, 0), top)
            edge = self.frequencies[top - 1] * (1 + 1 / quality) + gamma
            halvings = max(0, math.floor(math.log2(0.8 * rate / 2 / edge)))
            slow = 2**halvings
            group = OctaveKernels(self.frequencies[octave] / rate * slow, lengths[octave] / slow, gains[octave], hop,
                                  halvings)
            groups.append(group)
            reach = max(reach, (group.reach + 2 + HalveRate.REACH) * slow)
        self.groups = nn.ModuleList(groups)
        self.halve = HalveRate()
        slowest = 2 ** groups[-1].halvings
        self.context = reach + -reach % slowest  # time 0 is a sample at every rate
        self.after = self.context + max(group.phases for group in groups) * hop
        self.unit = slowest * HalveRate.BLOCK

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> magnitudes (batch, 1, bins, frames)."""
        check_audio(audio)
        count = self.clock.count(audio.shape[-1])
        units = (self.context + audio.shape[-1] + self.after) // self.unit + 1
        signal = F.pad(audio, (self.context, units * self.unit - self.context - audio.shape[-1]))
        halvings, octaves = 0, []
        for group in cast(Iterable[OctaveKernels], self.groups):
            while halvings < group.halvings:
                signal, halvings = self.halve(signal), halvings + 1
            octaves.append(group(signal, self.context >> halvings, count))
        return torch.cat(octaves[::-1], dim=1)[:, None]


class Hcqt(Representation):
    """Harmonic CQT (Bittner et al. 2017): CQTs that start at multiples of fmin, as channels, so that the harmonics of a
    pitch lie above each other in one bin.

    forward: audio (batch, samples) -> (batch, harmonics, bins, samples // hop + 1).
    Harmonics that are octaves of each other (0.5, 1, 2, 4) are slices of one CQT.

    Args:
        rate, hop, fmin, bins, bins_per_octave: of the first harmonic, as in `Cqt`.
        harmonics: multiples of fmin, in the order of the channels.
    """

    def __init__(self, rate: int = 22050, hop: int = 256, fmin: float = C1, bins: int = 360, bins_per_octave: int = 60,
                 harmonics: Sequence[float] = (0.5, 1, 2, 3, 4, 5)) -> None:
        super().__init__()
        self.clock = Clock(rate, hop)
        self.hop, self.fmin, self.bins_per_octave, self.harmonics = hop, fmin, bins_per_octave, tuple(harmonics)
        self.channels, self.bins = len(self.harmonics), bins
        families: dict[float, list[int]] = {}  # harmonic within one octave -> octaves
        for harmonic in self.harmonics:
            octave = math.floor(math.log2(harmonic))
            families.setdefault(harmonic / 2**octave, []).append(octave)
        cqts: list[Cqt] = []
        places: dict[float, tuple[int, int]] = {}  # harmonic -> index of its CQT, first bin in it
        for index, (root, octaves) in enumerate(families.items()):
            lowest, highest = min(octaves), max(octaves)
            span = (highest - lowest) * bins_per_octave
            cqts.append(Cqt(rate, hop, fmin * root * 2.0**lowest, bins + span, bins_per_octave))
            places |= {root * 2.0**octave: (index, (octave - lowest) * bins_per_octave) for octave in octaves}
        self.cqts = nn.ModuleList(cqts)
        self.places = [places[harmonic] for harmonic in self.harmonics]
        self.context = max(cqt.context for cqt in cqts)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> magnitudes (batch, harmonics, bins, frames)."""
        families = [cqt(audio) for cqt in self.cqts]
        return torch.cat([families[family][:, :, first : first + self.bins] for family, first in self.places], dim=1)


class Chroma(Representation):
    """Energy of the twelve pitch classes: the magnitudes of a CQT added over octaves (Choi et al. 2018, eq. 5) and over
    the bins of a semitone.

    forward: audio (batch, samples) -> (batch, 1, 12, samples // hop + 1), C first. A bin half-way between two semitones
    counts half for each.

    Args:
        rate, hop, fmin, bins_per_octave: as in `Cqt`; fmin on a semitone.
        octaves: to add up.
        norm: what each frame is divided by: "max", "sum", "euclid" or None for nothing; silence stays zero.
    """

    weights: Tensor

    def __init__(self, rate: int = 22050, hop: int = 512, fmin: float = C1, octaves: int = 7, bins_per_octave: int = 36,
                 norm: str | None = "max") -> None:
        super().__init__()
        if norm not in NORMS:
            raise ValueError(f"norm must be max, sum, euclid or None, not {norm!r}")
        self.clock = Clock(rate, hop)
        self.hop, self.fmin, self.octaves, self.bins_per_octave, self.norm = hop, fmin, octaves, bins_per_octave, norm
        self.cqt = Cqt(rate, hop, fmin, octaves * bins_per_octave, bins_per_octave)
        self.channels, self.bins, self.context = 1, 12, self.cqt.context
        semitones = np.arange(self.cqt.bins) * 12 / bins_per_octave + 12 * np.log2(fmin / C1)
        distance = np.abs((semitones - np.arange(12)[:, None] + 6) % 12 - 6).round(6)
        weights = (distance < 0.5) + 0.5 * (distance == 0.5)
        self.register_buffer("weights", torch.from_numpy(weights).float(), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> chroma (batch, 1, 12, frames)."""
        chroma = self.weights @ self.cqt(audio)
        order = NORMS[self.norm]
        if order is None:
            return chroma
        norm: Tensor = torch.linalg.vector_norm(chroma, order, dim=2, keepdim=True)
        return chroma / norm.clamp(min=1e-10)
