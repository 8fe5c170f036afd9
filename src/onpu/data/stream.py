"""Seeded examples -> crops -> batches. An example is a pure function of (seed, index), whoever computes it and when.

    sources     corpora with stored features, or songs composed on the spot, each with its share of the examples
    Examples    (seed, index) -> features, targets and mask of one crop
    Batches     step -> batch; `StepSampler` says which step comes next
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch

from onpu.data.corpus import Corpus
from onpu.data.features import StoredFeatures
from onpu.data.plan import Plan
from onpu.engine.augment.labels import retimed
from onpu.inference.streaming import features_of
from onpu.music import Clock, Timeline
from onpu.represent import Representation

Batch = dict[str, Any]
"""features (batch, channels, bins, frames), mask (batch, frames), targets: head -> tensor, all float32; step: int."""


class CropSource(Protocol):
    """Items with features and labels."""

    def draw(self, rng: np.random.Generator, index: int) -> int:
        """Number of the item from which example `index` is taken."""

    def frames(self, number: int) -> int:
        """Length of an item's features."""

    def crop(self, number: int, start: int, stop: int) -> np.ndarray:
        """Frames [start, stop) of an item, (channels, bins, frames) float32."""

    def timeline(self, number: int) -> Timeline:
        """Labels of an item."""

    def known(self, number: int) -> np.ndarray | None:
        """Passages (n, 2) in seconds whose labels are known; None: all of the item."""


@dataclass
class CorpusCrops:
    """Items `numbers` of a corpus whose features have been computed; of the labels only `fields` are read."""

    corpus: Corpus
    features: StoredFeatures
    numbers: Sequence[int]
    fields: tuple[str, ...]
    _timelines: dict[int, Timeline] = field(default_factory=dict, repr=False)

    def draw(self, rng: np.random.Generator, index: int) -> int:
        """Any item, all equally likely."""
        return int(self.numbers[int(rng.integers(len(self.numbers)))])

    def frames(self, number: int) -> int:
        """Length of an item's features in frames."""
        return self.features.frames(number)

    def crop(self, number: int, start: int, stop: int) -> np.ndarray:
        """Frames [start, stop) of an item, (channels, bins, frames) float32."""
        return self.features.crop(number, start, stop)

    def timeline(self, number: int) -> Timeline:
        """See `CropSource`; kept once read."""
        if number not in self._timelines:
            self._timelines[number] = self.corpus.timeline(number, self.fields)
        return self._timelines[number]

    def known(self, number: int) -> np.ndarray | None:
        """See `CropSource`."""
        return self.corpus.known(number)


@dataclass
class ComposedCrops:
    """Songs of a plan, composed, rendered and transformed when they are needed, and never twice the same.

    A song takes seconds, so `reuse` crops are taken of each, spread over as many batches: `pool` songs are in use at a
    time. Choose pool as the number of examples of a batch.
    """

    plan: Plan
    representation: Representation
    pool: int
    reuse: int = 4
    _songs: dict[int, tuple[np.ndarray, Timeline]] = field(default_factory=dict, repr=False)

    def draw(self, rng: np.random.Generator, index: int) -> int:
        """The next song of the pool."""
        return index // (self.pool * self.reuse) * self.pool + index % self.pool

    def frames(self, number: int) -> int:
        """Length of an item's features in frames."""
        return self._song(number)[0].shape[-1]

    def crop(self, number: int, start: int, stop: int) -> np.ndarray:
        """Frames [start, stop) of an item, (channels, bins, frames) float32."""
        return self._song(number)[0][..., start:stop]

    def timeline(self, number: int) -> Timeline:
        """See `CropSource`."""
        return self._song(number)[1]

    def known(self, number: int) -> None:
        """See `CropSource`: all of it."""

    def _song(self, number: int) -> tuple[np.ndarray, Timeline]:
        if number not in self._songs:
            audio, timeline = self.plan.item(number)
            with torch.inference_mode():
                chunks = [chunk[0].numpy() for chunk in features_of(audio, self.representation)]
            while len(self._songs) >= self.pool:
                del self._songs[next(iter(self._songs))]
            self._songs[number] = np.concatenate(chunks, axis=-1), timeline
        return self._songs[number]


@dataclass(frozen=True)
class CropExamples:
    """Crops of `frames` frames from several sources.

    shares: relative number of examples of each source. target, pooled: as in `Listener`. stretch: time is stretched or
    squeezed by up to this factor, features and labels together. augment: features, labels, rng -> features,
    labels; None: as they are. A recording shorter than a crop is filled up with zeros, which the mask says; so it does
    of what lies outside the passages that are known, about one of which each crop lies.
    """

    sources: Sequence[CropSource]
    shares: Sequence[float]
    seed: int
    frames: int
    clock: Clock
    target: Callable[[Timeline, Clock, int], dict[str, np.ndarray]]
    pooled: tuple[str, ...] = ()
    stretch: float = 1.0
    augment: Callable[[np.ndarray, Timeline, np.random.Generator], tuple[np.ndarray, Timeline]] | None = None

    def example(self, index: int) -> Batch:
        """features (channels, bins, frames), mask (frames,), targets (…, frames) or, of pooled heads, (classes,)."""
        rng = np.random.default_rng([self.seed, index])
        shares = np.asarray(self.shares, dtype=np.float64)
        source = self.sources[int(rng.choice(len(self.sources), p=shares / shares.sum()))]
        number = source.draw(rng, index)
        factor = float(self.stretch ** rng.uniform(-1, 1))
        length = int(source.frames(number) / factor)
        last = max(0, length - self.frames)
        known = source.known(number)
        start = int(rng.integers(last + 1)) if known is None else min(last, self._near(known / factor, rng))
        stop = min(start + self.frames, length)
        features = _crop(source, number, start, stop, factor)
        timeline = source.timeline(number) if factor == 1 else retimed(source.timeline(number), 1 / factor)
        if self.augment is not None:
            features, timeline = self.augment(features, timeline, rng)
        targets = {head: values if head in self.pooled else _filled(values[..., start:stop], self.frames)
                   for head, values in self.target(timeline, self.clock, length).items()}
        mask = np.ones(stop - start, dtype=np.float32) if known is None else self._mask(known / factor, start, stop)
        return {"features": _filled(features, self.frames), "mask": _filled(mask, self.frames), "targets": targets}

    def _near(self, known: np.ndarray, rng: np.random.Generator) -> int:
        """Where a crop begins that has a frame of passages (n, 2) in seconds, each frame of them equally likely."""
        lengths = known[:, 1] - known[:, 0]
        row = int(rng.choice(len(known), p=lengths / lengths.sum()))
        frame = int(self.clock.frames(np.array([rng.uniform(*known[row])]))[0])
        return max(0, frame - int(rng.integers(self.frames)))

    def _mask(self, known: np.ndarray, start: int, stop: int) -> np.ndarray:
        """1 where frames [start, stop) lie in passages (n, 2) in seconds, else 0."""
        times = self.clock.seconds(np.arange(start, stop))[:, None]
        inside = (times >= known[:, 0]) & (times < known[:, 1])
        return np.asarray(inside.any(axis=1), dtype=np.float32)


def _crop(source: CropSource, number: int, start: int, stop: int, factor: float) -> np.ndarray:
    """Frames [start, stop) of an item whose time runs `factor` times as fast, between frames by a straight line."""
    if factor == 1:
        return source.crop(number, start, stop)
    at = np.arange(start, stop) * factor
    first = int(at[0])
    frames = source.crop(number, first, min(int(at[-1]) + 2, source.frames(number)))
    left = at.astype(int) - first
    right = np.minimum(left + 1, frames.shape[-1] - 1)
    weight = (at - at.astype(int)).astype(np.float32)
    return frames[..., left] * (1 - weight) + frames[..., right] * weight


def _filled(values: np.ndarray, frames: int) -> np.ndarray:
    missing = frames - values.shape[-1]
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)]) if missing else values


def collate(examples: Sequence[Batch]) -> Batch:
    """Examples, trees of arrays, -> batch, the same tree of tensors (batch, …), float32."""
    return {name: collate([example[name] for example in examples]) if isinstance(first, dict)
            else torch.from_numpy(np.stack([example[name] for example in examples]).astype(np.float32, copy=False))
            for name, first in examples[0].items()}


class ExampleSource(Protocol):
    """Examples by their numbers, of which there is no end."""

    def example(self, index: int) -> Batch:
        """A tree of arrays, always the same for the same number."""


@dataclass(frozen=True)
class BatchDataset(torch.utils.data.Dataset[Batch]):
    """Batch `step` holds the examples from step * size on; of these, device `rank` of `world` has its share."""

    examples: ExampleSource
    size: int
    rank: int = 0
    world: int = 1

    def __getitem__(self, step: int) -> Batch:
        own = range(step * self.size + self.rank, (step + 1) * self.size, self.world)
        return collate([self.examples.example(index) for index in own]) | {"step": step}


class StepSampler(torch.utils.data.Sampler[int]):
    """The next `count` steps, from `now()` on: a run that is resumed goes on with the step where it stopped."""

    def __init__(self, count: int, now: Callable[[], int]):
        self.count, self.now = count, now

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        start = self.now()
        yield from range(start, start + self.count)
