"""Rolls and spectra as pictures of a few levels: a row a step of time, so that what comes before in time comes before
in the picture; with hints, a vector that tells what kind of picture it is, and places, what is known of each pixel
beforehand."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from onpu.music.roll import LOWEST, PITCHES, Roll
from onpu.music.roll import STEPS as GRID
from onpu.music.spelling import MINOR_MODES, parse_key
from onpu.represent.filterbanks import mel_triangles
from onpu.represent.phase import invert
from onpu.represent.spectra import Stft

BAR = 16
"""Steps of the longest bar that has a place a step."""
LOWEST_HZ = 40.0
"""Where the lowest band begins."""
OCTAVES = -(-PITCHES // 12)


class Pixels(ABC):
    """A kind of pictures. columns, levels: of a picture. hints, places: how many there are. rate: rows a unit of time,
    quarters or seconds."""

    columns: int
    levels: int
    hints: int
    places: int
    rate: float

    @abstractmethod
    def known(self, hints: Tensor, rows: int) -> Tensor:
        """Places (batch, places, rows, columns), ones and zeros, of pictures with these hints (batch, hints)."""


class RollPixels(Pixels):
    """Rolls: hints are the tonic, whether the mode is minor, whether there are three quarters a bar; places the step in
    the bar, the degree of the scale, in major and in minor, and the octave."""

    columns, levels, hints, places, rate = PITCHES, 2, 14, BAR + 24 + OCTAVES, float(GRID)

    def hinted(self, key: str, quarters: int) -> Tensor:
        """Hints (14,) of a key and a length of the bar."""
        tonic, mode = parse_key(key)
        told = torch.zeros(self.hints)
        told[tonic], told[12], told[13] = 1, mode in MINOR_MODES, quarters == 3
        return told

    def of(self, roll: Roll) -> Tensor:
        """Picture (steps, pitches) of a roll."""
        return torch.from_numpy(roll.sounding).float()

    def shown(self, rolls: Sequence[Roll]) -> tuple[Tensor, Tensor]:
        """Pictures and hints of rolls of equal length."""
        return (torch.stack([self.of(roll) for roll in rolls]),
                torch.stack([self.hinted(roll.key, roll.quarters) for roll in rolls]))

    def known(self, hints: Tensor, rows: int) -> Tensor:
        """See `Pixels`."""
        steps, pitches = torch.arange(rows, device=hints.device), LOWEST + torch.arange(PITCHES, device=hints.device)
        bar = torch.where(hints[:, 13] > 0, 3 * GRID, 4 * GRID)[:, None]
        place = nn.functional.one_hot(steps % bar, BAR)[:, :, None].expand(-1, -1, PITCHES, -1)
        tonic, minor = hints[:, :12].argmax(1)[:, None], (hints[:, 12:13] > 0).long()
        degree = nn.functional.one_hot((pitches - tonic) % 12 + 12 * minor, 24)[:, None].expand(-1, rows, -1, -1)
        octave = nn.functional.one_hot((pitches - LOWEST) // 12, OCTAVES).expand(len(hints), rows, -1, -1)
        return torch.cat((place, degree, octave), dim=3).permute(0, 3, 1, 2).float()


class SpectrumPixels(Pixels):
    """Levels of sounds in mel bands, of which several kinds are hinted at; places are band and frame.

    rate: samples a second of the sounds. kinds: of sounds. frames: of a picture, the last one told for all that follow.
    depth: dB from the highest level to the lowest.
    """

    def __init__(self, sampled: int, kinds: int, n_fft: int = 512, hop: int = 256, columns: int = 32, levels: int = 32,
                 frames: int = 32, depth: float = 80.0):
        self.stft, self.hop, self.depth = Stft(sampled, n_fft, hop, amplitude=True), hop, depth
        self.columns, self.levels, self.frames, self.rate = columns, levels, frames, sampled / hop
        self.hints, self.places = kinds, columns + frames
        bands = mel_triangles(sampled, n_fft, columns, LOWEST_HZ, sampled / 2, "slaney", "sum")
        self.weights = torch.from_numpy(bands).float()

    def of(self, sounds: Tensor, rows: int) -> Tensor:
        """Pictures (n, rows, bands), whole numbers, of sounds (n, samples)."""
        magnitude = self.stft.spectrum(sounds).abs()[..., :rows]
        decibels = 20 * torch.log10((self.weights @ magnitude).clamp(min=10 ** (-self.depth / 20)))
        return (self.levels * (1 + decibels / self.depth)).floor().clamp(0, self.levels - 1).mT

    def known(self, hints: Tensor, rows: int) -> Tensor:
        """See `Pixels`."""
        frame = torch.arange(rows, device=hints.device).clamp(max=self.frames - 1)
        frames = nn.functional.one_hot(frame, self.frames)[:, None].expand(-1, self.columns, -1)
        bands = torch.eye(self.columns, dtype=torch.long, device=hints.device).expand(rows, -1, -1)
        return torch.cat((bands, frames), dim=2).permute(2, 0, 1).expand(len(hints), -1, -1, -1).float()

    def sounding(self, picture: Tensor, samples: int, iterations: int) -> Tensor:
        """A sound (samples,) of a picture (rows, bands), with phases that are always the same for the same picture."""
        level = torch.where(picture > 0, 10 ** (((picture + 0.5) / self.levels - 1) * self.depth / 20), 0.0).mT
        shares = self.weights / self.weights.sum(0).clamp(min=1e-9)
        magnitude = shares.T @ level  # each bin the mean of the bands that it is in
        magnitude = nn.functional.pad(magnitude, (0, samples // self.hop + 1 - magnitude.shape[1]))
        start = torch.Generator().manual_seed(0)
        return invert(self.stft, magnitude[None, None], samples, iterations=iterations, rng=start)[0]


def between(picture: np.ndarray, levels: int, rng: np.random.Generator) -> np.ndarray:
    """Anywhere between each level of a picture and the next."""
    return np.minimum(picture + rng.random(picture.shape), levels - 1e-3).astype(np.float32)
