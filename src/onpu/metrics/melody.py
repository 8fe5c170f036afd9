"""Melody measures (mir_eval.melody).

Conventions: the reference's times are judged, the estimate's frequency there being that between its nearest ones; a
pitch is right within ±50 cents. Voicing recall (VR) and false alarm (VFA), raw pitch (RPA) and raw chroma accuracy
(RCA), overall accuracy (OA). An estimate may give a pitch with negative frequency where it hears no melody. An empty
reference with an empty estimate scores 1 (false alarm 0).
"""

from dataclasses import replace

import mir_eval
import numpy as np

from onpu.music import Melody

NAMES = {"Voicing recall": "Voicing Recall", "Voicing false alarm": "Voicing False Alarm",
         "Raw pitch accuracy": "Raw Pitch Accuracy", "Raw chroma accuracy": "Raw Chroma Accuracy",
         "Overall accuracy": "Overall Accuracy"}
"""Our name -> mir_eval's."""


def evaluate(reference: Melody, estimate: Melody) -> dict[str, float]:
    """Score a melody, as a frequency along time, against the annotated one.

    Parameters
    ----------
    reference, estimate
        Annotated frequencies, and those that were found.

    Returns
    -------
    dict
        `Voicing recall`, `Voicing false alarm`, `Raw pitch accuracy`, `Raw chroma accuracy` and `Overall accuracy`,
        each in [0, 1]. Where the reference never sounds there is no pitch to be right, and only false alarm and overall
        accuracy are there. No frames at all: nothing is sung.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.melody import evaluate
    >>> from onpu.music import Melody
    >>> times = np.arange(4) * 0.01
    >>> reference = Melody(times, np.array([440.0, 440.0, 0.0, 0.0]), np.ones(4))
    >>> estimate = Melody(times, np.array([440.0, 220.0, 0.0, 330.0]), np.ones(4))
    >>> scores = evaluate(reference, estimate)
    >>> scores["Raw pitch accuracy"], scores["Raw chroma accuracy"], scores["Overall accuracy"]
    (0.5, 1.0, 0.5)
    """
    if not len(reference.times):
        return dict.fromkeys(NAMES, float(not np.any(estimate.frequencies > 0))) | {"Voicing false alarm": 0.0}
    if not len(estimate.times):
        estimate = replace(reference, frequencies=np.zeros(len(reference.times)))
    scores = mir_eval.melody.evaluate(reference.times, reference.frequencies, estimate.times, estimate.frequencies)
    kept = {name: float(scores[theirs]) for name, theirs in NAMES.items()}
    if not np.any(reference.frequencies > 0):
        return {name: kept[name] for name in ("Voicing false alarm", "Overall accuracy")}
    return kept
