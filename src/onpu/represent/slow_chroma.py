"""What songs are compared by, slow enough to follow the harmony: pitch classes, two frames a second."""

import numpy as np

FPS = 2.0
"""Frames a second."""


def slowed(values: np.ndarray, fps: float) -> np.ndarray:
    """Values (rows, frames) of so many frames a second as means of `FPS` a second; what is left at the end is lost."""
    frames = int(values.shape[1] / fps * FPS + 1e-6)
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=np.float64)], axis=1)
    edges = np.arange(frames + 1) * (fps / FPS)
    at = np.minimum(edges.astype(int), values.shape[1])
    after = np.minimum(at + 1, values.shape[1])
    sums = total[:, at] + (total[:, after] - total[:, at]) * (edges - at)
    return np.asarray(np.diff(sums, axis=1) * (FPS / fps))


def folded(salience: np.ndarray) -> np.ndarray:
    """The largest value of each pitch class, C first (12, frames), of a salience (octaves * 12, frames) from a C up."""
    return np.asarray(salience.reshape(-1, 12, salience.shape[1]).max(axis=0))
