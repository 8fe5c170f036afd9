"""Onsets as they happen.

Peak picking on line as Böck, Krebs & Schedl, "Evaluating the online capabilities of onset detection methods" (ISMIR
2012) have it: a peak is one as soon as a frame behind it is lower. The network (`onpu.listen.onsets`) hears some frames
on either side, of which `AHEAD_FRAMES` are waited for.
"""

from collections.abc import Iterator

import numpy as np

from onpu.inference.sliding import Sliding
from onpu.live.events import OnsetEvent
from onpu.trained import TrainedListener

STEP_FRAMES = 3
"""Frames from one answer to the next."""
WINDOW_FRAMES = 24
"""Frames that the network hears."""
AHEAD_FRAMES = 4
"""Frames of the future that it has heard of each that is read, one of them for the peak's falling side."""
APART_SECONDS = 0.03
"""Seconds by which two onsets lie apart at least."""


class OnsetTracker:
    """The sound at `rate` Hz, in consecutive pieces -> onsets."""

    def __init__(self, trained: TrainedListener) -> None:
        clock = trained.features.clock
        self.trained, self.fps, self.rate = trained, clock.fps, clock.rate
        self.sliding = Sliding(trained, STEP_FRAMES, WINDOW_FRAMES)
        self.read, self.last = 0, -np.inf  # frames that are settled; seconds of the last onset

    def push(self, samples: np.ndarray) -> Iterator[OnsetEvent]:
        """Hear the next samples; yields the onsets that are now sure."""
        for said in self.sliding.push(samples):
            until = max(self.read, said.end - AHEAD_FRAMES)
            heads = {name: head[..., : until + 1 - said.first] for name, head in said.heads.items()}
            found = self.trained.decode(heads, (until + 1 - said.first) / self.fps).onsets
            if found is not None:
                for time, sure in zip(found.times + said.first / self.fps, found.confidence, strict=True):
                    if self.read <= time * self.fps + 0.5 < until and time > self.last + APART_SECONDS:
                        self.last = float(time)
                        yield OnsetEvent(self.last, said.samples / self.rate, float(sure))
            self.read = until
