"""Samples as 256 levels, finer where it is soft: μ-law companding.

ITU-T recommendation G.711; van den Oord et al., "WaveNet: a generative model for raw audio" (2016, section 2.2):

    f(x) = sign(x) ln(1 + μ |x|) / ln(1 + μ),    -1 < x < 1,    μ = levels - 1
"""

import numpy as np

from onpu.music.arrays import Floats, Integers

LEVELS = 256
"""Of eight bits."""


def compressed(samples: np.ndarray, levels: int = LEVELS) -> Integers:
    """Numbers of the levels, from 0 to levels - 1, of samples in [-1, 1] of any shape; what is louder is clipped."""
    mu = levels - 1
    x = np.clip(np.asarray(samples, np.float64), -1, 1)
    bent = np.sign(x) * np.log1p(mu * np.abs(x)) / np.log1p(mu)
    numbers: Integers = np.floor((bent + 1) / 2 * mu + 0.5).astype(np.int64)
    return numbers


def expanded(numbers: np.ndarray, levels: int = LEVELS) -> Floats:
    """Samples in [-1, 1] of the numbers of levels, any shape: the nearest inverse of `compressed`."""
    mu = levels - 1
    bent = 2 * np.asarray(numbers, np.float64) / mu - 1
    samples: Floats = np.sign(bent) * np.expm1(np.abs(bent) * np.log1p(mu)) / mu
    return samples
