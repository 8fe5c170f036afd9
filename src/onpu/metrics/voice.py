"""Singing voice detection, frame by frame (Ramona, Richard & David 2008; Schlüter & Grill 2015; Lehner et al. 2018).

Conventions: time is cut into steps of 10 ms, from the start of the recording to the reference's end; a step is sung
when its middle lies in a segment. Precision, recall and F-measure are those of singing. A recording without singing, in
which none was found, scores 1 throughout; where singing was found in it, precision and F-measure are 0.

What the figures are worth depends on how much is sung: whoever answers "sung" all the time has an accuracy and a
precision of that share and a recall of 1. On `real/ultrastar` this always-voice answer has the accuracy .61 and the
F-measure .75 (means over the songs).
"""

import numpy as np

from onpu.music import Voice

STEP_SECONDS = 0.01
"""Seconds."""


def evaluate(reference: Voice, estimate: Voice, duration: float) -> dict[str, float]:
    """Score where somebody sings against annotated singing.

    Parameters
    ----------
    reference, estimate
        Annotated segments, and those that were found.
    duration
        Length of the recording in seconds.

    Returns
    -------
    dict
        `Accuracy`, `Precision`, `Recall` and `F-measure`, each in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.voice import evaluate
    >>> from onpu.music import Voice
    >>> def sings(start, end):
    ...     return Voice(np.array([start]), np.array([end]), np.array([""]), np.ones(1))
    >>> evaluate(sings(0.0, 2.0), sings(1.0, 3.0), 4.0)
    {'Accuracy': 0.5, 'Precision': 0.5, 'Recall': 0.5, 'F-measure': 0.5}
    """
    truth, found = sung(reference, duration), sung(estimate, duration)
    hits = int((truth & found).sum())
    precision, recall = _share(hits, int(found.sum()), truth), _share(hits, int(truth.sum()), found)
    both = precision + recall
    return {"Accuracy": float((truth == found).mean()) if len(truth) else 1.0, "Precision": precision, "Recall": recall,
            "F-measure": 2 * precision * recall / both if both else 0.0}


def sung(voice: Voice, duration: float) -> np.ndarray:
    """Whether each step is sung, (duration / 10 ms,) bool."""
    middles = (np.arange(round(duration / STEP_SECONDS)) + 0.5) * STEP_SECONDS
    row = np.searchsorted(voice.starts, middles, side="right") - 1
    return (row >= 0) & (middles < np.append(voice.ends, -1.0)[row])


def _share(hits: int, count: int, other: np.ndarray) -> float:
    """hits / count; of nothing, 1 where the other side has nothing either."""
    return hits / count if count else float(not other.any())
