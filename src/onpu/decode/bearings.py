"""Tracks of sources through the responses of all directions.

A source goes the way of the largest sum of responses, less what it costs to turn: the best path (Viterbi) over
azimuths, which are a circle. What lies around it is then taken out, and the next one is looked for.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from onpu.music.bearing import Bearings
from onpu.music.clock import Clock

SMOOTH_SECONDS = 0.1
"""Standard deviation over which responses are averaged."""
TURNING_COST = 0.002
"""Response that a degree of turning within a frame costs."""
TAKEN_DEGREES = 25.0
"""Degrees around a source in which no other is looked for."""
HEARD = 0.03
"""Response above the mean of all directions from which on a source is heard."""
CERTAIN = 0.3
"""Response above the mean from which on a bearing is certain."""


def bearings(response: np.ndarray, azimuths: np.ndarray, elevations: np.ndarray, clock: Clock, sources: int = 1,
             round_about: bool = True, heard: float = HEARD) -> Bearings:
    """Up to `sources` tracks.

    response: (azimuths, elevations, frames). azimuths, elevations: degrees, ascending. round_about: whether the last
    azimuth lies beside the first. heard: response above the mean from which on a frame of a track counts.
    """
    rows: list[np.ndarray] = []
    if response.shape[-1]:
        smooth = gaussian_filter1d(response, SMOOTH_SECONDS * clock.fps, axis=-1, mode="nearest")
        best, mean = smooth.max(axis=1), smooth.mean(axis=(0, 1))
        turn = np.abs(azimuths[:, None] - azimuths)
        turn = np.minimum(turn, 360 - turn) if round_about else turn
        for track in range(sources):
            path = best_turning(best, TURNING_COST * turn)
            frames = np.arange(len(path))
            above = best[path, frames] - mean
            up = smooth[path, :, frames].argmax(axis=1)
            kept = above >= heard
            rows.append(np.stack([clock.seconds(frames), azimuths[path], elevations[up], np.full(len(path), track),
                                  np.clip(above / CERTAIN, 0, 1)])[:, kept])
            best = np.where(turn[path].T < TAKEN_DEGREES, -1.0, best)
    columns = np.concatenate(rows, axis=1) if rows else np.zeros((5, 0))
    times, across, up, tracks, sure = columns[:, np.lexsort((columns[3], columns[0]))]
    return Bearings(times, across, up, tracks.astype(np.int64), sure)


def best_turning(values: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """States (frames,) of the largest sum of values (states, frames) less the cost (states, states) of each move."""
    states, frames = values.shape
    score = values[:, 0].astype(np.float64)
    came = np.zeros((frames, states), dtype=np.int64)
    for frame in range(1, frames):
        options = score[:, None] - cost
        came[frame] = options.argmax(axis=0)
        score = options[came[frame], np.arange(states)] + values[:, frame]
    path = np.empty(frames, dtype=np.int64)
    path[-1] = score.argmax()
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path
