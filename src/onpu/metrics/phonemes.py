"""How well phonemes are recognised, and how well placed.

The error rate counts what must be put in, left out and replaced to make one sequence of the other (Levenshtein 1966)
over the length of the true one; a boundary is right within 50 ms.
"""

from collections.abc import Sequence

import numpy as np

from onpu.music import Timeline, Voice
from onpu.music.phonemes import paired, phonemes_in

TOLERANCE = 0.05
"""Seconds by which a boundary may be off."""


def distance(one: Sequence[object], other: Sequence[object]) -> int:
    """Levenshtein distance of two sequences."""
    row = np.arange(len(other) + 1)
    for item in one:
        changed = row[:-1] + np.array([item != each for each in other], dtype=np.int64)
        best = np.minimum(row[1:] + 1, changed) if len(other) else row[1:]
        row = np.minimum.accumulate(np.concatenate(([row[0] + 1], best)) - np.arange(len(row))) + np.arange(len(row))
    return int(row[-1])


def error_rate(reference: Sequence[str], estimate: Sequence[str]) -> float:
    """Changes over the length of the true sequence; 0 where both are empty, 1 where only that is."""
    return distance(reference, estimate) / len(reference) if len(reference) else float(len(estimate) > 0)


def matched(reference: Sequence[str], estimate: Sequence[str]) -> int:
    """How many of the true phonemes stand in the estimate, in their order, at least changes."""
    return sum(reference[i] == estimate[j] for i, j in paired(reference, estimate))


def sequence(voice: Voice) -> list[str]:
    """All phonemes of the labels, one after the other."""
    return [phoneme for label in voice.labels.tolist() for phoneme in phonemes_in(str(label))]


def within(reference: np.ndarray, estimate: np.ndarray, seconds: float = TOLERANCE) -> float:
    """Share of times (n,) that are found within so many seconds; 1 where there are none."""
    return float((np.abs(np.asarray(reference) - estimate) <= seconds).mean()) if len(reference) else 1.0


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Score the phonemes that were recognised against those that were sung.

    Parameters
    ----------
    reference, estimate
        Timelines whose `voice` has syllables or phonemes as labels.

    Returns
    -------
    dict
        `Phoneme error rate`, substitutions, insertions and deletions over the phonemes of the reference, and `Phoneme
        accuracy`, 1 less that and not below 0.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.phonemes import evaluate
    >>> from onpu.music import Timeline, Voice
    >>> def sung(*labels):
    ...     starts = np.arange(float(len(labels)))
    ...     return Timeline(9.0, voice=Voice(starts, starts + 1, np.array(labels), np.ones(len(labels))))
    >>> evaluate(sung("ka", "na"), sung("ka", "ma"))["Phoneme error rate"]
    0.25
    """
    rate = error_rate(sequence(reference.require(Voice)), sequence(estimate.require(Voice)))
    return {"Phoneme error rate": rate, "Phoneme accuracy": max(0.0, 1.0 - rate)}
