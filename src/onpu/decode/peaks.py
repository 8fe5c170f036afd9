"""Where exactly a peak of an activation lies."""

import numpy as np


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
    return np.clip(top + np.clip(shift, -0.5, 0.5), 0, len(activation) - 1)
