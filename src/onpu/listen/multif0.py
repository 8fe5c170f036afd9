"""All pitches that sound at once, between semitones.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017,
section 4.2): local maxima over pitch of a salience, from a threshold on. The salience is the second head of the
melody's network (`onpu.listen.melody`), whose weights this task uses.

Deviations: one network for melody and all pitches; learned from the notes of composed music at their written pitch,
and from the melody's frequency where it is sung or bent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onpu.decode.contour import between_bins
from onpu.listen import melody
from onpu.metrics import multif0 as metric
from onpu.music import Clock, MultiF0, Timeline
from onpu.recipe import Options, setting
from onpu.task import Listener

TWIN_SALIENCE = 0.9
"""Salience from which on a bin sounds beside one that is higher: a semitone's clash, not a pitch between the bins."""
FRAME_SECONDS = 0.01
"""Seconds from frame to frame that are judged."""


@dataclass(frozen=True)
class PitchOptions(Options):
    """What counts as a pitch."""

    salience_threshold: float = setting(0.3, "salience from which a pitch sounds; higher for fewer pitches", "[0, 1]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: PitchOptions) -> dict[str, object]:
    """multif0: MultiF0, whose confidence is the salience."""
    salience = activations["pitches"]
    top = np.ones(salience.shape, dtype=bool)
    top[1:] &= salience[1:] > salience[:-1]
    top[:-1] &= salience[:-1] >= salience[1:]
    peak = (salience >= options.salience_threshold) & (top | (salience >= TWIN_SALIENCE))
    columns, rows = np.nonzero(peak.T)
    loud = np.pad(salience >= TWIN_SALIENCE, ((1, 1), (0, 0)))
    clash = loud[rows + 1, columns] & (loud[rows, columns] | loud[rows + 2, columns])
    bins = np.where(clash, rows, between_bins(salience, rows, columns))
    frequencies = melody.C1 * 2 ** (bins / melody.bins_per_octave(clock))
    confidence = np.clip(salience[rows, columns], 0, 1).astype(np.float64)
    return {"multif0": MultiF0(np.asarray(clock.seconds(columns)), frequencies, confidence)}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Precision, recall and accuracy of two timelines every 10 ms; a reference without labels of its own has those of
    its notes and melody."""
    times = np.arange(0, reference.duration, FRAME_SECONDS)
    truth = reference.multif0 if reference.multif0 is not None else _labels(reference, times)
    return metric.evaluate(truth, estimate.require(MultiF0), times)


def _labels(timeline: Timeline, times: np.ndarray) -> MultiF0:
    """Notes and melody at these times."""
    columns, frequencies = melody.sounding(timeline, Clock(round(1 / FRAME_SECONDS), 1), len(times))
    inside = (frequencies >= melody.C1) & (frequencies < melody.C1 * 2**melody.OCTAVES)
    columns, frequencies = columns[inside], frequencies[inside]
    semitones = np.rint(12 * np.log2(frequencies / melody.C1))
    order = np.unique(np.stack([columns, semitones]), axis=1, return_index=True)[1]  # a unison is one pitch
    return MultiF0(times[columns[order]], frequencies[order], np.ones(len(order)))


_SHARED: Listener[melody.MelodyRecipe, Any] = melody.LISTENER
LISTENER = replace(
    _SHARED,
    name="multif0",
    title="all pitches that sound at once",
    label="multif0",
    fields=("multif0",),
    decode=decode,
    metric=evaluate,
    criterion=("Accuracy",),
    options=PitchOptions(),
    reads=("notes", "melody"),
    needs=("notes",),
    weights="melody",
    default=False,
)
