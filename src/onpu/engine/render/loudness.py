"""Loudness after ITU-R BS.1770-4: K-weighting, blocks of 400 ms, gates at -70 LUFS and 10 LU under the mean."""

from functools import lru_cache

import numpy as np

from onpu.engine.render.filters import filtered

STEPS_PER_BLOCK = 4
"""A block is so many steps of 100 ms."""


@lru_cache(maxsize=16)
def k_weighting(rate: int) -> np.ndarray:
    """Second-order sections (2, 6) of annex 1: a high shelf of +4 dB and a high-pass at 38 Hz, redesigned for `rate`
    from their analogue prototypes (which the annex gives at 48 kHz)."""
    gain, q_shelf, f_shelf = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    q_pass, f_pass = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * f_shelf / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q_shelf + k * k
    shelf = [(high + band * k / q_shelf + k * k) / a0, 2 * (k * k - high) / a0,
             (high - band * k / q_shelf + k * k) / a0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q_shelf + k * k) / a0]
    k = np.tan(np.pi * f_pass / rate)
    a0 = 1 + k / q_pass + k * k
    highpass = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q_pass + k * k) / a0]
    return np.array([shelf, highpass])


def loudness(samples: np.ndarray, rate: int) -> float:
    """Integrated loudness in LUFS of (channels, samples); -inf for silence and for less than 400 ms."""
    step = rate // 10
    steps = samples.shape[-1] // step
    if steps < STEPS_PER_BLOCK:
        return -np.inf
    weighted = filtered(samples[:, : steps * step], k_weighting(rate))
    energy = np.einsum("csi,csi->s", *2 * [weighted.reshape(len(samples), steps, step)]) / step
    power = np.convolve(energy, np.full(STEPS_PER_BLOCK, 1 / STEPS_PER_BLOCK), mode="valid")
    power = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(power):
        return -np.inf
    power = power[power > power.mean() / 10]
    return float(-0.691 + 10 * np.log10(power.mean()))
