"""Simple metres that are felt in three: beats that are all in thirds are written in 6/8, 9/8 or 12/8.

A beat tracker that follows dotted quarters counts 2/4; written so, every eighth is a triplet and every sixteenth half
of one.
"""

from dataclasses import replace

import numpy as np

from onpu.music.arrays import Floats
from onpu.music.bars import Bars
from onpu.music.quantise import HALF, TICKS, Quantised, quantise
from onpu.music.timeline import Timeline

COMPOUND_SHARE = 0.6
"""Share of the onsets inside beats that are in thirds from which on a compound metre is meant."""


def sounding(timeline: Timeline) -> Floats:
    """Onsets of notes and drum hits in seconds, in no order."""
    notes, drums = timeline.notes, timeline.drums
    onsets: Floats = np.concatenate([np.zeros(0) if notes is None else notes.onsets,
                                     np.zeros(0) if drums is None else drums.times])
    return onsets


def as_felt(found: Bars, timeline: Timeline, onsets: np.ndarray | None = None) -> Bars:
    """The bars in a compound metre, where most of what begins inside the beats of a simple one is in thirds, unswung.

    A metre that is known (confidence 1) stays, as do bars of which some are not in quarters.

    onsets: (n,) seconds, by which it is decided; None: all that sounds.
    """
    onsets = sounding(timeline) if onsets is None else onsets
    known = timeline.metre is not None and len(timeline.metre) > 0 and bool((timeline.metre.confidence >= 1).all())
    if known or (found.quarters != 1).any():
        return found
    if thirds_share(quantise(onsets, onsets, found), found) < COMPOUND_SHARE:
        return found
    return replace(found, numerators=3 * found.numerators, denominators=np.full_like(found.denominators, 8),
                   quarters=np.full_like(found.quarters, 1.5, dtype=np.float64))


def thirds_share(placed: Quantised, found: Bars) -> float:
    """Share of the notes inside beats of simple metres that are in thirds; 0 where it swings."""
    simple = np.repeat(found.quarters, found.beats)[np.clip(placed.starts // TICKS, 0, len(found.grid) - 2)] == 1
    inside = placed.starts[simple & (placed.starts % TICKS != 0)] % HALF
    return 0.0 if placed.swings or not len(inside) else float((inside % (HALF // 2) != 0).mean())
