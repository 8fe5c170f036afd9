"""Scores of one recording in the benchmark of beats; NaN where a measure has no meaning."""

import numpy as np

from benchmarks.composed import main_metre
from onpu.metrics import beats as beat_metric
from onpu.metrics import tempo as tempo_metric
from onpu.music import Beats, Metre, Tempo, Timeline

BEAT, DOWNBEAT, OCTAVES = "beat F", "downbeat F", "AMLt"
METRE, METRE_TIME = "metre right", "metre right, of beats"
MEASURES = (BEAT, DOWNBEAT, "CMLt", OCTAVES, "accuracy 1", "accuracy 2", METRE, METRE_TIME)
"""AMLt: as CMLt, with beats at twice or half the tempo and on the off-beat counted as right: what it has over the
others was lost by octaves. Metre right: numerator and denominator of the signature that lasts longest."""
RATIOS = {"1": 1.0, "2": 2.0, "1/2": 1 / 2, "3": 3.0, "1/3": 1 / 3, "3/2": 3 / 2, "2/3": 2 / 3, "4/3": 4 / 3,
          "3/4": 3 / 4}
NEAR = 0.04
"""By which a tempo may be off and still be told by its ratio."""


def score(truth: Timeline, found: Timeline) -> dict[str, float]:
    """Measure -> value. Downbeats have none where truth or tool knows no positions in the bar, metres where one of them
    knows no time signatures."""
    beats, estimate = truth.require(Beats), found.require(Beats)
    scores = beat_metric.evaluate(beats, estimate)
    known = beats.positions.any() and (estimate.positions.any() or not len(estimate.times))
    tempo = tempo_metric.evaluate(tempo_metric.reference_tempo(beats), found.require(Tempo))
    return {BEAT: scores["Beat F-measure"], DOWNBEAT: scores["Downbeat F-measure"] if known else float("nan"),
            "CMLt": scores["CMLt"], OCTAVES: scores["AMLt"], "accuracy 1": tempo["Accuracy 1"],
            "accuracy 2": tempo["Accuracy 2"]} | metre_scores(truth, found)


def metre_scores(truth: Timeline, found: Timeline) -> dict[str, float]:
    """Whether the main time signature is right, and the share of the true beats at which the signature is."""
    if truth.metre is None or found.metre is None:
        return {METRE: float("nan"), METRE_TIME: float("nan")}
    times = truth.require(Beats).times
    agree = (_signatures(truth.metre, times) == _signatures(found.metre, times)).all(axis=1)
    return {METRE: float(main_metre(truth) == main_metre(found)),
            METRE_TIME: float(agree.mean()) if len(times) else float("nan")}


def _signatures(metre: Metre, times: np.ndarray) -> np.ndarray:
    """(n, 2) numerator and denominator in force at times (n,); before the first one it is; 0 where there is none."""
    if not len(metre.times):
        return np.zeros((len(times), 2), int)
    place = np.maximum(np.searchsorted(metre.times, times + 1e-6, side="right") - 1, 0)
    return np.column_stack([metre.numerators[place], metre.denominators[place]])


def octave(truth: Timeline, found: Timeline) -> str:
    """The tempo that was found over the true one: `2`, `1/2`, `2/3` …; `?` where it is none of these, empty where fewer
    than two beats were found."""
    ratio = (tempo_metric.reference_tempo(found.require(Beats)) / tempo_metric.reference_tempo(truth.require(Beats)))
    if np.isnan(ratio):
        return ""
    return next((name for name, value in RATIOS.items() if abs(ratio / value - 1) <= NEAR), "?")
