"""Beat and downbeat measures (mir_eval.beat).

Conventions: an estimate hits within ±70 ms, each reference beat once; Cemgil's σ is 40 ms; CML/AML allow 17.5 % of the
interval in phase and period; information gain has 41 bins. Nothing is trimmed: mir_eval's command drops the first five
seconds, which would throw away a third of a short excerpt. An empty reference with an empty estimate scores 1.
"""

import mir_eval
import numpy as np

from onpu.music import Beats

MINIMUM = {"CMLc": 2, "CMLt": 2, "AMLc": 2, "AMLt": 2, "Information gain": 2, "Cemgil": 1}


def evaluate(reference: Beats, estimate: Beats) -> dict[str, float]:
    """Score beats and downbeats against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated beats, and those that were found.

    Returns
    -------
    dict
        `Beat F-measure` and `Downbeat F-measure` (±70 ms), `Cemgil`, `CMLc`, `CMLt`, `AMLc`, `AMLt` and `Information
        gain`, each in [0, 1]. No downbeat measure where the reference has beats and knows the position of none.

    Raises
    ------
    LabelError
        When times do not ascend.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.beats import evaluate
    >>> from onpu.music import Beats
    >>> reference = Beats.of(np.arange(8) * 0.5, np.tile([1, 2, 3, 4], 2))
    >>> estimate = Beats.of(np.arange(6) * 0.5 + 0.02, np.tile([1, 2], 3))
    >>> scores = evaluate(reference, estimate)
    >>> round(scores["Beat F-measure"], 3), scores["Downbeat F-measure"]
    (0.857, 0.8)
    """
    truth, found = reference.validate().times, estimate.validate().times
    scores = {"Beat F-measure": f_measure(truth, found)}
    if len(truth) == 0 or reference.positions.any():
        scores["Downbeat F-measure"] = f_measure(reference.downbeats, estimate.downbeats)
    if min(len(truth), len(found)) < max(MINIMUM.values()):
        return scores | dict.fromkeys(MINIMUM, float(len(truth) == len(found) == 0))
    scores["Cemgil"] = float(mir_eval.beat.cemgil(truth, found)[0])
    continuity = map(float, mir_eval.beat.continuity(truth, found))
    scores |= dict(zip(("CMLc", "CMLt", "AMLc", "AMLt"), continuity, strict=True))
    scores["Information gain"] = float(mir_eval.beat.information_gain(truth, found))
    return scores


def f_measure(truth: np.ndarray, found: np.ndarray, window: float = 0.07) -> float:
    """F-measure of two ascending series of times in seconds; 1 when both are empty, 0 when one is."""
    if len(truth) == 0 or len(found) == 0:
        return float(len(truth) == len(found))
    return float(mir_eval.beat.f_measure(truth, found, window))
