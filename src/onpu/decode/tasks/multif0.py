"""All pitches that sound at once, of what `onpu.listen.melody` hears (see `onpu.listen.multif0`)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.contour import between_bins
from onpu.decode.decoder import Decoder
from onpu.decode.tasks.melody import C1, bins_per_octave
from onpu.music import Clock, MultiF0
from onpu.recipe import Options, setting

TWIN_SALIENCE = 0.9
"""Salience from which on a bin sounds beside one that is higher: a semitone's clash, not a pitch between the bins."""


@dataclass(frozen=True)
class PitchOptions(Options):
    """What counts as a pitch."""

    salience_threshold: float = setting(0.5, "salience from which a pitch sounds; higher for fewer pitches", "[0, 1]")


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
    frequencies = C1 * 2 ** (bins / bins_per_octave(clock))
    confidence = np.clip(salience[rows, columns], 0, 1).astype(np.float64)
    return {"multif0": MultiF0(np.asarray(clock.seconds(columns)), frequencies, confidence)}


DECODER = Decoder(
    name="multif0",
    title="all pitches that sound at once",
    paper="Bittner et al., Deep salience representations for f0 estimation in polyphonic music, ISMIR 2017",
    label="multif0",
    fields=("multif0",),
    decode=decode,
    options=PitchOptions(),
    weights="melody",
    default=False,
)
