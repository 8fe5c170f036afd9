"""Samples of sixteen bits, drawn one after the other as a coarse and a fine byte."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from onpu.music.arrays import Floats, Integers

BYTE = 256
TOLD_EVERY = 1600
"""Samples after which the progress is told."""


class ByteSampler(Protocol):
    """What says one byte after the other, such as `onpu.models.wavernn.WaveRnnSampler`."""

    def coarse(self) -> np.ndarray:
        """Logits (BYTE,) of the coarse byte of the next sample."""

    def fine(self, coarse: int) -> np.ndarray:
        """Logits (BYTE,) of its fine byte, after the coarse one that was drawn."""

    def drawn(self, fine: int) -> None:
        """The fine byte that was drawn."""


def split_bytes(samples: np.ndarray) -> tuple[Integers, Integers]:
    """Coarse and fine bytes of samples in [-1, 1] of any shape; what is louder is clipped."""
    numbers = np.clip(np.rint(np.asarray(samples, np.float64) * 32768), -32768, 32767).astype(np.int64) + 32768
    return numbers // BYTE, numbers % BYTE


def joined_bytes(coarse: np.ndarray, fine: np.ndarray) -> Floats:
    """Samples in [-1, 1) of their bytes."""
    samples: Floats = (np.asarray(coarse, np.float64) * BYTE + fine - 32768) / 32768
    return samples


def drawn_bytes(sampler: ByteSampler, samples: int, rng: np.random.Generator, temperature: float,
                progress: Callable[[float], None] | None = None) -> Floats:
    """Samples (samples,) in [-1, 1) that are drawn. temperature: by which logits are divided."""
    chances = rng.random((samples, 2))
    found = np.zeros((2, samples), np.int64)
    for number in range(samples):
        coarse = _drawn(sampler.coarse(), temperature, chances[number, 0])
        fine = _drawn(sampler.fine(coarse), temperature, chances[number, 1])
        sampler.drawn(fine)
        found[:, number] = coarse, fine
        if progress is not None and not number % TOLD_EVERY:
            progress(number / samples)
    return joined_bytes(*found)


def _drawn(logits: np.ndarray, temperature: float, chance: float) -> int:
    shares = np.exp((logits - logits.max()) / temperature).cumsum()
    return int(min(shares.searchsorted(chance * shares[-1], side="right"), len(shares) - 1))
