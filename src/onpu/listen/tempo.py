"""One tempo for a whole recording, without beats.

Böck, Krebs & Widmer, "Accurate tempo estimation based on recurrent neural networks and resonating comb filters" (ISMIR
2015): the beat activation goes through comb filters of all lags, whose votes make a histogram with a peak at the tempo
(`onpu.decode.comb`).

Deviations: the activation is that of the beat network (`onpu.listen.beats`), whose weights this task uses; where it has
a tempo head, the votes are weighed by what the head hears, which decides between octaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onpu.decode.beat_decision import AUDIBLE_ACTIVATION
from onpu.decode.comb import peaks, tempo_histogram
from onpu.listen import beats
from onpu.metrics import tempo as metric
from onpu.music import Beats, Clock, Tempo, Timeline
from onpu.recipe import Options, setting
from onpu.task import Listener

MIN_RIVAL_SHARE = 0.1  # what the tempo head leaves to a tempo that it does not hear, relative to its highest class


@dataclass(frozen=True)
class TempoOptions(Options):
    """What the user may know of a recording."""

    bpm_range: tuple[float, float] = setting((40.0, 240.0), "slowest and fastest possible tempo, beats per minute")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: TempoOptions) -> dict[str, object]:
    """tempo: Tempo with up to two candidates; the curve is the first one throughout. Empty where nothing beats."""
    beat = np.asarray(activations["beat"], dtype=np.float64)
    beat = np.where(beat > AUDIBLE_ACTIVATION, beat, 0.0)
    tempi, votes = tempo_histogram(beat, clock.fps, options.bpm_range)
    if "tempo" in activations and votes.any():
        heard = np.average(activations["tempo"], axis=1, weights=beat)
        weight = np.interp(np.log(tempi), np.log(beats.TEMPI), heard)
        votes = votes * (MIN_RIVAL_SHARE + weight / max(weight.max(), 1e-9))
        votes /= votes.sum()
    found, strength = (column[:2] for column in peaks(tempi, votes))
    return {"tempo": Tempo(found, strength, np.zeros(len(found[:1])), found[:1])}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Accuracy 1, Accuracy 2 and P-score against the median tempo of the reference's beats; empty without beats."""
    truth = reference.require(Beats)
    if len(truth.times) < 2:
        return {}
    return metric.evaluate(metric.reference_tempo(truth), estimate.require(Tempo))


_SHARED: Listener[beats.BeatRecipe, Any] = beats.LISTENER
LISTENER = replace(
    _SHARED,
    name="tempo",
    title="one tempo for the whole recording",
    paper="Böck, Krebs & Widmer, Accurate tempo estimation with resonating comb filters, ISMIR 2015",
    label="tempo",
    fields=("tempo",),
    decode=decode,
    metric=evaluate,
    criterion=("Accuracy 1", "Accuracy 2"),
    options=TempoOptions(),
    reads=("beats",),
    needs=("beats",),
    weights="beats",
)
