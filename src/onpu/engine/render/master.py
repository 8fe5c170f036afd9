"""Mastering: as loud as records are, by clipping softly and limiting, in turn."""

import numpy as np

from onpu.engine.render.dynamics import limit
from onpu.engine.render.loudness import loudness

CLIP_KNEE = 0.7
"""Share of the ceiling up to which the soft clipper changes nothing."""
CLIP_REACH = 2.0
"""How far over the ceiling a peak may be behind the clipper that the limiter turns down."""
ROUNDS, TOLERANCE_LU = 5, 0.3
"""Times that the gain is corrected at most, and what it may miss."""
BLOCK_SECONDS, EVERY = 0.8, 4
"""The gain is found with every fourth stretch of so many seconds."""


def master(mix: np.ndarray, target: float, ceiling: float, reach: float, rate: int) -> np.ndarray:
    """(channels, samples) at `target` LUFS, if that can be reached, with no sample over `ceiling`.

    reach: seconds within which the limiter dips around a peak. Peaks are rounded before they are limited, so that the
    limiter has less to turn down.
    """
    level = loudness(mix, rate)
    if not np.isfinite(level):
        return limit(mix, ceiling, reach, rate)
    part = _stretches(mix, rate)
    level_of_part = loudness(part, rate)
    wanted = target + (level_of_part - level if np.isfinite(level_of_part) else 0.0)
    gain = target - level
    for _ in range(ROUNDS):
        missing = wanted - loudness(_squeezed(part, gain, ceiling, reach, rate), rate)
        if not np.isfinite(missing) or abs(missing) < TOLERANCE_LU:
            break
        gain += float(np.clip(1.4 * missing, -6, 6))
    return _squeezed(mix, gain, ceiling, reach, rate)


def soft_clip(sound: np.ndarray, ceiling: float) -> np.ndarray:
    """Unchanged up to `CLIP_KNEE` of the ceiling, then bent towards the ceiling, which nothing passes; float32."""
    knee = np.float32(CLIP_KNEE * ceiling)
    room = np.float32(ceiling) - knee
    size = np.abs(sound)
    over = np.maximum(size - knee, 0) / room
    return np.copysign(np.minimum(size, knee) + room * np.tanh(over), sound)


def _squeezed(mix: np.ndarray, gain: float, ceiling: float, reach: float, rate: int) -> np.ndarray:
    """Louder by `gain` dB: clipped a little, limited, clipped to the ceiling."""
    louder = mix * np.float32(10 ** (gain / 20))
    return limit(soft_clip(louder, CLIP_REACH * ceiling), ceiling, reach, rate)


def _stretches(mix: np.ndarray, rate: int) -> np.ndarray:
    """Every fourth stretch of the mix; all of it where it is short."""
    length = round(BLOCK_SECONDS * rate)
    count = mix.shape[1] // length
    if count < 2 * EVERY:
        return mix
    return mix[:, : count * length].reshape(len(mix), count, length)[:, ::EVERY].reshape(len(mix), -1)
