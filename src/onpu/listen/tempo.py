"""One tempo for a whole recording, without beats.

Böck, Krebs & Widmer, "Accurate tempo estimation based on recurrent neural networks and resonating comb filters" (ISMIR
2015): the beat activation goes through comb filters of all lags, whose votes make a histogram with a peak at the tempo
(`onpu.decode.comb`).

Deviations: the activation is that of the beat network (`onpu.listen.beats`), whose weights this task uses; where it has
a tempo head, the votes are weighed by what the head hears, which decides between octaves.
"""

from dataclasses import replace

from onpu.decode.tasks.tempo import DECODER
from onpu.listen import beats
from onpu.metrics import tempo as metric
from onpu.music import Beats, Tempo, Timeline


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Accuracy 1, Accuracy 2 and P-score against the median tempo of the reference's beats; empty without beats."""
    truth = reference.require(Beats)
    if len(truth.times) < 2:
        return {}
    return metric.evaluate(metric.reference_tempo(truth), estimate.require(Tempo))


LISTENER = replace(
    beats.LISTENER,
    **vars(DECODER),
    metric=evaluate,
    criterion=("Accuracy 1", "Accuracy 2"),
    reads=("beats",),
    needs=("beats",),
)
