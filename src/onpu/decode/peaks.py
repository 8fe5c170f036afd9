"""Events as peaks of an activation: drawn for targets, found again, and where exactly between the frames they lie."""

import numpy as np

from onpu.decode.filters import local_maxima
from onpu.music.arrays import Floats


def pick(activation: np.ndarray, threshold: float, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions in frames, between them, and heights of the peaks of an activation (frames,); both float64 (n,).

    A peak is a local maximum (the middle of a plateau) of at least `threshold`; of peaks nearer than `apart` frames the
    highest stays. What rises or falls at an edge of the recording has its peak there.
    """
    padded = np.pad(np.asarray(activation, dtype=np.float64), 1)
    frames = local_maxima(padded, threshold, max(1.0, apart)) - 1
    return refine(activation, frames, 0), padded[frames + 1]


def refine(activation: np.ndarray, frames: np.ndarray, reach: int) -> np.ndarray:
    """Move whole frames (n,) to the highest value within ±reach, then between frames by a parabola; float64 (n,)."""
    if len(frames) == 0:
        return np.zeros(0)
    padded = np.pad(np.asarray(activation, dtype=np.float64), reach + 1, mode="edge")
    near = padded[frames[:, None] + 1 + np.arange(2 * reach + 1)]
    # at equal heights the nearest wins, so that a plateau does not move its beat
    best = np.argmax(near - 1e-9 * np.abs(np.arange(-reach, reach + 1)), axis=1)
    top = frames + best - reach
    left, mid, right = (padded[top + reach + 1 + side] for side in (-1, 0, 1))
    curve = left - 2 * mid + right
    shift = np.where(curve < 0, 0.5 * (left - right) / np.where(curve < 0, curve, 1), 0)
    refined: Floats = np.clip(top + np.clip(shift, -0.5, 0.5), 0, len(activation) - 1)
    return refined
