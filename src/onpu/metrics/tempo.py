"""Tempo measures.

Accuracy 1: the strongest candidate within 4 % of the reference. Accuracy 2: also within 4 % of twice, three times, half
or a third of it (Gouyon et al. 2006). P-score: MIREX (mir_eval.tempo) with two candidates at 8 %.
"""

import mir_eval
import numpy as np

from onpu.music import Beats, Tempo

OCTAVES = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)


def evaluate(reference: float, estimate: Tempo) -> dict[str, float]:
    """Score the tempo of a recording against the annotated one.

    Parameters
    ----------
    reference
        Beats a minute.
    estimate
        The tempo that was found, with its candidates.

    Returns
    -------
    dict
        `Accuracy 1` and `Accuracy 2`, each 0 or 1, and `P-score` in [0, 1], with the reference as the only tempo.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.tempo import evaluate
    >>> from onpu.music import Tempo
    >>> found = Tempo(np.array([60.0, 120.0]), np.array([0.6, 0.4]), np.zeros(0), np.zeros(0))
    >>> evaluate(120.0, found)
    {'Accuracy 1': 0.0, 'Accuracy 2': 1.0, 'P-score': 1.0}
    """
    if len(estimate.bpm) == 0:
        return {"Accuracy 1": 0.0, "Accuracy 2": 0.0, "P-score": 0.0}
    found = float(estimate.bpm[0])
    two = np.resize(estimate.bpm, 2).astype(float)
    score = mir_eval.tempo.detection(np.array([reference, reference]), 1.0, two)[0]
    return {"Accuracy 1": float(_near(found, reference, OCTAVES[:1])),
            "Accuracy 2": float(_near(found, reference, OCTAVES)), "P-score": float(score)}


def reference_tempo(beats: Beats) -> float:
    """Beats a minute of annotated beats: 60 over their median interval; NaN with fewer than two."""
    return float(60 / np.median(np.diff(beats.times))) if len(beats.times) > 1 else float("nan")


def _near(found: float, reference: float, octaves: tuple[float, ...]) -> bool:
    return any(abs(found / (reference * octave) - 1) <= 0.04 for octave in octaves)
