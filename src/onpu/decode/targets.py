"""Targets of a network: events as peaks, and the frames in which beats and bars begin."""

import numpy as np

from onpu.music import Beats, Clock

BETWEEN, HALF, BEAT, DOWNBEAT, UNKNOWN = range(5)
"""What a frame may begin: nothing, half a beat, a beat, a bar; or beats are not known there."""
EARLY_FRAMES = 0.25
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
    return np.ceil(clock.frames(times) - EARLY_FRAMES).astype(int)


def gaussian_targets(centres: np.ndarray, frames: int, spread: float) -> np.ndarray:
    """Peaks of height 1 at `centres`, positions in frames: Gaussians of standard deviation `spread` frames, the highest
    where several meet; (frames,) float32."""
    out = np.zeros(frames, dtype=np.float32)
    reach = int(np.ceil(3 * spread))
    for side in range(-reach, reach + 1):
        at = np.round(centres).astype(int) + side
        inside = (at >= 0) & (at < frames)
        height = np.exp(-0.5 * ((at - centres) / spread) ** 2)
        np.maximum.at(out, at[inside], height[inside].astype(np.float32))
    return out
