"""What something else than the sound of beats says of downbeats."""

from dataclasses import dataclass

import numpy as np

from onpu.music import Clock

AROUND_SECONDS = 0.06
"""Seconds around its time in which evidence counts."""
HARMONY_WEIGHT = 2.0
"""What harmony counts beside the downbeat activation; chosen on songs kept out of training."""
MIN_ACTIVATION = 1e-4
"""Distance that shares keep from 0 and 1, so that their log odds are finite."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What something else than the sound of beats says of downbeats: times (n,) of beats in seconds, and the log odds
    by which a downbeat is likelier there than without it, (n,)."""

    times: np.ndarray
    log_odds: np.ndarray

    def around(self, frames: int, clock: Clock) -> np.ndarray:
        """The log odds around its times, elsewhere 0, (frames,)."""
        at = clock.frames(self.times)
        nearest = np.searchsorted((at[1:] + at[:-1]) / 2, np.arange(frames))
        near = np.abs(np.arange(frames) - at[nearest]) <= AROUND_SECONDS * clock.fps
        return np.where(near, self.log_odds[nearest], 0.0)


def weighed(beat: np.ndarray, downbeat: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """Downbeat activation whose share of the beat activation has log odds (frames,) added."""
    share = np.clip(downbeat / np.maximum(beat, MIN_ACTIVATION), MIN_ACTIVATION, 1 - MIN_ACTIVATION)
    odds = np.log(share / (1 - share)) + HARMONY_WEIGHT * log_odds
    return np.asarray(beat / (1 + np.exp(-odds)))
