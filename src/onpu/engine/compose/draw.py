"""Weighted draws from small tables."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """One of the options, all equally likely."""
    return options[int(rng.random() * len(options))]


def draw(rng: np.random.Generator, weights: Mapping[T, float]) -> T:
    """One of the keys, likely in proportion to its weight."""
    left = rng.random() * sum(weights.values())
    for option, weight in weights.items():
        left -= weight
        if left < 0:
            return option
    return option


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Uniform in [low, high)."""
    return low + (high - low) * rng.random()
