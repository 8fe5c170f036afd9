"""Levels of samples, drawn one after the other."""

from collections.abc import Callable

import numpy as np

from onpu.music.arrays import Integers

TOLD_EVERY = 1600
"""Samples after which the progress is told."""


def drawn_levels(step: Callable[[int | None], np.ndarray], samples: int, rng: np.random.Generator, temperature: float,
                 progress: Callable[[float], None] | None, given: np.ndarray | None = None) -> Integers:
    """Numbers of the levels (samples,) of sound that is drawn.

    step: the level before, None at the beginning -> logits (levels,). temperature: by which they are divided. given:
    levels (n,) with which the sound begins instead of drawn ones.
    """
    chances, before = rng.random(samples), None
    known = np.zeros(0, np.int64) if given is None else given[:samples]
    levels = np.zeros(samples, np.int64)
    for number in range(samples):
        logits = step(before)
        if number < len(known):
            before = int(known[number])
        else:
            shares = np.exp((logits - logits.max()) / temperature).cumsum()
            before = int(min(shares.searchsorted(chances[number] * shares[-1], side="right"), len(shares) - 1))
        levels[number] = before
        if progress is not None and not number % TOLD_EVERY:
            progress(number / samples)
    return levels
