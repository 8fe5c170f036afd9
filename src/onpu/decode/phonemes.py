"""Phonemes of activations: the likeliest sequence, and where a given one lies.

Best path: Graves et al., "Connectionist temporal classification" (ICML 2006, section 3.2). Forced alignment: Viterbi
through the phonemes of the sequence with a pause between any two of them that may be passed over.
"""

import numpy as np

from onpu.music.arrays import repeated

FLOOR = 1e-6
"""Probabilities are not taken for smaller."""


def best_path(likely: np.ndarray) -> np.ndarray:
    """Classes of the likeliest path without repetitions and blanks. likely: (classes, frames), the blank last."""
    path = likely.argmax(axis=0) if likely.size else np.zeros(0, np.int64)
    changed = np.diff(path, prepend=-1) != 0
    kept: np.ndarray = path[changed & (path != len(likely) - 1)]
    return kept


def aligned(sequence: np.ndarray, scores: np.ndarray, shortest: int = 1) -> np.ndarray:
    """First frame of each phoneme of a sequence, and the frame after its last: (count, 2).

    sequence: (count,) classes. scores: (classes, frames) log-likelihoods, the last class being a pause, which may lie
    before, between and after phonemes. shortest: frames that a phoneme lasts at least, where there are enough.
    """
    count, frames = len(sequence), scores.shape[1]
    if count == 0 or frames == 0:
        return np.zeros((count, 2), np.int64)
    if count > frames:
        edges = np.arange(count + 1) * frames // count
        return np.stack((edges[:-1], edges[1:]), axis=1)
    shortest = max(1, min(shortest, frames // count))
    # states: pause, phoneme 0 (its first frames, then the rest), pause, phoneme 1, …, pause
    width = shortest + 1
    states = np.full(count * width + 1, len(scores) - 1)
    states[np.arange(len(states)) % width > 0] = repeated(sequence, shortest)
    place = np.arange(len(states)) % width
    stays = (place == 0) | (place == shortest)
    skips = place == 1  # into a phoneme without the pause before it
    total = np.full(len(states), -np.inf)
    total[0] = scores[states[0], 0]
    total[1] = scores[states[1], 0]
    moves = np.zeros((frames, len(states)), np.int8)
    for frame in range(1, frames):
        options = np.full((3, len(states)), -np.inf)
        options[0, stays] = total[stays]
        options[1, 1:] = total[:-1]
        options[2, 2:] = np.where(skips[2:], total[:-2], -np.inf)
        moves[frame] = options.argmax(axis=0)
        total = options.max(axis=0) + scores[states, frame]
    state = len(states) - 1 if total[-1] >= total[-2] else len(states) - 2
    path = np.zeros(frames, np.int64)
    for frame in range(frames - 1, -1, -1):
        path[frame] = state
        state -= int(moves[frame, state])
    inside = path % width > 0
    number = path[inside] // width
    at = np.flatnonzero(inside)
    first = np.searchsorted(number, np.arange(count))
    last = np.searchsorted(number, np.arange(count), side="right") - 1
    return np.stack((at[first], at[last] + 1), axis=1)
