"""Frames and the beats that they begin: where harmony is likely to change, and exactly when it does."""

import numpy as np

from onpu.inference.streaming import Clock
from onpu.music import Beats

BETWEEN, HALF, BEAT, DOWNBEAT, UNKNOWN = range(5)
"""What a frame may begin: nothing, half a beat, a beat, a bar; or beats are not known there."""
EARLY = 0.25
"""Frames by which a frame may lie before a beat and still begin it."""


def metrical_positions(beats: Beats | None, clock: Clock, frames: int) -> np.ndarray:
    """What each of so many frames begins, float32; `UNKNOWN` without beats and beyond them."""
    if beats is None or len(beats.times) < 2:
        return np.full(frames, UNKNOWN, dtype=np.float32)
    out = np.full(frames, BETWEEN, dtype=np.float32)
    for kind, times in ((HALF, half_beats(beats)), (BEAT, beats.times), (DOWNBEAT, beats.downbeats)):
        at = frame_of(times, clock)
        out[at[(at >= 0) & (at < frames)]] = kind
    first, last = (int(clock.frames(beats.times[side])) for side in (0, -1))
    out[: max(0, first - 1)] = UNKNOWN
    out[max(0, last + 2) :] = UNKNOWN
    return out


def half_beats(beats: Beats) -> np.ndarray:
    """Times in the middle between beats."""
    return (beats.times[1:] + beats.times[:-1]) / 2


def frame_of(times: np.ndarray, clock: Clock) -> np.ndarray:
    """The frames that begin what begins at these times."""
    return np.ceil(clock.frames(times) - EARLY).astype(int)


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
