"""The sustain pedal of a piano."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from onpu.music.arrays import Floats
from onpu.music.checks import intervals, probabilities
from onpu.music.columns import Columns
from onpu.music.notes import Notes


@dataclass(frozen=True, eq=False, repr=False)
class Pedal(Columns):
    """Stretches in which the sustain pedal is down: starts, ends (n,) seconds; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "pedal stroke"

    starts: Floats
    ends: Floats
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        intervals("pedal", self.starts, self.ends, apart=True)
        probabilities("pedal confidence", self.confidence)
        return self


def sustained(notes: Notes, pedal: Pedal) -> Notes:
    """The notes as they are heard: those whose key is let go while the pedal is down end with it, or where their pitch
    (of the same program) begins again."""
    ends = notes.offsets.copy()
    if len(pedal.starts):
        i = np.maximum(np.searchsorted(pedal.starts, ends, side="right") - 1, 0)
        ends = np.where((pedal.starts[i] <= ends) & (ends < pedal.ends[i]), pedal.ends[i], ends)
    order = np.lexsort((notes.onsets, notes.pitches, notes.programs))
    again = (np.diff(notes.pitches[order]) == 0) & (np.diff(notes.programs[order]) == 0)
    following = np.append(np.where(again, notes.onsets[order][1:], np.inf), np.inf)[: len(order)]
    held = np.maximum(np.minimum(ends[order], following), notes.offsets[order])
    ends[order] = held
    return replace(notes, offsets=ends)
