"""Frames and the beats that they begin: where harmony is likely to change, and exactly when it does."""

import numpy as np

from onpu.decode.targets import frame_of
from onpu.music import Clock


def edge_times(starts: np.ndarray, times: np.ndarray, clock: Clock, frames: int) -> np.ndarray:
    """Seconds (n + 1,) at which segments that start at frames (n,) begin, and the last one ends.

    times: what may begin there, later ones before earlier ones where several share a frame; a segment whose frame
    begins none of them begins half-way between two frames. The first one begins at 0 s.
    """
    edges = np.append(clock.seconds(starts - 0.5), clock.seconds(frames - 1))
    known = dict(zip(frame_of(times, clock).tolist(), times.tolist(), strict=True))
    edges[1:-1] = [known.get(int(start), edge) for start, edge in zip(starts[1:], edges[1:-1], strict=True)]
    edges[0] = 0.0
    edges[-1] = max(edges[-1], edges[-2] + 1 / clock.fps)
    return edges
