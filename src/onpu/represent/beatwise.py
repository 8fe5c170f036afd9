"""Features beat by beat: each beat one vector, whatever the tempo.

Bartsch & Wakefield, "To catch a chorus: using chroma-based representations for audio thumbnailing" (WASPAA 2001), and
McFee & Ellis, "Learning to segment songs with ordinal linear discriminant analysis" (ICASSP 2014): frames are averaged
from beat to beat.

Deviations: a beat's vector is held for `HELD` frames, so that a network of frames takes it as it is and its spans are
of beats; beats that follow faster or slower than a walking tempo are joined in pairs or halved, so that a beat tracker
that counts double changes nothing.
"""

from dataclasses import dataclass

import numpy as np

from onpu.music import Beats, Clock, Sections, Timeline

HELD = 4
"""Frames for which a beat's vector is held."""
SHORTEST, LONGEST = 0.375, 0.75
"""Seconds from one beat to the next, within an octave of tempo."""


@dataclass(frozen=True, eq=False)
class BeatwiseFrames:
    """Edges (beats + 1,) in seconds, rising, of the beats of a recording, from its beginning or before to its end or
    after; clock: of the frames of its features."""

    edges: np.ndarray
    clock: Clock

    @classmethod
    def of(cls, beats: Beats, duration: float, clock: Clock) -> "BeatwiseFrames":
        """The grid of these beats, gone on with to both ends; without beats, of even steps."""
        times = np.unique(beats.times)
        step = float(np.median(np.diff(times))) if len(times) > 1 else 0.5
        times = times if len(times) > 1 else np.array([0.0, step])
        while step < SHORTEST:
            times, step = times[::2] if len(times) > 2 else times[:1] + np.array([0.0, 2 * step]), 2 * step
        while step > LONGEST:
            times, step = np.interp(np.arange(2 * len(times) - 1) / 2, np.arange(len(times)), times), step / 2
        before, after = (max(0, int(np.ceil(gap / step))) for gap in (times[0], duration - times[-1]))
        edges = np.concatenate([times[0] - step * np.arange(before, 0, -1), times,
                                times[-1] + step * np.arange(1, after + 1)])
        return cls(edges, clock)

    @property
    def frames(self) -> int:
        """Frames beat by beat."""
        return HELD * (len(self.edges) - 1)

    def beatwise(self, seconds: np.ndarray) -> np.ndarray:
        """Seconds of the recording -> seconds of the features beat by beat."""
        return self.clock.seconds(HELD * np.interp(seconds, self.edges, np.arange(len(self.edges))))

    def pooled(self, features: np.ndarray) -> np.ndarray:
        """Features (…, frames) -> their means from beat to beat, each held: (…, `self.frames`)."""
        frames = features.shape[-1]
        at = np.clip(np.ceil(self.clock.frames(self.edges)).astype(int), 0, frames)
        first = np.minimum(at[:-1], frames - 1)
        last = np.maximum(at[1:], first + 1)
        sums = np.concatenate([np.zeros((*features.shape[:-1], 1)), np.cumsum(features, axis=-1, dtype=np.float64)], -1)
        means = (sums[..., last] - sums[..., first]) / (last - first)
        return np.repeat(means, HELD, axis=-1).astype(np.float32)

    def spread(self, activations: np.ndarray, frames: int) -> np.ndarray:
        """Activations (…, `self.frames`), or a few more -> on so many frames of the recording, by straight lines."""
        at = self.clock.frames(self.beatwise(self.clock.seconds(np.arange(frames))))
        left = np.clip(at.astype(int), 0, activations.shape[-1] - 1)
        right = np.minimum(left + 1, activations.shape[-1] - 1)
        share = np.clip(at - left, 0, 1)
        return np.asarray((1 - share) * activations[..., left] + share * activations[..., right], np.float32)

    def sections(self, timeline: Timeline) -> Timeline:
        """The sections of a timeline, where they lie beat by beat; all else is left out."""
        found = timeline.require(Sections)
        moved = Sections(self.beatwise(found.starts), self.beatwise(found.ends), found.labels, found.confidence)
        return Timeline(float(self.clock.seconds(self.frames)), sections=moved)
