"""How loud it is from each direction: the steered response of several microphones.

DiBiase, Silverman & Brandstein, "Robust localization in reverberant rooms" (in Brandstein & Ward, Microphone Arrays,
2001): the generalised cross-correlations of all pairs of microphones, weighted by the phase transform (Knapp & Carter
1976), are added where sound from a direction would lie in them.

Directions are unit vectors; azimuths are degrees from the front (x), positive to the left (y), elevations degrees
upwards.
"""

from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from onpu.errors import AudioError
from onpu.music import Clock
from onpu.represent.spectra import Stft

SPEED_OF_SOUND = 343.0
"""Metres a second."""
RATE, N_FFT, HOP = 16_000, 1024, 512
LOWEST, HIGHEST = 200.0, 6000.0
"""Hz between which the phases count."""
FLOOR = 1e-3
"""Share of the loudest magnitude of a recording below which a bin is noise, and counts less."""


def unit_vectors(azimuths: np.ndarray, elevations: np.ndarray) -> np.ndarray:
    """(…, 3) of angles in degrees."""
    across, up = np.radians(azimuths), np.radians(elevations)
    return np.stack([np.cos(across) * np.cos(up), np.sin(across) * np.cos(up), np.sin(up) + 0 * across], axis=-1)


class SteeredResponse:
    """Sound of several microphones -> response from each direction, in [-1, 1], 1 where all phases agree.

    Args:
        microphones: positions (microphones, 3) in metres.
        azimuths, elevations: degrees; all pairs of them are looked at.
    """

    def __init__(self, microphones: np.ndarray, azimuths: np.ndarray, elevations: np.ndarray) -> None:
        self.microphones = np.asarray(microphones, np.float64)
        self.azimuths, self.elevations = azimuths, elevations
        self.stft = Stft(RATE, N_FFT, HOP)
        self.clock = Clock(RATE, HOP)
        hz = np.arange(N_FFT // 2 + 1) * RATE / N_FFT
        self.kept = np.flatnonzero((hz >= LOWEST) & (hz <= HIGHEST))
        self.pairs = list(combinations(range(len(self.microphones)), 2))
        directions = unit_vectors(azimuths[:, None], elevations[None]).reshape(-1, 3)
        apart = np.stack([self.microphones[j] - self.microphones[i] for i, j in self.pairs])  # (pairs, 3)
        lags = directions @ apart.T / SPEED_OF_SOUND  # by how much i hears it later than j
        turns = lags[:, :, None] * hz[self.kept]
        self.steering = torch.from_numpy(np.exp(2j * np.pi * turns).astype(np.complex64)).flatten(1)

    def __call__(self, samples: np.ndarray) -> np.ndarray:
        """(microphones, samples) at 16 kHz -> (azimuths, elevations, frames), float32.

        Raises
        ------
        AudioError
            When there are not as many channels as microphones.
        """
        if len(samples) != len(self.microphones):
            raise AudioError(f"{len(samples)} channels for {len(self.microphones)} microphones; name the array that "
                             "recorded this")
        spectra = self.stft.spectrum(torch.from_numpy(np.ascontiguousarray(samples, np.float32)))[:, self.kept]
        level = spectra.abs()
        quiet = FLOOR * level.max().clamp(min=1e-9)
        weight = spectra / (level + quiet)  # phases; noise counts less
        crossed = torch.stack([weight[i] * weight[j].conj() for i, j in self.pairs])  # (pairs, bins, frames)
        found: Tensor = (self.steering @ crossed.flatten(0, 1)).real / len(self.steering[0])
        return found.reshape(len(self.azimuths), len(self.elevations), -1).numpy()
