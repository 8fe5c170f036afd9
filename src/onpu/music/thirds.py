"""How much of what begins inside beats lies on their thirds."""

import numpy as np

from onpu.music.arrays import Floats, repeated
from onpu.music.bars import Bars
from onpu.music.quantise import FINEST_STRAIGHT, HALF, TICKS, Quantised
from onpu.music.timeline import Timeline


def sounding(timeline: Timeline) -> Floats:
    """Onsets of notes and drum hits in seconds, in no order."""
    notes, drums = timeline.notes, timeline.drums
    onsets: Floats = np.concatenate([np.zeros(0) if notes is None else notes.onsets,
                                     np.zeros(0) if drums is None else drums.times])
    return onsets


def thirds_share(placed: Quantised, found: Bars) -> float:
    """Share of the notes inside beats of simple metres that are in thirds; 0 where it swings."""
    simple = repeated(found.quarters, found.beats)[np.clip(placed.starts // TICKS, 0, len(found.grid) - 2)] == 1
    inside = placed.starts[simple & (placed.starts % TICKS != 0)] % HALF
    return 0.0 if placed.swings or not len(inside) else float((inside % FINEST_STRAIGHT != 0).mean())
