"""How far the confidence of what was found is to be believed: expected calibration error (Naeini, Cooper & Hauskrecht,
AAAI 2015). It is tuned on sets that choose and reported on the others. That of chords is `onpu.metrics.chords`'."""

from collections.abc import Iterable

import mir_eval
import numpy as np

from onpu.music import Beats

WINDOW = 0.07
"""Seconds within which a beat is right, as for the F-measure."""
BINS = 10


def beat_calibration(pairs: Iterable[tuple[Beats, Beats]]) -> float:
    """Error of the confidence of found beats, given as (truth, found): the mean distance, over bins of equal width and
    weighted by beats, between the mean confidence and the share of the beats that are right. NaN where there is none.
    """
    found = [(beats.confidence, right(truth, beats)) for truth, beats in pairs]
    sure = np.concatenate([np.zeros(0), *(one for one, _ in found)])
    hit = np.concatenate([np.zeros(0), *(one for _, one in found)])
    return calibration_error(sure, hit)


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """The error of confidences (n,) in [0, 1] about statements that are right or not, (n,) 0 or 1; NaN where n = 0."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    distance = np.abs(np.bincount(place, confidence - right, BINS))
    return float(distance.sum() / len(place)) if len(place) else float("nan")


def right(truth: Beats, found: Beats) -> np.ndarray:
    """(n,) 1 for each found beat that is one, each true beat being found once."""
    hits = np.zeros(len(found.times))
    if len(truth.times) and len(found.times):
        hits[[index for _, index in mir_eval.util.match_events(truth.times, found.times, WINDOW)]] = 1
    return hits
