"""A recording of any rate, channels and length -> features, piece by piece, in bounded memory.

    source -> mono blocks -> Resampling, one a rate -> Slabs, one a representation -> every ear that wants it
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.errors import AudioError
from onpu.music import AudioSource
from onpu.represent import Representation

READ_SECONDS = 2.0
"""Seconds of audio that are read at a time."""
CHUNK_SECONDS = 20.0
"""Seconds of audio whose features are computed at a time."""
WINDOW_SECONDS = 60.0
"""Seconds that a network sees at a time at least, margins not counted."""


class FeatureConsumer(Protocol):
    """What wants the features of a recording, slab by slab."""

    @property
    def features(self) -> Representation:
        """Which ones."""

    @property
    def device(self) -> torch.device:
        """Where they are to be computed."""

    def push(self, slab: Tensor) -> None:
        """Take the next ones, (1, channels, bins, frames)."""


def mono(source: AudioSource) -> Iterator[np.ndarray]:
    """Blocks (samples,) float32 of the mean of the channels; raises `AudioError` for samples that are no numbers."""
    read = 0
    for block in source.blocks(READ_SECONDS):
        samples = block.mean(axis=0, dtype=np.float32)
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
        """What can be told of the new sound so far; the rest of it after the last block."""
        return samples if self.stream is None else self.stream.resample_chunk(samples, last=last)


class FeatureChunks:
    """Consecutive samples at the representation's rate -> features (1, channels, bins, frames), each frame once, as if
    computed at once."""

    def __init__(self, features: Representation, device: torch.device | str = "cpu"):
        self.features, self.device = features, device
        self.samples = 0  # taken so far
        self.held, self.start, self.done = np.zeros(0, np.float32), 0, 0  # samples [start * hop, …), frames [0, done)
        self.waiting: list[np.ndarray] = []

    def push(self, samples: np.ndarray, last: bool = False) -> Iterator[Tensor]:
        """Take samples; a slab of features wherever enough of them are there, and of all the rest after the last."""
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
        """Features of the frames that are not done, before `ready`."""
        self.held, self.waiting = np.concatenate([self.held, *self.waiting]), []
        first, last = self.done - self.start, ready - self.start
        self.done = ready
        return self.features(torch.from_numpy(self.held)[None].to(self.device))[..., first:last]


def features_of(source: AudioSource, features: Representation) -> Iterator[Tensor]:
    """Features of a recording in consecutive slabs (1, channels, bins, frames)."""
    resampling, slabs = Resampler(source.rate, features.rate), FeatureChunks(features)
    for block in mono(source):
        yield from slabs.push(resampling.push(block))
    yield from slabs.push(resampling.push(np.zeros(0, np.float32), last=True), last=True)


@torch.inference_mode()
def extract(source: AudioSource, ears: Sequence[FeatureConsumer], progress: Callable[[float], None] | None = None) -> float:
    """Go through a recording once for all ears, and return its length in seconds.

    It is read once, resampled once a rate, and equal representations (`same_arguments`) are computed once. Ears get the slabs in
    order, each as soon as it is known. progress: called with the share of the recording that is done.
    """
    groups = group_by_features(ears)
    rates = {group[0].features.rate for group in groups}
    resamplings = {rate: Resampler(source.rate, rate) for rate in rates}
    slabs = [FeatureChunks(group[0].features, group[0].device) for group in groups]

    def take(block: np.ndarray, last: bool) -> bool:
        resampled = {rate: resampling.push(block, last) for rate, resampling in resamplings.items()}
        given = False
        for maker, group in zip(slabs, groups, strict=True):
            for slab in maker.push(resampled[maker.features.rate], last):
                given = True
                for ear in group:
                    ear.push(slab)
        return given

    read = 0
    for block in mono(source):
        read += len(block)
        if take(block, last=False) and progress is not None:
            expected = source.duration * source.rate
            progress(min(1.0, read / expected) if expected > 0 else 1.0)
    take(np.zeros(0, np.float32), last=True)
    if progress is not None:
        progress(1.0)
    return read / source.rate


def group_by_features(ears: Sequence[FeatureConsumer]) -> list[list[FeatureConsumer]]:
    """Ears that want the same features in the same place."""
    groups: list[list[FeatureConsumer]] = []
    for ear in ears:
        fitting = (group for group in groups
                   if group[0].device == ear.device and same_arguments(group[0].features, ear.features))
        group = next(fitting, None)
        if group is None:
            groups.append([ear])
        else:
            group.append(ear)
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
    """Consecutive features -> overlapping windows (1, channels, bins, frames), and the frames [first, last) of each
    window that are its own: `receptive` frames away from the window's ends, unless the recording itself ends there.
    """

    def __init__(self, receptive: int, fps: float):
        self.receptive, self.piece = receptive, max(round(WINDOW_SECONDS * fps), 2 * receptive)
        self.held: list[Tensor] = []
        self.before = self.length = 0  # frames held that belong to earlier windows; frames held

    def push(self, slab: Tensor) -> Iterator[tuple[Tensor, int, int]]:
        """Take a slab; the windows that are complete with it."""
        self.held.append(slab)
        self.length += slab.shape[-1]
        while self.length >= self.before + self.piece + self.receptive:
            window, last = torch.cat(self.held, dim=-1), self.before + self.piece
            keep = max(0, last - self.receptive)
            first, self.before = self.before, last - keep
            self.held, self.length = [window[..., keep:]], self.length - keep
            yield window[..., : last + self.receptive], first, last

    def finish(self) -> Iterator[tuple[Tensor, int, int]]:
        """The rest, if there is any."""
        if self.before < self.length:
            yield torch.cat(self.held, dim=-1), self.before, self.length


@torch.inference_mode()
def fingerprint(features: Representation) -> list[float]:
    """Four numbers that tell one representation from another: projections of its features of a fixed test sound."""
    noise = np.random.default_rng(0).standard_normal(features.rate).astype(np.float32)
    sound = torch.from_numpy(noise * np.linspace(1, 0, features.rate, dtype=np.float32) ** 4)
    flat = features(sound[None].to("cpu")).double().flatten()
    wave = torch.arange(len(flat), dtype=torch.float64)
    return [float((flat * torch.cos(wave * step)).mean()) for step in (0.0, 0.01, 0.37, 2.1)]
