"""Pseudo-Gibbs sampling of several voices over time, from a conditional for each voice.

Hadjeres, Pachet & Nielsen 2017 (section 3.3, algorithm 1): draw a voice and a place, draw anew what stands there given
all the rest, and so on; the conditionals need not belong to one joint distribution (pseudo-Gibbs: Heckerman et al.
2000). Places that do not see each other are drawn at once (ibid., section 4.2), and the temperature falls.

Deviation: places are not drawn at random but in random order, each once in a sweep.
"""

from collections.abc import Callable, Sequence

import numpy as np

from onpu.music.arrays import Integers

Conditional = Callable[[np.ndarray, int, np.ndarray], np.ndarray]
"""(tokens (scores, voices, steps), voice, places (n,)) -> logits (scores, n, classes) of what stands there, given all
the rest of the same score."""


def temperatures(sweeps: int, last: float, first: float) -> np.ndarray:
    """Of each sweep: from `first` to `last` geometrically in two thirds of them, then `last`; never below it."""
    falling = max(1, 2 * sweeps // 3)
    at = np.minimum(np.arange(sweeps) / falling, 1.0)
    first = max(first, last)
    return first * (last / first) ** at


def gibbs(tokens: np.ndarray, free: np.ndarray, conditional: Conditional, apart: np.ndarray, warmth: np.ndarray,
          rngs: Sequence[np.random.Generator], progress: Callable[[float], None] | None = None) -> np.ndarray:
    """Tokens (scores, voices, steps) of which those that are `free`, a mask of the same shape, have been drawn anew;
    where the conditional allows nothing, what is there stays.

    apart: (sweeps,) distance of places that are drawn at once in a sweep; those that do not see each other are drawn as
    if one after the other. warmth: (sweeps,) the temperature of each. rngs: of each score; the first one also orders
    the places. progress: called with the finished share.
    """
    tokens = tokens.copy()
    at = np.arange(tokens.shape[2])
    for sweep, (distance, temperature) in enumerate(zip(apart.tolist(), warmth.tolist(), strict=True)):
        for phase in rngs[0].permutation(distance):
            for voice in rngs[0].permutation(tokens.shape[1]):
                places = np.flatnonzero(free[:, voice].any(axis=0) & (at % distance == phase))
                if len(places):
                    logits = conditional(tokens, int(voice), places)
                    for score, rng in enumerate(rngs):
                        possible = np.isfinite(logits[score]).any(axis=1) & free[score, voice, places]
                        found = drawn(logits[score] / temperature, rng)
                        tokens[score, voice, places[possible]] = found[possible]
        if progress is not None:
            progress((sweep + 1) / len(warmth))
    return tokens


def drawn(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) classes, each with the probability that its row of logits (n, classes) says (Gumbel's maximum)."""
    classes: Integers = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
    return classes
