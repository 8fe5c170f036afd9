"""Two channels and their sum: width, and that the sum never cancels."""

import numpy as np


def widened(sound: np.ndarray, width: float) -> np.ndarray:
    """(2, samples): 0 mono, 1 as it is, more: wider."""
    middle, side = (sound[0] + sound[1]) / 2, (sound[0] - sound[1]) * np.float32(width / 2)
    return np.stack([middle + side, middle - side])


def foldable(sound: np.ndarray) -> np.ndarray:
    """(2, samples) whose mean over the channels is at most 3 dB weaker than the channels are.

    Where the side is a little louder than the middle, it is turned down; where it is more than twice as loud, the
    channels are in opposite polarity, and one is turned round.
    """
    left, right = (float(np.dot(row, row)) for row in sound)
    both = float(np.dot(sound[0], sound[1]))
    middle, side = (left + right + 2 * both) / 4, (left + right - 2 * both) / 4
    if side <= middle:
        return sound
    if side > 4 * middle:
        return np.stack([sound[0], -sound[1]])
    return widened(sound, float(np.sqrt(middle / side)))
