"""Where sections begin: peaks of an activation, or whole bars where beats are known.

Boundaries are picked as by Ullrich, Schlüter & Grill (ISMIR 2014, section 3.4). Where beats are known, the most
probable row of whole bars is found instead, with a prior over the lengths of sections (after Maezawa, "Music boundary
detection based on a hybrid deep model of novelty, homogeneity, repetition and duration", ICASSP 2019).

A section shorter than four bars or six seconds costs `SHORT_COST` nats: it is found where both its boundaries are
nearly certain, and nowhere else.
"""

from itertools import pairwise

import numpy as np

from onpu.decode.filters import moving_maximum, moving_mean
from onpu.music import Clock

PAST_SECONDS, FUTURE_SECONDS = 12.0, 6.0
"""Seconds before and after a moment over which the mean is taken that its activation must exceed."""
APART_SECONDS, MARGIN, CERTAIN = 4.0, 0.3, 0.95
"""Where no beats are known: least distance of two boundaries, by what an activation exceeds the mean around it, and
from which one on boundaries may bound a short section."""
LONGEST_BARS = 36
SHORTEST_BARS, SHORTEST_SECONDS, SHORT_COST = 4, 6.0, 6.0
"""Bars and seconds below which a section is short, and what it costs in nats. Three slow bars of more than twice so
many seconds are not short."""
LENGTH_WEIGHT, FAVOUR = 0.2, 0.4
"""What a section's length counts beside its boundaries, and what is added to the log odds of these."""
UNSURE = 1e-4
"""Chances are kept so far from 0 and 1."""


def _lengths() -> np.ndarray:
    """Chance of a section of so many bars, (LONGEST_BARS + 1,)."""
    out = np.full(LONGEST_BARS + 1, 0.002)
    out[2:20:2] = 0.01
    for bars, chance in {4: 0.2, 8: 0.4, 12: 0.06, 16: 0.2, 6: 0.02, 7: 0.02, 9: 0.02, 5: 0.02, 32: 0.01}.items():
        out[bars] = chance
    return out


LENGTHS = _lengths()


def boundaries(activation: np.ndarray, clock: Clock, downbeats: np.ndarray, first: float,
               last: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds (n,) between the sections of what sounds from `first` to `last` seconds, and how sure each is, (n,) in
    [0, 1].

    activation: (frames,) in [0, 1]. downbeats: (bars,) seconds; fewer than two within: peaks of the activation.
    """
    inside = downbeats[(downbeats > first) & (downbeats < last)]
    if len(inside) < 2:
        at = peaks(activation, clock.fps, MARGIN, APART_SECONDS)
        times, sure = clock.seconds(at), np.clip(activation[at], 0, 1)
        kept = (times > first + APART_SECONDS) & (times < last - APART_SECONDS)
        return without_short(times[kept], sure[kept], first, last)
    if inside[0] - first < np.diff(inside[:2])[0] / 2:  # an upbeat belongs to the first bar
        inside = inside[1:]
    begins = np.array([first, *inside])
    edges = np.clip(np.round(clock.frames((begins + np.append(inside, last)) / 2)).astype(int), 0, len(activation) - 1)
    chance = np.array([activation[a : max(a + 1, b)].max() for a, b in pairwise(edges.tolist())])
    found = on_bars(np.array([0.5, *chance]), np.append(begins, last))[1:]
    return begins[found], np.clip(chance[found - 1], 0, 1)


def without_short(times: np.ndarray, sure: np.ndarray, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """Boundaries (n,) between `first` and `last` seconds, and how sure each is, without the less sure one of two that
    are less than `SHORTEST_SECONDS` apart, unless both are `CERTAIN`, as the ends are."""
    times, sure = np.array([first, *times, last]), np.array([np.inf, *sure, np.inf])
    while True:
        short = (np.diff(times) < SHORTEST_SECONDS) & (np.minimum(sure[:-1], sure[1:]) < CERTAIN)
        if not short.any():
            return times[1:-1], sure[1:-1]
        at = int(np.flatnonzero(short)[0])
        gone = at + int(sure[at + 1] < sure[at])
        times, sure = np.delete(times, gone), np.delete(sure, gone)


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
    largest = activation >= moving_maximum(activation, 2 * reach + 1)
    found = np.flatnonzero(largest & (activation - mean > threshold))
    return found[np.diff(found, prepend=-reach - 1) > reach]


def on_bars(chance: np.ndarray, times: np.ndarray, lengths: np.ndarray = LENGTHS, weight: float = LENGTH_WEIGHT,
            favour: float = FAVOUR) -> np.ndarray:
    """Numbers (n,) of the bars that begin a section, the first one among them.

    chance: (bars,), that a bar begins one. times: (bars + 1,) seconds, where bars begin and the last one ends.
    lengths: (LONGEST_BARS + 1,), chance of a section of so many bars. weight: of the lengths beside the boundaries.
    favour: added to the log odds of each boundary.
    """
    bars = len(chance)
    known = np.clip(chance, UNSURE, 1 - UNSURE)
    gain = np.log(known) - np.log1p(-known) + favour
    prior = weight * np.log(np.maximum(lengths, 1e-6))
    best, origin = np.full(bars + 1, -np.inf), np.zeros(bars + 1, int)
    best[0] = 0.0
    for end in range(1, bars + 1):
        first = max(0, end - LONGEST_BARS)
        own = prior[end - first : 0 : -1]
        if end == bars:  # the recording may end within a section
            own = np.maximum(own, prior.max() - weight)
        scores = best[first:end] + own - SHORT_COST * _short(times[first:end], times[end])
        number = int(scores.argmax())
        origin[end], best[end] = first + number, scores[number] + (gain[end] if end < bars else 0.0)
    found, at = [], bars
    while at > 0:
        at = int(origin[at])
        found.append(at)
    return np.array(found[::-1], int)


def _short(starts: np.ndarray, end: float) -> np.ndarray:
    """Whether sections are short that begin with each of these consecutive bars (n,) and end at `end` seconds."""
    seconds, bars = end - starts, np.arange(len(starts), 0, -1)
    return (seconds < SHORTEST_SECONDS) | ((bars < SHORTEST_BARS) & (seconds < 2 * SHORTEST_SECONDS))


def smoothed(values: np.ndarray, frames: int) -> np.ndarray:
    """Running mean over an odd number of frames, along the last axis."""
    return moving_mean(values, max(1, frames | 1))
