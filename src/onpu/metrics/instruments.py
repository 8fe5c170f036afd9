"""How well it is known which instruments play in each second (segment-based, Mesaros, Heittola & Virtanen, "Metrics for
polyphonic sound event detection", Applied Sciences 6(6), 2016, section 3.1)."""

import numpy as np

from onpu.music import Instruments
from onpu.music.activity import PLAYERS


def evaluate(reference: Instruments, estimate: Instruments, duration: float,
             labels: tuple[str, ...] = PLAYERS) -> dict[str, float]:
    """Compare, at the middle of each second, which instruments play.

    Parameters
    ----------
    reference, estimate
        Who plays when, in truth and as it was found.
    duration
        Of the recording, in seconds.
    labels
        Instruments that count.

    Returns
    -------
    dict
        `F-measure`, `Precision` and `Recall` over all pairs of a second and a label, each in [0, 1]; 1 where nothing
        plays and nothing was found.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.instruments import evaluate
    >>> from onpu.music import Instruments
    >>> def plays(end):
    ...     return Instruments(np.zeros(1), np.array([end]), np.array(["piano"]), np.ones(1))
    >>> evaluate(plays(4.0), plays(2.0), 10.0)["Recall"]
    0.5
    """
    true, found = grids(reference, estimate, duration, labels)
    right = int((true & found).sum())
    precision = right / found.sum() if found.any() else float(not true.any())
    recall = right / true.sum() if true.any() else float(not found.any())
    return {"F-measure": 2 * precision * recall / max(precision + recall, 1e-9), "Precision": float(precision),
            "Recall": float(recall)}


def grids(reference: Instruments, estimate: Instruments, duration: float,
          labels: tuple[str, ...] = PLAYERS) -> tuple[np.ndarray, np.ndarray]:
    """What plays in each second, (labels, seconds) bool, of both."""
    middles = np.arange(max(1, round(duration))) + min(0.5, duration / 2)
    return reference.at(middles, labels), estimate.at(middles, labels)
