"""Drum measures (mir_eval.onset, mir_eval.util).

Conventions: a hit is found where an estimated one of its class lies within ±50 ms, each reference hit once; hits of a
class that are heard as one count as one (`distinct`). The classes are those of `onpu.music.drums`. `Kick, snare,
hi-hat F` is the mean over those of the three that the reference has, open and closed hi-hat together (Southall et al.,
"MDB Drums", ISMIR 2017 late-breaking; Vogl et al. 2017); `All hits F` counts the hits of all eight classes together,
`Class F` is the mean over the classes that the reference has. An empty reference with an empty estimate scores 1;
a class that neither has, has no measure.
"""

from dataclasses import replace

import mir_eval
import numpy as np

from onpu.music import Drums
from onpu.music.drums import CLASSES

HIT_WINDOW_SECONDS = 0.05
"""Seconds within which a hit is found."""

MERGED_HIT_SECONDS = 0.03
"""Seconds within which hits of a class are heard as one."""

_OF_PITCH = {pitch: number for number, pitches in enumerate(CLASSES.values()) for pitch in pitches}
_HAT = (2, 3)


def classes(pitches: np.ndarray) -> np.ndarray:
    """Number of the class of each General MIDI percussion number, (n,) int."""
    return np.array([_OF_PITCH.get(round(pitch), len(CLASSES) - 1) for pitch in pitches.tolist()], dtype=np.int64)


def distinct(drums: Drums) -> Drums:
    """The hits that are heard: of hits of a class within `MERGED_HIT_SECONDS` the first, as loud as the loudest (a clap
    on the snare); no closed hi-hat where the open one is struck, for they are one instrument."""
    numbers = classes(drums.pitches)
    kept: list[int] = []
    velocities = np.array(drums.velocities)
    for number in range(len(CLASSES)):
        own = np.flatnonzero(numbers == number)
        last = -1
        for index in own[np.argsort(drums.times[own], kind="stable")].tolist():
            if last >= 0 and drums.times[index] - drums.times[last] <= MERGED_HIT_SECONDS:
                velocities[last] = max(velocities[last], velocities[index])
                continue
            kept.append(last := index)
    closed, opened = (np.sort(drums.times[numbers == number]) for number in _HAT)
    before = np.searchsorted(opened, closed - MERGED_HIT_SECONDS)
    hidden = closed[before < np.searchsorted(opened, closed + MERGED_HIT_SECONDS, "right")]
    rows = np.array(kept, dtype=np.int64)
    rows = rows[(numbers[rows] != _HAT[0]) | ~np.isin(drums.times[rows], hidden)]
    rows = rows[np.argsort(drums.times[rows], kind="stable")]
    return replace(drums, velocities=velocities).select(rows)


def evaluate(reference: Drums, estimate: Drums) -> dict[str, float]:
    """Score drum hits against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated hits, and those that were found.

    Returns
    -------
    dict
        `Kick F`, `Snare F`, `Hi-hat F`, then an F-measure of each other class (`CLASSES`) that either has, `Kick,
        snare, hi-hat F`, `Class F` and `All hits F`, each in [0, 1].

    Raises
    ------
    LabelError
        When columns differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.drums import evaluate
    >>> from onpu.music import Drums
    >>> reference = Drums(np.array([0.0, 0.5]), np.array([36, 38]), np.full(2, 100), np.ones(2))
    >>> estimate = Drums(np.array([0.01, 0.6]), np.array([36, 38]), np.full(2, 100), np.ones(2))
    >>> scores = evaluate(reference, estimate)
    >>> scores["Kick F"], scores["Snare F"], scores["All hits F"]
    (1.0, 0.0, 0.5)
    """
    reference, estimate = distinct(reference.validate()), distinct(estimate.validate())
    truth, found = _by_class(reference), _by_class(estimate)
    both = [np.sort(np.concatenate([side[number] for number in _HAT])) for side in (truth, found)]
    three = [(truth[0], found[0]), (truth[1], found[1]), (both[0], both[1])]
    named = dict(zip(("Kick F", "Snare F", "Hi-hat F"), three, strict=True))
    named |= {f"{name} F": (truth[number], found[number]) for number, name in enumerate(CLASSES) if number > 1}
    scores = {name: _f_measure(*pair) for name, pair in named.items() if len(pair[0]) or len(pair[1])}
    scores["Kick, snare, hi-hat F"] = _mean(three)
    scores["Class F"] = _mean(list(zip(truth, found, strict=True)))
    hits = sum(len(mir_eval.util.match_events(a, b, HIT_WINDOW_SECONDS)) for a, b in zip(truth, found, strict=True))
    count = len(reference.times) + len(estimate.times)
    return scores | {"All hits F": 2 * hits / count if count else 1.0}


def _by_class(drums: Drums) -> list[np.ndarray]:
    """Ascending times of the hits of each class."""
    numbers = classes(drums.pitches)
    return [np.sort(drums.times[numbers == number]) for number in range(len(CLASSES))]


def _mean(pairs: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Mean over the pairs whose reference is not empty; without any, whether all estimates are."""
    values = [_f_measure(truth, found) for truth, found in pairs if len(truth)]
    return float(np.mean(values)) if values else float(not any(len(found) for _, found in pairs))


def _f_measure(truth: np.ndarray, found: np.ndarray) -> float:
    if len(truth) == 0 or len(found) == 0:
        return float(len(truth) == len(found))
    return float(mir_eval.onset.f_measure(truth, found, window=HIT_WINDOW_SECONDS)[0])
