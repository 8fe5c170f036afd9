"""Notes as pictures of their spectra, and back, the phases from those of a harmonic tone of their key on."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from onpu.music.arrays import Floats
from onpu.represent.phase import invert
from onpu.represent.picture import amplitudes, picture
from onpu.represent.spectra import Stft

RATE, N_FFT, PHASE_HOP = 16_000, 1024, 256
"""Of the spectra; samples from frame to frame when phases are sought."""
DEPTH_DB = 80.0
"""dB from full scale to what is silent."""
PEAK = 0.8


@lru_cache
def front(hop: int) -> Stft:
    """The spectrum of which pictures are made, of amplitudes."""
    return Stft(RATE, N_FFT, hop, amplitude=True)


def pictures_of(notes: np.ndarray, hop: int, frames: int) -> Tensor:
    """Sounds (notes, samples) at `RATE` -> pictures (notes, 1, 512, frames): 1 at full scale, 0 from `DEPTH_DB` below
    it on. Sounds are cut or continued with silence."""
    length = frames * hop
    sound = np.pad(notes[:, :length], ((0, 0), (0, max(0, length - notes.shape[1])))).astype(np.float32)
    levels = picture(front(hop).spectrum(torch.from_numpy(sound)).abs(), DEPTH_DB)
    return (levels[:, None, :, :frames] + 1) / 2


def sounds_of(pictures: Tensor, keys: Sequence[int], hop: int, samples: int, iterations: int) -> Floats:
    """Inverse of `pictures_of`: sounds (notes, samples), float32, as loud as the pictures say.

    Levels are interpolated to frames of `PHASE_HOP`; phases begin as those of a harmonic tone of each key and are
    improved by so many iterations of fast Griffin-Lim.
    """
    stft, last = front(PHASE_HOP), pictures.shape[3] - 1
    times = np.minimum(np.arange(samples // PHASE_HOP + 1) * PHASE_HOP / hop, last)
    before = np.floor(times).astype(int)
    over = torch.from_numpy(times - before).float()
    dense = pictures[..., before] * (1 - over) + pictures[..., np.minimum(before + 1, last)] * over
    wanted = amplitudes(2 * dense - 1, DEPTH_DB)
    made = []
    for number, key in enumerate(keys):
        start = stft.spectrum(torch.from_numpy(tone(key, samples))[None])
        made.append(invert(stft, wanted[number : number + 1], samples, iterations=iterations, start=start)[0].numpy())
    return np.stack(made).astype(np.float32)


def at_peak(sounds: np.ndarray) -> Floats:
    """Sounds (notes, samples), each with `PEAK`."""
    louder: Floats = (sounds * (PEAK / np.maximum(np.abs(sounds).max(axis=1, keepdims=True), 1e-9))).astype(np.float32)
    return louder


def tone(key: int, samples: int) -> Floats:
    """A harmonic tone of a key, float32 (samples,), of all partials below half of `RATE`."""
    pitch = 440 * 2 ** ((key - 69) / 12)
    times, found = np.arange(samples) / RATE, np.zeros(samples)
    for number in range(1, int(RATE / 2 / pitch) + 1):
        found += np.sin(2 * np.pi * number * pitch * times) / number
    return found.astype(np.float32)
