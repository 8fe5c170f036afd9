"""Whether beats that were taken for quarters are dotted ones: 2/4 or 6/8, 3/4 or 9/8, 4/4 or 12/8.

The beat listener tells it from the rises of the spectrum (`onpu.decode.signature`), where all that sounds is one.
Notes and hits that were transcribed say it more plainly: written in 2/4, every eighth would be a triplet, and every
sixteenth half of one. This is the only place where what is transcribed speaks for the metre; all files are written
from what is decided here.
"""

from dataclasses import replace

import numpy as np

from onpu.music import Metre, Timeline
from onpu.music.bars import bars
from onpu.music.lead import FEWEST_NOTES
from onpu.music.quantise import TICKS, Grid, quantise
from onpu.music.signatures import keys_of
from onpu.music.thirds import sounding, thirds_share
from onpu.music.tune import tune

COMPOUND_SHARE = 0.6
"""Share of the onsets inside beats that are in thirds from which on a compound metre is meant."""

DIVIDED_SHARE = 0.5
"""Share of the beats inside which something begins, from which on thirds are meant: in a hymn of quarters it is what
begins late."""


def as_felt(timeline: Timeline) -> Metre | None:
    """The metre of a timeline, in a compound one where most of what begins inside its quarters is in thirds, unswung.

    All notes and hits decide; where there are none, the tune. A metre that is known (confidence 1) stays, as does one
    that is not in quarters throughout.
    """
    metre, beats = timeline.metre, timeline.beats
    if metre is None or beats is None or not len(metre) or not len(beats):
        return metre
    if (metre.confidence >= 1).all() or (metre.denominators != 4).any() or (metre.numerators < 2).any():
        return metre
    found, onsets = bars(timeline), sounding(timeline)
    if not len(onsets) and timeline.melody is not None:
        sung = tune(timeline, found, keys_of(found, timeline))
        onsets = sung.onsets if len(sung) >= FEWEST_NOTES else onsets
    placed = quantise(onsets, onsets, found, Grid(4))
    divided = np.unique(placed.starts[placed.starts % TICKS != 0] // TICKS)
    first, last = ((placed.starts % TICKS == third).sum() for third in (TICKS // 3, 2 * TICKS // 3))
    if last < first / 2:  # what begins late lies on the first third
        return metre
    if len(divided) < DIVIDED_SHARE * len(beats) or thirds_share(placed, found) < COMPOUND_SHARE:
        return metre
    return replace(metre, numerators=3 * metre.numerators, denominators=2 * metre.denominators)
