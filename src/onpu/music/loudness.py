"""Loudness of a recording as broadcasters measure it.

ITU-R BS.1770-4: samples go through a shelf and a high-pass (K weighting), their mean squares over 400 ms, every 100 ms,
through two gates: -70 LUFS, and 10 LU below the mean of what is louder than that. Channels are added with the weight 1;
those of surround sound behind the listener are not told apart. EBU R 128 calls the result integrated loudness.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
from scipy.signal import lfilter

from onpu.errors import AudioError

STEP_SECONDS, STEPS = 0.1, 4
"""Seconds from one block to the next, and how many of them a block has."""
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
OFFSET = -0.691
"""LUFS of a mean square of 1."""
REPLAYGAIN_REFERENCE = -18.0
"""LUFS to which ReplayGain 2.0 brings a recording."""


def integrated_loudness(blocks: Iterable[np.ndarray], rate: int) -> float:
    """LUFS of consecutive blocks of samples (channels, n).

    Returns
    -------
    float
        -inf where nothing is louder than the absolute gate.

    Raises
    ------
    AudioError
        When there is less than 400 ms.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.music.loudness import integrated_loudness
    >>> tone = np.sin(2 * np.pi * 997 * np.arange(5 * 48_000) / 48_000)
    >>> round(integrated_loudness([tone[None]], 48_000), 2)
    -3.01
    """
    steps = np.concatenate([np.zeros(0), *_steps(blocks, round(STEP_SECONDS * rate), rate)])
    if len(steps) < STEPS:
        raise AudioError(f"loudness is measured over {STEPS * STEP_SECONDS} s at least; give a longer recording")
    squares = np.convolve(steps, np.ones(STEPS) / STEPS, "valid")
    loud = squares[squares > 10 ** ((ABSOLUTE_GATE - OFFSET) / 10)]
    if not len(loud):
        return -math.inf
    loud = loud[loud > loud.mean() * 10 ** (RELATIVE_GATE / 10)]
    return OFFSET + 10 * math.log10(float(loud.mean()))


def _steps(blocks: Iterable[np.ndarray], size: int, rate: int) -> Iterator[np.ndarray]:
    """Mean squares of steps of so many samples, through both filters, the channels added."""
    filters, states, held = k_weighting(rate), None, np.zeros(0)
    for block in blocks:
        sound = np.asarray(block, dtype=np.float64)
        if states is None:
            states = [np.zeros((len(sound), 2)) for _ in filters]
        for number, (numerator, denominator) in enumerate(filters):
            sound, states[number] = lfilter(numerator, denominator, sound, axis=1, zi=states[number])
        held = np.concatenate([held, (sound**2).sum(axis=0)])
        whole = len(held) // size
        yield held[: whole * size].reshape(whole, size).mean(axis=1)
        held = held[whole * size :]


def replaygain(loudness: float) -> float:
    """dB by which a recording of so many LUFS is played louder."""
    return REPLAYGAIN_REFERENCE - loudness


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
    above = np.array([high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k])
    return above / whole, np.array([whole, 2 * (k * k - 1), 1 - k / quality + k * k]) / whole


def _high_pass(rate: int, hertz: float, quality: float) -> tuple[np.ndarray, np.ndarray]:
    k = math.tan(math.pi * hertz / rate)
    whole = 1 + k / quality + k * k
    return np.array([1.0, -2.0, 1.0]), np.array([whole, 2 * (k * k - 1), 1 - k / quality + k * k]) / whole
