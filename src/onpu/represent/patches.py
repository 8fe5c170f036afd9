"""Patches of a mel spectrum: what is compared where recordings are compared by how they sound."""

import numpy as np

from onpu.represent.chain import Features, Representation
from onpu.represent.filterbanks import Mel
from onpu.represent.scale import Log

BINS, FRAMES = 96, 128
"""Of a patch: three seconds."""
STEP = 64
"""Frames from one patch of a recording to the next."""


def mel_of_patches() -> Representation:
    """96 mel bands, 43 frames a second, log10(1 + 10000 x)."""
    return Features(Mel(22_050, 2048, 512, BINS, norm="sum", power=1.0), Log(10_000.0))


def patches_of(spectrum: np.ndarray) -> np.ndarray:
    """Patches (count, 1, 96, 128) of a spectrum (96, frames), every `STEP` frames; a shorter one is filled up with
    zeros."""
    spectrum = np.pad(spectrum, ((0, 0), (0, max(0, FRAMES - spectrum.shape[1]))))
    starts = range(0, spectrum.shape[1] - FRAMES + 1, STEP)
    return np.stack([spectrum[None, :, start : start + FRAMES] for start in starts])
