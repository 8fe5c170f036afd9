"""Mel bands and from where each of them comes: log-mel, intensity vectors, and their second order.

Cao et al., "Polyphonic sound event detection and localization using a two-stage strategy" (DCASE workshop 2019, section
2.1): log mel bands beside intensity vectors in the same bands. They took the vectors of ambisonic recordings; here they
are of spaced microphones, whose pseudo-intensity vector (Jarrett, Habets & Naylor, "3D source localization in the
spherical harmonic domain using a pseudointensity vector", EUSIPCO 2010) is the first order of the steered response in
spherical harmonics. For a pair of microphones at a distance d, direction b, whose phases differ by p, the plane waves'
expansion gives, with spherical Bessel functions j at x = 2 pi f d / c,

    first order   j1(x) b sin p                      second order   j2(x) (I / 3 - b b^T) cos p

summed over pairs and the bins of a band, over the sums of |j1| and |j2|; where pairs do not point to all sides alike,
vectors are the least-squares solution. What they say does not depend on the positions of the microphones, as long as
these span space and, of the first order, a band's wavelength is more than about their distance. Where the
world is turned, vectors and tensors turn.
"""

from functools import cache
from itertools import combinations

import numpy as np
import torch
from scipy.special import spherical_jn

from onpu.music import Clock
from onpu.represent.filterbanks import mel_triangles
from onpu.represent.spectra import Stft
from onpu.represent.steered import FLOOR, RATE, SPEED_OF_SOUND

N_FFT, HOP, BANDS = 1024, 400, 64
LOWEST, HIGHEST = 60.0, 7000.0
"""Hz of the lowest and highest band's corners."""
CHANNELS = 10
"""Log-mel; vector x, y, z; tensor xx, yy, zz, xy, xz, yz."""
CLOCK = Clock(RATE, HOP)
MUL = 100.0
ROWS, COLUMNS = np.array([0, 1, 2, 0, 0, 1]), np.array([0, 1, 2, 1, 2, 2])
"""Of the six numbers of a symmetric tensor (3, 3)."""


def band_directions(sound: np.ndarray, microphones: np.ndarray) -> np.ndarray:
    """(microphones, samples) at 16 kHz and positions (microphones, 3) in metres -> (10, bands, frames), float32.

    The level is over that of the whole sound: log10(1 + 100 x).
    """
    spectra = _stft().spectrum(torch.from_numpy(np.ascontiguousarray(sound, np.float32)))
    level = spectra.abs()
    quiet = FLOOR * level.max().clamp(min=1e-9)
    phases = (spectra / (level + quiet)).numpy()
    mel, hz = _mel(), np.arange(N_FFT // 2 + 1) * RATE / N_FFT
    loud = (mel @ level.mean(dim=0).numpy()) / max(float(np.sqrt(np.square(sound).mean()) * N_FFT**0.5), 1e-9)
    pairs = np.array(list(combinations(range(len(microphones)), 2)))
    apart = microphones[pairs[:, 0]] - microphones[pairs[:, 1]]
    distances = np.linalg.norm(apart, axis=1)
    b = apart / np.maximum(distances, 1e-9)[:, None]  # (pairs, 3)
    evenly = np.linalg.pinv(b.T @ b) * (len(b) / 3)  # the identity where pairs point to all sides alike
    tensors = (np.eye(3) / 3 - b[:, :, None] * b[:, None])[:, ROWS, COLUMNS]  # (pairs, 6)
    j1, j2 = (spherical_jn(order, 2 * np.pi / SPEED_OF_SOUND * hz * distances[:, None]) for order in (1, 2))
    crossed = phases[pairs[:, 0]] * phases[pairs[:, 1]].conj()  # (pairs, bins, frames)
    out = np.empty((CHANNELS, BANDS, loud.shape[1]), np.float32)
    out[0] = np.log10(1 + MUL * loud)
    orders = (slice(1, 4), j1, crossed.imag, b @ evenly), (slice(4, 10), j2, crossed.real, tensors)
    for here, weights, part, turns in orders:
        banded = mel @ (weights[..., None].astype(np.float32) * part)  # (pairs, bands, frames)
        all_of_it = mel @ np.abs(weights).sum(axis=0) + 1e-9
        out[here] = np.tensordot(turns.T.astype(np.float32), banded, 1) / all_of_it[:, None]
    return out


def turned(features: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """The features (10, bands, frames) of the world turned by an orthogonal matrix (3, 3)."""
    out = features.copy()
    out[1:4] = np.tensordot(turn, features[1:4], 1)
    change = turn[ROWS][:, ROWS] * turn[COLUMNS][:, COLUMNS]
    off = ROWS != COLUMNS
    change[:, off] += turn[ROWS][:, COLUMNS[off]] * turn[COLUMNS][:, ROWS[off]]
    out[4:] = np.tensordot(change, features[4:], 1)
    return out


@cache
def _stft() -> Stft:
    return Stft(RATE, N_FFT, HOP)


@cache
def _mel() -> np.ndarray:
    return mel_triangles(RATE, N_FFT, BANDS, LOWEST, HIGHEST, "htk", "sum").astype(np.float32)
