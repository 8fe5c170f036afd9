"""One pass over a recording: blocks -> one channel -> resampled, once a rate -> features, chunk by chunk.

    source -> mono blocks -> Resampler, one a rate -> FeatureChunks, one a front end -> everything that takes its chunks

What computes features may be torch (`onpu.inference.streaming`) or onnxruntime (`onpu.inference.sessions`); chunks are
tensors or arrays, (1, channels, bins, frames) both.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
import soxr

from onpu.errors import AudioError
from onpu.inference.memory import give_back
from onpu.music import AudioSource, Clock
from onpu.music.audio import BLOCK_SECONDS
from onpu.music.downmix import downmix

CHUNK_SECONDS = 20.0
"""Seconds of audio whose features are computed at a time."""
GIVE_BACK_SECONDS = 60.0
"""Seconds of a recording after which memory that was freed is given back to the system."""
A = TypeVar("A")


class FrontEnd(Protocol):
    """What is known of the features of a representation; see `onpu.represent.chain.Representation`."""

    @property
    def clock(self) -> Clock:
        """Where the frames lie."""

    @property
    def context(self) -> int | None:
        """Samples before and after a frame's centre that it depends on; None: all."""

    @property
    def grid(self) -> int:
        """Chunks begin at a multiple of so many frames."""


def mono(source: AudioSource) -> Iterator[np.ndarray]:
    """Blocks (samples,) float32 of the channels together (`downmix`); raises `AudioError` for samples that are no
    numbers."""
    read = 0
    for samples in downmix(source.blocks(BLOCK_SECONDS), source.rate):
        if not np.isfinite(samples).all():
            bad = (read + int(np.argmin(np.isfinite(samples)))) / source.rate
            raise AudioError(f"a sample at {bad:.3f} s is NaN, infinite or out of all bounds; re-export the recording")
        read += len(samples)
        yield samples


class Resampler:
    """Consecutive blocks (samples,) of one rate -> the same sound at another, without delay."""

    def __init__(self, before: int, after: int):
        self.stream = None if before == after else soxr.ResampleStream(before, after, 1, dtype="float32")

    def push(self, samples: np.ndarray, last: bool = False) -> np.ndarray:
        """The resampled sound as far as it is determined; the rest of it after the last block."""
        return samples if self.stream is None else self.stream.resample_chunk(samples, last=last)


class FeatureChunks(Generic[A]):
    """Consecutive samples at the front end's rate -> features (1, channels, bins, frames).

    Each frame comes once and is what it would be if the whole recording were transformed at once.

    Args:
        features: what is known of the front end.
        compute: (samples (n,), first, last) -> the features of the frames [first, last) of these samples.
    """

    def __init__(self, features: FrontEnd, compute: Callable[[np.ndarray, int, int], A]):
        self.features, self.compute = features, compute
        self.samples = 0  # taken so far
        self.held, self.start, self.done = np.zeros(0, np.float32), 0, 0  # samples [start * hop, …), frames [0, done)
        self.waiting: list[np.ndarray] = []

    def push(self, samples: np.ndarray, last: bool = False) -> Iterator[A]:
        """Take samples; yields a chunk of features when enough have come, and the remaining frames after the last."""
        clock, context = self.features.clock, self.features.context
        self.waiting.append(samples)
        self.samples += len(samples)
        if last:
            yield self._frames(clock.count(self.samples))
        elif context is not None and sum(map(len, self.waiting)) >= CHUNK_SECONDS * clock.rate:
            ready = (self.samples - context) // clock.hop  # the next frame would look into the future
            if ready > self.done:
                yield self._frames(ready)
                margin = -(-context // clock.hop)  # frames before the next one that the audio must reach back
                behind = max(0, ready - margin) // self.features.grid * self.features.grid
                self.held, self.start = self.held[(behind - self.start) * clock.hop :], behind

    def _frames(self, ready: int) -> A:
        """Features of the frames [done, ready)."""
        self.held, self.waiting = np.concatenate([self.held, *self.waiting]), []
        first, last = self.done - self.start, ready - self.start
        self.done = ready
        return self.compute(self.held, first, last)


def pass_over(source: AudioSource, streams: Sequence[tuple[FeatureChunks[A], Sequence[Callable[[A], None]]]],
              progress: Callable[[float], None] | None = None) -> float:
    """Go through a recording once, give each stream's chunks in order to all that takes them, each as soon as it is
    computed, and return the recording's length in seconds. It is read once and resampled once a rate. progress: called
    with the finished share of the recording."""
    rates = {stream.features.clock.rate for stream, _ in streams}
    resamplers = {rate: Resampler(source.rate, rate) for rate in rates}

    def take(block: np.ndarray, last: bool) -> bool:
        resampled = {rate: resampler.push(block, last) for rate, resampler in resamplers.items()}
        given = False
        for stream, takers in streams:
            for chunk in stream.push(resampled[stream.features.clock.rate], last):
                given = True
                for push in takers:
                    push(chunk)
        return given

    read, kept = 0, 0
    for block in mono(source):
        read += len(block)
        kept += len(block)
        if take(block, last=False) and progress is not None:
            expected = source.duration * source.rate
            progress(min(1.0, read / expected) if expected > 0 else 1.0)
        if kept > GIVE_BACK_SECONDS * source.rate:
            give_back()
            kept = 0
    take(np.zeros(0, np.float32), last=True)
    if progress is not None:
        progress(1.0)
    return read / source.rate
