"""Sections from an activation of boundaries: where they lie, on bars where these are known, and which are alike.

Boundaries are picked as by Ullrich, Schlüter & Grill (ISMIR 2014, section 3.4). Where beats are known, the most
probable row of whole bars is found instead, with a chance for each length of a section (after Maezawa, "Music boundary
detection based on a hybrid deep model of novelty, homogeneity, repetition and duration", ICASSP 2019). Alike is what is
near each other in three respects: the network's embedding, the mean timbre, and the chroma step by step, in whichever
of twelve transpositions it fits best; sections are joined by average linkage until none are near.
"""

from itertools import pairwise

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.ndimage import maximum_filter1d, uniform_filter1d

PAST_SECONDS, FUTURE_SECONDS = 12.0, 6.0
"""Seconds before and after a moment over which the mean is taken that its activation must exceed."""
LONGEST_BARS = 36
STEPS = 16
"""Parts of a section whose chroma is compared."""


def peaks(activation: np.ndarray, fps: float, threshold: float, apart: float) -> np.ndarray:
    """Frames (n,) of the boundaries: the largest activations within `apart` seconds on either side, which exceed the
    mean around them by `threshold`."""
    if not len(activation):
        return np.zeros(0, int)
    reach, past, future = (round(seconds * fps) for seconds in (apart, PAST_SECONDS, FUTURE_SECONDS))
    padded = np.pad(activation, (past, future), mode="edge")
    total = np.cumsum(np.pad(padded, (1, 0)))
    width = past + future + 1
    mean = (total[width:] - total[:-width]) / width
    largest = activation >= maximum_filter1d(activation, 2 * reach + 1, mode="constant")
    found = np.flatnonzero(largest & (activation - mean > threshold))
    return found[np.diff(found, prepend=-reach - 1) > reach]


def on_bars(chance: np.ndarray, lengths: np.ndarray, weight: float, favour: float = 0.0) -> np.ndarray:
    """Numbers (n,) of the bars that begin a section, the first one among them.

    chance: (bars,), that a bar begins one. lengths: (LONGEST_BARS + 1,), chance of a section of so many bars. weight:
    of the lengths beside the boundaries. favour: added to the log odds of each boundary.
    """
    bars = len(chance)
    gain = np.log(np.clip(chance, 1e-4, 1 - 1e-4)) - np.log1p(-np.clip(chance, 1e-4, 1 - 1e-4)) + favour
    prior = weight * np.log(np.maximum(lengths, 1e-6))
    best, origin = np.full(bars + 1, -np.inf), np.zeros(bars + 1, int)
    best[0] = 0.0
    for end in range(1, bars + 1):
        first = max(0, end - LONGEST_BARS)
        own = prior[end - first : 0 : -1]
        if end == bars:  # the recording may end within a section
            own = np.maximum(own, prior.max() - weight)
        scores = best[first:end] + own
        number = int(scores.argmax())
        origin[end], best[end] = first + number, scores[number] + (gain[end] if end < bars else 0.0)
    found, at = [], bars
    while at > 0:
        at = int(origin[at])
        found.append(at)
    return np.array(found[::-1], int)


def likeness(edges: np.ndarray, chroma: np.ndarray, timbre: np.ndarray, embedding: np.ndarray,
             weights: tuple[float, float, float]) -> np.ndarray:
    """How alike sections are, (n, n), in [0, 1].

    edges: (n + 1,) frames. chroma: (12, frames). timbre, embedding: (values, frames). weights: of the three.
    """
    parts = [slice(int(a), max(int(a) + 1, int(b))) for a, b in pairwise(edges.tolist())]
    total = np.zeros((len(parts), len(parts)))
    total += weights[0] * _harmony(parts, chroma)
    for weight, values in ((weights[1], timbre), (weights[2], embedding)):
        means = np.stack([values[:, part].mean(axis=1) for part in parts])
        means = means - (values.mean(axis=1) if values is timbre else 0)
        unit = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
        total += weight * np.clip(unit @ unit.T, 0, 1)
    return total / sum(weights)


def _harmony(parts: list[slice], chroma: np.ndarray) -> np.ndarray:
    """Cosine of the chroma of sections, step by step, in the transposition that fits best; a shorter one is compared
    with the beginning of a longer one where that is nearer, as well as with all of it."""
    centred = chroma - chroma.mean(axis=0, keepdims=True)
    out = np.ones((len(parts), len(parts)))
    for i, one in enumerate(parts):
        for j in range(i):
            other = parts[j]
            short, long = sorted((one, other), key=lambda part: part.stop - part.start)
            length = short.stop - short.start
            ways = [long, slice(long.start, long.start + length)]
            own = _steps(centred, short)
            out[i, j] = out[j, i] = max(_best_fit(own, _steps(centred, way)) for way in ways)
    return np.clip(out, 0, 1)


def _steps(chroma: np.ndarray, part: slice) -> np.ndarray:
    """Mean chroma of each of `STEPS` parts, (12, STEPS)."""
    edges = np.linspace(part.start, part.stop, STEPS + 1)
    rows = [chroma[:, int(a) : max(int(a) + 1, int(np.ceil(b)))].mean(axis=1) for a, b in pairwise(edges.tolist())]
    return np.stack(rows, axis=1)


def _best_fit(one: np.ndarray, other: np.ndarray) -> float:
    """Cosine of the best of twelve transpositions."""
    scale = max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9)
    return max(float((one * np.roll(other, shift, axis=0)).sum()) for shift in range(12)) / scale


def groups(alike: np.ndarray, threshold: float) -> np.ndarray:
    """Numbers (n,) of groups of sections, those first heard first: joined by average linkage while they are alike by
    `threshold` or more."""
    if len(alike) < 2:
        return np.zeros(len(alike), int)
    distance = 1 - alike[np.triu_indices(len(alike), 1)]
    found = fcluster(linkage(np.maximum(distance, 0), "average"), 1 - threshold, "distance")
    order = {number: place for place, number in enumerate(dict.fromkeys(found.tolist()))}
    return np.array([order[number] for number in found.tolist()])


def kept_together(alike: np.ndarray, found: np.ndarray) -> np.ndarray:
    """How sure each section's label is (n,): how like the others of its group it is, or how unlike all others."""
    others = ~np.eye(len(found), dtype=bool)
    same = (found[:, None] == found) & others
    out = np.ones(len(found))
    for i in range(len(found)):
        if same[i].any():
            out[i] = alike[i, same[i]].mean()
        elif others[i].any():
            out[i] = 1 - alike[i, others[i]].max()
    return out


def smoothed(values: np.ndarray, frames: int) -> np.ndarray:
    """Running mean over an odd number of frames, along the last axis."""
    return np.asarray(uniform_filter1d(values, max(1, frames | 1), axis=-1, mode="nearest"))
