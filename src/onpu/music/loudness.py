"""Loudness of a recording as broadcasters measure it.

ITU-R BS.1770-4: samples go through a shelf and a high-pass (K weighting), their mean squares over 400 ms, every 100 ms,
through two gates: -70 LUFS, and 10 LU below the mean of what is louder than that. Channels are added with the weight 1;
those of surround sound behind the listener are not told apart. EBU R 128 calls the result integrated loudness.
"""

import math

import numpy as np
from scipy.signal import lfilter

from onpu.errors import AudioError

BLOCK_SECONDS, STEP_SECONDS = 0.4, 0.1
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
OFFSET = -0.691
"""LUFS of a mean square of 1."""
REPLAYGAIN_REFERENCE = -18.0
"""LUFS to which ReplayGain 2.0 brings a recording."""


def integrated_loudness(samples: np.ndarray, rate: int) -> float:
    """LUFS of samples (channels, n) or (n,).

    Returns
    -------
    float
        -inf where nothing is louder than the absolute gate.

    Raises
    ------
    AudioError
        When there is less than a block of 400 ms.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.music.loudness import integrated_loudness
    >>> tone = np.sin(2 * np.pi * 997 * np.arange(5 * 48_000) / 48_000)
    >>> round(integrated_loudness(tone, 48_000), 2)
    -3.01
    """
    sound = np.atleast_2d(np.asarray(samples, dtype=np.float64))
    block, step = round(BLOCK_SECONDS * rate), round(STEP_SECONDS * rate)
    if sound.shape[1] < block:
        raise AudioError(f"loudness is measured over {BLOCK_SECONDS} s at least; give a longer recording")
    for numerator, denominator in k_weighting(rate):
        sound = lfilter(numerator, denominator, sound, axis=1)
    power = np.concatenate([[0.0], np.cumsum((sound**2).sum(axis=0))])
    starts = np.arange(0, sound.shape[1] - block + 1, step)
    squares = (power[starts + block] - power[starts]) / block
    loud = squares[squares > _square(ABSOLUTE_GATE)]
    if not len(loud):
        return -math.inf
    loud = loud[loud > loud.mean() * 10 ** (RELATIVE_GATE / 10)]
    return OFFSET + 10 * math.log10(float(loud.mean()))


def replaygain(loudness: float) -> float:
    """dB by which a recording of so many LUFS is played louder."""
    return REPLAYGAIN_REFERENCE - loudness


def _square(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))


def k_weighting(rate: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Numerator and denominator of both filters at any rate: BS.1770 lists them at 48 kHz; these are the analogue
    filters that lie behind (De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 2018)."""
    return [_shelf(rate, 1681.974450955533, 3.999843853973347, 0.7071752369554196),
            _high_pass(rate, 38.13547087602444, 0.5003270373238773)]


def _shelf(rate: int, hertz: float, gain: float, quality: float) -> tuple[np.ndarray, np.ndarray]:
    k = math.tan(math.pi * hertz / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    whole = 1 + k / quality + k * k
    return (np.array([high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]) / whole,
            np.array([whole, 2 * (k * k - 1), 1 - k / quality + k * k]) / whole)


def _high_pass(rate: int, hertz: float, quality: float) -> tuple[np.ndarray, np.ndarray]:
    k = math.tan(math.pi * hertz / rate)
    whole = 1 + k / quality + k * k
    return np.array([1.0, -2.0, 1.0]), np.array([whole, 2 * (k * k - 1), 1 - k / quality + k * k]) / whole
