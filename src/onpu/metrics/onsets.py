"""Onset measures (mir_eval.onset).

Conventions: onsets nearer than 30 ms to the one before are one with it, in reference and estimate, as they are heard
(Böck, Krebs & Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012, section 3.2); an
estimate hits within ±50 ms (MIREX) or ±25 ms (the papers on neural detectors), each reference onset once. An empty
reference with an empty estimate scores 1.
"""

import mir_eval
import numpy as np

from onpu.music import Onsets
from onpu.music.onsets import MERGED_ONSET_SECONDS


def evaluate(reference: Onsets, estimate: Onsets) -> dict[str, float]:
    """Score onsets against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated onsets, and those that were found; of each, those that follow closely count once (`merged`).

    Returns
    -------
    dict
        `Onset F-measure`, `Onset precision`, `Onset recall` (±50 ms) and `Onset F-measure 25 ms`, each in [0, 1].

    Raises
    ------
    LabelError
        When times do not ascend.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.onsets import evaluate
    >>> from onpu.music import Onsets
    >>> reference = Onsets(np.array([0.0, 1.0]), np.ones(2))
    >>> estimate = Onsets(np.array([0.01, 1.04]), np.ones(2))
    >>> scores = evaluate(reference, estimate)
    >>> scores["Onset F-measure"], scores["Onset F-measure 25 ms"]
    (1.0, 0.5)
    """
    truth, found = merged(reference.validate().times), merged(estimate.validate().times)
    if len(truth) == 0 or len(found) == 0:
        none = float(len(truth) == len(found))
        return dict.fromkeys(("Onset F-measure", "Onset precision", "Onset recall", "Onset F-measure 25 ms"), none)
    both, precision, recall = map(float, mir_eval.onset.f_measure(truth, found, window=0.05))
    return {"Onset F-measure": both, "Onset precision": precision, "Onset recall": recall,
            "Onset F-measure 25 ms": float(mir_eval.onset.f_measure(truth, found, window=0.025)[0])}


def merged(times: np.ndarray) -> np.ndarray:
    """Of times in seconds, in any order, the first of each group within `MERGED_ONSET_SECONDS`."""
    kept: list[float] = []
    for time in np.sort(times).tolist():
        if not kept or time - kept[-1] > MERGED_ONSET_SECONDS:
            kept.append(time)
    return np.array(kept)
