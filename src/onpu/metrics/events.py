"""Sound events in segments of a second (Mesaros, Heittola & Virtanen, "Metrics for polyphonic sound event detection",
Applied Sciences 6(6), 2016; sed_eval).

Conventions: an event counts in each segment that it touches. In a segment are substitutions min(FN, FP), deletions
max(0, FN - FP) and insertions max(0, FP - FN); the error rate is the sum of all over the active classes of the
reference (equations 5 to 8), precision, recall and F-measure are over all classes and segments together. A recording
without events, in which none was found, scores 1, and the error rate 0; where some were found, it is their number.
"""

import numpy as np

from onpu.music.events import SOUNDS, Events

SEGMENT_SECONDS = 1.0


def evaluate(reference: Events, estimate: Events, duration: float) -> dict[str, float]:
    """Score events against labelled ones.

    Parameters
    ----------
    reference, estimate
        Labelled events, and those that were found.
    duration
        Length of the recording in seconds.

    Returns
    -------
    dict
        `F-measure`, `Precision`, `Recall` in [0, 1], `Error rate` from 0 on.

    Examples
    --------
    >>> from onpu.metrics.events import evaluate
    >>> from onpu.music.events import Events
    >>> truth = Events.of([(0.0, 2.0, "rain", 1.0), (2.0, 3.0, "birds", 1.0)])
    >>> evaluate(truth, Events.of([(0.0, 3.0, "rain", 1.0)]), 4.0)["Error rate"]
    0.3333333333333333
    """
    edges = np.arange(int(np.ceil(duration / SEGMENT_SECONDS)) + 1) * SEGMENT_SECONDS
    names = tuple(dict.fromkeys((*SOUNDS, *reference.labels.tolist(), *estimate.labels.tolist())))
    truth, found = reference.overlapping(edges, names), estimate.overlapping(edges, names)
    hits = int((truth & found).sum())
    missed, added = (truth & ~found).sum(axis=0), (found & ~truth).sum(axis=0)
    errors = int(np.maximum(missed, added).sum())  # substitutions, deletions and insertions together
    precision = hits / found.sum() if found.any() else float(not truth.any())
    recall = hits / truth.sum() if truth.any() else float(not found.any())
    both = precision + recall
    return {"F-measure": float(2 * precision * recall / both) if both else 0.0, "Precision": float(precision),
            "Recall": float(recall), "Error rate": float(errors / max(int(truth.sum()), 1))}
