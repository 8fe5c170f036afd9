"""A recording of any sample rate, channels and length -> features, chunk by chunk, in bounded memory.

    source -> mono blocks -> Resampler, one a rate -> FeatureChunks, one a representation -> every FeatureConsumer of it
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.errors import AudioError
from onpu.inference.memory import give_back
from onpu.music import AudioSource
from onpu.music.audio import BLOCK_SECONDS
from onpu.music.downmix import downmix
from onpu.represent import Representation

CHUNK_SECONDS = 20.0
"""Seconds of audio whose features are computed at a time."""
WINDOW_SECONDS = 30.0, 60.0
"""Seconds that a network sees at a time, margins not counted: the first where its receptive field is small beside them,
the second otherwise. What it remembers of them is most of the memory that listening takes."""
GIVE_BACK_SECONDS = 240.0
"""Seconds of a recording after which memory that was freed is given back to the system."""
SMALL = 0.1
"""Receptive frames over those of a window, up to which they are small."""


class FeatureConsumer(Protocol):
    """Takes the features of a recording, chunk by chunk."""

    @property
    def features(self) -> Representation:
        """The representation that it takes."""

    @property
    def device(self) -> torch.device:
        """Where the features are computed."""

    def push(self, chunk: Tensor) -> None:
        """Take the next features, (1, channels, bins, frames)."""


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


class FeatureChunks:
    """Consecutive samples at the representation's rate -> features (1, channels, bins, frames).

    Each frame comes once and is what it would be if the whole recording were transformed at once.
    """

    def __init__(self, features: Representation, device: torch.device | str = "cpu"):
        self.features, self.device = features, device
        self.samples = 0  # taken so far
        self.held, self.start, self.done = np.zeros(0, np.float32), 0, 0  # samples [start * hop, …), frames [0, done)
        self.waiting: list[np.ndarray] = []

    def push(self, samples: np.ndarray, last: bool = False) -> Iterator[Tensor]:
        """Take samples; yields a chunk of features when enough have come, and the remaining frames after the last."""
        clock, context = self.features.clock, self.features.context
        self.waiting.append(samples)
        self.samples += len(samples)
        if last:
            yield self._frames(clock.count(self.samples))
        elif context is not None and sum(map(len, self.waiting)) >= CHUNK_SECONDS * self.features.rate:
            ready = (self.samples - context) // clock.hop  # the next frame would look into the future
            if ready > self.done:
                yield self._frames(ready)
                margin = -(-context // clock.hop)  # frames before the next one that the audio must reach back
                behind = max(0, ready - margin) // self.features.grid * self.features.grid
                self.held, self.start = self.held[(behind - self.start) * clock.hop :], behind

    def _frames(self, ready: int) -> Tensor:
        """Features of the frames [done, ready)."""
        self.held, self.waiting = np.concatenate([self.held, *self.waiting]), []
        first, last = self.done - self.start, ready - self.start
        self.done = ready
        return self.features(torch.from_numpy(self.held)[None].to(self.device))[..., first:last]


def features_of(source: AudioSource, features: Representation) -> Iterator[Tensor]:
    """Features of a recording in consecutive chunks (1, channels, bins, frames)."""
    resampler, chunks = Resampler(source.rate, features.rate), FeatureChunks(features)
    for block in mono(source):
        yield from chunks.push(resampler.push(block))
    yield from chunks.push(resampler.push(np.zeros(0, np.float32), last=True), last=True)


@torch.inference_mode()
def extract(source: AudioSource, consumers: Sequence[FeatureConsumer],
            progress: Callable[[float], None] | None = None) -> float:
    """Go through a recording once for all consumers, and return its length in seconds.

    It is read once and resampled once a rate, and equal representations (`same_arguments`) are computed once. Consumers
    get the chunks in order, each as soon as it is computed. progress: called with the finished share of the recording.
    """
    groups = group_by_features(consumers)
    rates = {group[0].features.rate for group in groups}
    resamplers = {rate: Resampler(source.rate, rate) for rate in rates}
    streams = [FeatureChunks(group[0].features, group[0].device) for group in groups]

    def take(block: np.ndarray, last: bool) -> bool:
        resampled = {rate: resampler.push(block, last) for rate, resampler in resamplers.items()}
        given = False
        for stream, group in zip(streams, groups, strict=True):
            for chunk in stream.push(resampled[stream.features.rate], last):
                given = True
                for consumer in group:
                    consumer.push(chunk)
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


def group_by_features(consumers: Sequence[FeatureConsumer]) -> list[list[FeatureConsumer]]:
    """Consumers of equal representations on one device, together."""
    groups: list[list[FeatureConsumer]] = []
    for consumer in consumers:
        fitting = (group for group in groups
                   if group[0].device == consumer.device and same_arguments(group[0].features, consumer.features))
        group = next(fitting, None)
        if group is None:
            groups.append([consumer])
        else:
            group.append(consumer)
    return groups


def same_arguments(one: Any, other: Any) -> bool:
    """Whether two representations, or parts of them, are of one class with the same arguments and constants."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Tensor):
        return torch.equal(one, other)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, nn.Module):
        return all(same_arguments(vars(one)[name], vars(other).get(name)) for name in vars(one) if "hook" not in name)
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same_arguments(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same_arguments, one, other))
    return bool(one == other)


class OverlappingWindows:
    """Consecutive features -> overlapping windows (1, channels, bins, frames), and for each window the frames
    [first, last) whose outputs are kept: those `receptive` frames away from its ends, unless the recording ends there.
    Windows begin at multiples of `stride` frames.
    """

    def __init__(self, receptive: int, fps: float, stride: int = 1):
        short, long = (round(seconds * fps) for seconds in WINDOW_SECONDS)
        piece = short if receptive <= SMALL * short else max(long, 2 * receptive)
        self.receptive, self.stride, self.piece = receptive, stride, -(-piece // stride) * stride
        self.held: list[Tensor] = []
        self.before = self.length = 0  # frames held that belong to earlier windows; frames held

    def push(self, chunk: Tensor) -> Iterator[tuple[Tensor, int, int]]:
        """Take a chunk; yields the windows that it completes."""
        self.held.append(chunk)
        self.length += chunk.shape[-1]
        while self.length >= self.before + self.piece + self.receptive:
            window, last = torch.cat(self.held, dim=-1), self.before + self.piece
            keep = max(0, last - self.receptive) // self.stride * self.stride
            first, self.before = self.before, last - keep
            self.held, self.length = [window[..., keep:]], self.length - keep
            yield window[..., : last + self.receptive], first, last

    def finish(self) -> Iterator[tuple[Tensor, int, int]]:
        """The last window, if frames are left."""
        if self.before < self.length:
            yield torch.cat(self.held, dim=-1), self.before, self.length


@torch.inference_mode()
def fingerprint(features: Representation) -> list[float]:
    """Four numbers that tell one representation from another: projections of its features of a fixed noise burst."""
    noise = np.random.default_rng(0).standard_normal(features.rate).astype(np.float32)
    sound = torch.from_numpy(noise * np.linspace(1, 0, features.rate, dtype=np.float32) ** 4)
    flat = features(sound[None].to("cpu")).double().flatten()
    wave = torch.arange(len(flat), dtype=torch.float64)
    return [float((flat * torch.cos(wave * step)).mean()) for step in (0.0, 0.01, 0.37, 2.1)]
