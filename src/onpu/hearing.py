"""A recording of any rate, channels and length -> features, piece by piece, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np
import soxr
import torch
from torch import Tensor

from onpu.errors import AudioError
from onpu.music import AudioSource

BLOCK = 2.0
"""Seconds of audio that are read at a time."""
SLAB = 20.0
"""Seconds of audio whose features are computed at a time."""
PIECE = 60.0
"""Seconds that a network sees at a time at least, margins not counted."""


class Clock(Protocol):
    """What is needed of `represent.Clock`: seconds <-> frames of a representation."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def hop(self) -> int:
        """Samples from frame to frame."""

    @property
    def fps(self) -> float:
        """Frames a second."""

    def frames(self, seconds: np.ndarray | float) -> np.ndarray:
        """Positions in frames, not rounded."""

    def seconds(self, frames: np.ndarray | float) -> np.ndarray:
        """Inverse of `frames`."""

    def count(self, samples: int) -> int:
        """Frames of so many samples."""


class Representation(Protocol):
    """A module of `represent`: audio (batch, samples) at `rate` -> (batch, channels, bins, clock.count(samples)).

    context: samples on either side of its centre that a frame depends on; None: on all, so that a recording must be
    held in memory as a whole.
    """

    context: int | None
    channels: int
    bins: int

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def clock(self) -> Clock:
        """Frame i is centred on the sample i * clock.hop."""

    def __call__(self, audio: Tensor) -> Tensor:
        """See the class."""


def mono(source: AudioSource, rate: int) -> Iterator[np.ndarray]:
    """Blocks (samples,) float32 of the mean of the channels at `rate` Hz, without delay; raises `AudioError`."""
    resample = None if source.rate == rate else soxr.ResampleStream(source.rate, rate, 1, dtype="float32")
    read = 0
    for block in source.blocks(BLOCK):
        samples = block.mean(axis=0, dtype=np.float32)
        if not np.isfinite(samples).all():
            bad = (read + int(np.argmin(np.isfinite(samples)))) / source.rate
            raise AudioError(f"a sample at {bad:.3f} s is NaN, infinite or out of all bounds; re-export the recording")
        read += len(samples)
        yield samples if resample is None else resample.resample_chunk(samples)
    if resample is not None:
        yield resample.resample_chunk(np.zeros(0, dtype=np.float32), last=True)


class Hearing:
    """Iterates over the features of a recording, (1, channels, bins, frames), each frame once, as if computed at once.

    samples: how many have been heard so far, at the representation's rate. progress: called with the share of the
    recording that is done.
    """

    def __init__(self, source: AudioSource, features: Representation, device: torch.device | str = "cpu",
                 progress: Callable[[float], None] | None = None):
        self.source, self.features, self.device, self.progress = source, features, device, progress
        self.samples = 0

    def __iter__(self) -> Iterator[Tensor]:
        clock, context = self.features.clock, self.features.context
        margin = -(-(context or 0) // clock.hop)  # frames before the first wanted one that the audio must reach back
        held, start, done = np.zeros(0, dtype=np.float32), 0, 0  # samples [start * hop, …), frames [0, done) given
        waiting: list[np.ndarray] = []
        slab = int(SLAB * self.features.rate)
        for block in mono(self.source, self.features.rate):
            waiting.append(block)
            self.samples += len(block)
            if context is None or sum(map(len, waiting)) < slab:
                continue
            held, waiting = np.concatenate([held, *waiting]), []
            ready = max(done, (self.samples - context) // clock.hop)  # the next frame would look into the future
            if ready > done:
                yield self._frames(held, done - start, ready - start)
                done, behind = ready, max(0, ready - margin)
                held, start = held[(behind - start) * clock.hop :], behind
        total = clock.count(self.samples)
        yield self._frames(np.concatenate([held, *waiting]), done - start, total - start)

    def _frames(self, samples: np.ndarray, first: int, last: int) -> Tensor:
        result = self.features(torch.from_numpy(samples)[None].to(self.device))[..., first:last]
        if self.progress is not None:
            expected = self.source.duration * self.features.rate
            self.progress(min(1.0, self.samples / expected) if expected > 0 else 1.0)
        return result


def windows(slabs: Iterable[Tensor], receptive: int, fps: float) -> Iterator[tuple[Tensor, int, int]]:
    """Overlapping windows (1, channels, bins, frames) of consecutive features, and the frames [first, last) of each
    window that are its own: `receptive` frames away from the window's ends, unless the recording itself ends there.
    """
    piece = max(round(PIECE * fps), 2 * receptive)
    held: list[Tensor] = []
    before = length = 0  # frames held that belong to earlier windows; frames held
    for slab in slabs:
        held.append(slab)
        length += slab.shape[-1]
        while length >= before + piece + receptive:
            window = torch.cat(held, dim=-1)
            yield window[..., : before + piece + receptive], before, before + piece
            keep = max(0, before + piece - receptive)
            held, length, before = [window[..., keep:]], length - keep, before + piece - keep
    window = torch.cat(held, dim=-1)
    if before < length:
        yield window, before, length


@torch.inference_mode()
def answer(features: Representation) -> list[float]:
    """Four numbers that tell one representation from another: projections of its features of a fixed test sound."""
    noise = np.random.default_rng(0).standard_normal(features.rate).astype(np.float32)
    sound = torch.from_numpy(noise * np.linspace(1, 0, features.rate, dtype=np.float32) ** 4)
    flat = features(sound[None].to("cpu")).double().flatten()
    wave = torch.arange(len(flat), dtype=torch.float64)
    return [float((flat * torch.cos(wave * step)).mean()) for step in (0.0, 0.01, 0.37, 2.1)]
