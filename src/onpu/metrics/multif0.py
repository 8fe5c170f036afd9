"""Measures of several pitches at once (mir_eval.multipitch).

Conventions: of each reference frame, pitches are matched one to one within half a semitone; accuracy is matches over
matches, misses and false alarms together (Poliner & Ellis 2007). Frames in which neither has a pitch count nothing. An
empty reference with an empty estimate scores 1.
"""

import mir_eval
import numpy as np

from onpu.music import MultiF0


def evaluate(reference: MultiF0, estimate: MultiF0, times: np.ndarray) -> dict[str, float]:
    """Score several pitches at once against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated pitches, and those that were found.
    times
        (n,) frames at which they are compared, in seconds, evenly spaced.

    Returns
    -------
    dict
        `Precision`, `Recall` and `Accuracy`, each in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.multif0 import evaluate
    >>> from onpu.music import MultiF0
    >>> reference = MultiF0(np.array([0.0, 0.0, 0.01]), np.array([220.0, 330.0, 220.0]), np.ones(3))
    >>> estimate = MultiF0(np.array([0.0, 0.01]), np.array([220.0, 220.0]), np.ones(2))
    >>> scores = evaluate(reference, estimate, np.array([0.0, 0.01]))
    >>> scores["Precision"], round(scores["Recall"], 3)
    (1.0, 0.667)
    """
    if not len(reference.times) or not len(estimate.times):
        return dict.fromkeys(("Precision", "Recall", "Accuracy"), float(len(reference.times) == len(estimate.times)))
    rows = [_frames(pitches, times) for pitches in (reference, estimate)]
    scores = mir_eval.multipitch.evaluate(times, rows[0], times, rows[1])
    return {name: float(scores[name]) for name in ("Precision", "Recall", "Accuracy")}


def _frames(pitches: MultiF0, times: np.ndarray) -> list[np.ndarray]:
    """Frequencies at each of the times: those of the rows' own frame that is next to it, within half its length."""
    own = np.unique(pitches.times)
    after = np.clip(np.searchsorted(own, times), 1, max(len(own) - 1, 1))
    nearest = own[np.where((times - own[after - 1] < own[np.minimum(after, len(own) - 1)] - times), after - 1,
                           np.minimum(after, len(own) - 1))]
    reach = np.diff(own).min() / 2 if len(own) > 1 else np.inf
    told = np.abs(nearest - times) <= reach + 1e-9
    firsts, lasts = (np.searchsorted(pitches.times, nearest, side) for side in ("left", "right"))
    return [pitches.frequencies[first:last] if known else np.zeros(0)
            for first, last, known in zip(firsts, lasts, told, strict=True)]
