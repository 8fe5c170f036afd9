"""Directions of sources, frame by frame (Adavanne, Politis, Nikunen & Virtanen, "Sound event localization and detection
of overlapping sources using convolutional recurrent neural networks", IEEE JSTSP 13(1), 2019, section IV-C).

Conventions: in each frame, found directions are paired with the true ones so that their angles add up to the least; the
error is the mean angle of all pairs, in degrees. Frame recall is the share of frames with as many directions as there
truly are.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from onpu.music.bearing import Bearings


def evaluate(reference: Bearings, estimate: Bearings, duration: float, step: float = 0.1) -> dict[str, float]:
    """Score directions against true ones.

    Parameters
    ----------
    reference, estimate
        True directions, and those that were found.
    duration
        Length of the recording in seconds.
    step
        Length of a frame in seconds; of a track's rows in a frame the one nearest to its middle counts.

    Returns
    -------
    dict
        `DOA error` in degrees, 180 where nothing could be paired but something should, and `Frame recall` in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.bearings import evaluate
    >>> from onpu.music.bearing import Bearings
    >>> def at(azimuth):
    ...     return Bearings(np.array([0.05]), np.array([azimuth]), np.zeros(1), np.zeros(1, int), np.ones(1))
    >>> evaluate(at(170.0), at(-170.0), 0.1)
    {'DOA error': 20.0, 'Frame recall': 1.0}
    """
    angles: list[float] = []
    equal, frames = 0, max(1, round(duration / step))
    truths, founds = (_by_frame(rows, frames, step) for rows in (reference, estimate))
    for truth, found in zip(truths, founds, strict=True):
        equal += len(truth) == len(found)
        if len(truth) and len(found):
            apart = np.degrees(np.arccos(np.clip(truth @ found.T, -1, 1)))
            angles += apart[linear_sum_assignment(apart)].tolist()
    nothing = 180.0 if len(reference) else 0.0
    return {"DOA error": round(float(np.mean(angles)), 6) if angles else nothing, "Frame recall": equal / frames}


def _by_frame(rows: Bearings, frames: int, step: float) -> list[np.ndarray]:
    """Unit vectors (tracks, 3) of each frame."""
    across, up = np.radians(rows.azimuths), np.radians(rows.elevations)
    vectors = np.stack([np.cos(across) * np.cos(up), np.sin(across) * np.cos(up), np.sin(up)], axis=-1)
    number = np.floor(rows.times / step).astype(int)
    middle = np.abs(rows.times / step - number - 0.5)
    out: list[np.ndarray] = []
    for frame in range(frames):
        own = np.flatnonzero(number == frame)
        nearest = {int(rows.tracks[row]): row for row in own[np.argsort(-middle[own], kind="stable")]}
        out.append(vectors[list(nearest.values())])
    return out
