"""Features of a recording of any sample rate, channels and length, computed by torch, in bounded memory.

How a recording is gone through is told by `onpu.inference.passing`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from onpu.inference.passing import FeatureChunks, Resampler, mono, pass_over
from onpu.music import AudioSource
from onpu.represent import Representation


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


def feature_chunks(features: Representation, device: torch.device | str = "cpu") -> FeatureChunks[Tensor]:
    """What turns consecutive samples at the representation's rate into features, computed on a device."""
    def compute(samples: np.ndarray, first: int, last: int) -> Tensor:
        return features(torch.from_numpy(samples)[None].to(device))[..., first:last]

    return FeatureChunks(features, compute)


def features_of(source: AudioSource, features: Representation) -> Iterator[Tensor]:
    """Features of a recording in consecutive chunks (1, channels, bins, frames)."""
    resampler, chunks = Resampler(source.rate, features.rate), feature_chunks(features)
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
    return pass_over(source, [(feature_chunks(group[0].features, group[0].device), [each.push for each in group])
                              for group in group_by_features(consumers)], progress)


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


@torch.inference_mode()
def fingerprint(features: Representation) -> list[float]:
    """Four numbers that tell one representation from another: projections of its features of a fixed noise burst."""
    noise = np.random.default_rng(0).standard_normal(features.rate).astype(np.float32)
    sound = torch.from_numpy(noise * np.linspace(1, 0, features.rate, dtype=np.float32) ** 4)
    flat = features(sound[None].to("cpu")).double().flatten()
    wave = torch.arange(len(flat), dtype=torch.float64)
    return [float((flat * torch.cos(wave * step)).mean()) for step in (0.0, 0.01, 0.37, 2.1)]
