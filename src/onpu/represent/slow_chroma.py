"""Chroma slow enough to follow the harmony: two frames a second."""

import numpy as np

FPS = 2.0
"""Frames a second."""


def slowed(chroma: np.ndarray, fps: float) -> np.ndarray:
    """Chroma (12, frames) of so many frames a second as means of `FPS` a second; what is left at the end is lost."""
    each = round(fps / FPS)
    frames = chroma.shape[1] // each
    means: np.ndarray = chroma[:, : frames * each].reshape(12, frames, each).mean(axis=2)
    return means
