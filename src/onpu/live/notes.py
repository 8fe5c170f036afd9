"""Notes as they begin and end.

The network (`onpu.listen.notes`) hears the last seconds again and again, and its decoder is asked each time. A note
begins when its onset lies `AHEAD_FRAMES` before the end of what was heard, and it is over when the decoder sees it end
before there.
"""

from collections.abc import Iterator

import numpy as np

from onpu.inference.sliding import Sliding
from onpu.live.events import LiveEvent, NoteOff, NoteOn
from onpu.trained import TrainedListener

STEP_FRAMES = 4
"""Frames from one answer to the next."""
WINDOW_SECONDS = 1.8
"""Seconds that the network hears."""
EARLY_FRAMES = 8
"""Frames at the end of the window that are heard before their lowest bands are."""
AHEAD_FRAMES = 10
"""Frames of the future that it has heard of each that is read."""
SAME_NOTE_SECONDS = 0.08
"""Seconds within which an onset is the one that was told before."""


class NoteTracker:
    """The sound at `rate` Hz, in consecutive pieces -> beginnings and ends of notes."""

    def __init__(self, trained: TrainedListener) -> None:
        clock = trained.features.clock
        self.trained, self.fps, self.rate = trained, clock.fps, clock.rate
        self.sliding = Sliding(trained, STEP_FRAMES, round(WINDOW_SECONDS * self.fps), EARLY_FRAMES)
        self.read = 0  # frames that are settled
        self.sounding: dict[int, float] = {}  # pitch -> seconds of its onset
        self.begun: dict[int, float] = {}  # the same of all that has been told lately

    def push(self, samples: np.ndarray) -> Iterator[LiveEvent]:
        """Hear the next samples; yields the beginnings and ends that are now sure."""
        for said in self.sliding.push(samples):
            until, heard = max(self.read, said.end - AHEAD_FRAMES), said.samples / self.rate
            begin, now = said.first / self.fps, until / self.fps
            found = self.trained.decode(said.heads, (said.end - said.first) / self.fps).notes
            rows = [] if found is None else list(zip(
                (found.onsets + begin).tolist(), (found.offsets + begin).tolist(), found.pitches.astype(int).tolist(),
                found.velocities.astype(int).tolist(), found.confidence.tolist(), strict=True))
            yield from self._ended(rows, now, heard)
            for onset, _, pitch, velocity, sure in rows:
                if self.read / self.fps <= onset < now and onset > self.begun.get(pitch, -1.0) + SAME_NOTE_SECONDS:
                    if pitch in self.sounding:
                        yield NoteOff(onset, heard, sure, pitch)
                    self.sounding[pitch] = self.begun[pitch] = onset
                    yield NoteOn(onset, heard, sure, pitch, velocity)
            self.read = until

    def _ended(self, rows: list[tuple[float, float, int, int, float]], now: float, heard: float) -> Iterator[NoteOff]:
        """Ends of the notes that sound, by the newest answer."""
        for pitch, onset in list(self.sounding.items()):
            ends = [(off, sure) for on, off, key, _, sure in rows if key == pitch and on < now]
            if any(off >= now for off, _ in ends):
                continue
            end, sure = max(ends, default=(now, 0.5))
            del self.sounding[pitch]
            yield NoteOff(max(min(end, now), onset), heard, sure, pitch)
