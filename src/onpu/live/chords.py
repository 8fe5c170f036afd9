"""Chords as they change.

The network (`onpu.listen.chords`) hears the last seconds again and again; its most probable sequence of chords is read
`AHEAD_FRAMES` before its end, so that each has been heard for a moment.
"""

from collections.abc import Iterator

import numpy as np

from onpu.inference.sliding import Sliding
from onpu.live.events import ChordEvent
from onpu.trained import TrainedListener

STEP_FRAMES = 2
"""Frames from one answer to the next."""
WINDOW_SECONDS = 10.0
"""Seconds that the network hears."""
EARLY_FRAMES = 8
"""Frames at the end of the window that are heard before their lowest bands are."""
AHEAD_FRAMES = 4
"""Frames of the future that it has heard of each that is read."""


class ChordTracker:
    """The sound at `rate` Hz, in consecutive pieces -> changes of chord."""

    def __init__(self, trained: TrainedListener) -> None:
        clock = trained.features.clock
        self.trained, self.fps, self.rate = trained, clock.fps, clock.rate
        self.sliding = Sliding(trained, STEP_FRAMES, round(WINDOW_SECONDS * self.fps), EARLY_FRAMES)
        self.label, self.last = "", 0.0  # of the chord that was told last, and seconds of its beginning

    def push(self, samples: np.ndarray) -> Iterator[ChordEvent]:
        """Hear the next samples; yields the chord that has begun, if one has."""
        for said in self.sliding.push(samples):
            frame = said.end - 1 - AHEAD_FRAMES
            if frame < said.first:
                continue
            found = self.trained.decode(said.heads, (said.end - said.first) / self.fps).chords
            if found is None or not len(found.labels):
                continue
            begin, at = said.first / self.fps, frame / self.fps
            row = int(np.searchsorted(found.starts + begin, at, side="right")) - 1
            label = str(found.labels[max(row, 0)])
            if label != self.label:
                start = max(float(found.starts[max(row, 0)]) + begin, self.last)
                self.label, self.last = label, start
                yield ChordEvent(start, said.samples / self.rate, float(found.confidence[max(row, 0)]), label)
