"""All pitches that sound at once, between semitones.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017,
section 4.2): local maxima over pitch of a salience, from a threshold on. The salience is the second head of the
melody's network (`onpu.listen.melody`), whose weights this task uses.

Deviations: one network for melody and all pitches; learned from the notes of composed music at their written pitch,
and from the melody's frequency where it is sung or bent.
"""

from dataclasses import replace

import numpy as np

from onpu.decode.tasks.melody import C1, OCTAVES
from onpu.decode.tasks.multif0 import DECODER
from onpu.listen import melody
from onpu.metrics import multif0 as metric
from onpu.music import Clock, MultiF0, Timeline

FRAME_SECONDS = 0.01
"""Seconds from frame to frame that are judged."""


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Precision, recall and accuracy of two timelines every 10 ms; a reference without labels of its own has those of
    its notes and melody."""
    times = np.arange(0, reference.duration, FRAME_SECONDS)
    truth = reference.multif0 if reference.multif0 is not None else _labels(reference, times)
    return metric.evaluate(truth, estimate.require(MultiF0), times)


def _labels(timeline: Timeline, times: np.ndarray) -> MultiF0:
    """Notes and melody at these times."""
    columns, frequencies = melody.sounding(timeline, Clock(round(1 / FRAME_SECONDS), 1), len(times))
    inside = (frequencies >= C1) & (frequencies < C1 * 2**OCTAVES)
    columns, frequencies = columns[inside], frequencies[inside]
    semitones = np.rint(12 * np.log2(frequencies / C1))
    order = np.unique(np.stack([columns, semitones]), axis=1, return_index=True)[1]  # a unison is one pitch
    return MultiF0(times[columns[order]], frequencies[order], np.ones(len(order)))


LISTENER = replace(
    melody.LISTENER,
    **vars(DECODER),
    metric=evaluate,
    criterion=("Accuracy",),
    reads=("notes", "melody"),
    needs=("notes",),
)
