"""How many beats the rhythm takes to come round, which tells the length of a bar.

Bars of five or seven beats are found by this where the downbeat activation is in doubt (`beat_similarity`). How much it
counts beside the activation was chosen with the songs of `benchmarks.listening.beats --only metres`.
"""

from dataclasses import replace

import numpy as np

from onpu.decode.bars import METRES, BarModel, BarPath, decode_bars
from onpu.decode.beat_similarity import MIN_OVERLAP, beat_patterns, excess, similarity
from onpu.decode.levels import tempo_around
from onpu.decode.pulse import HeardPulse
from onpu.decode.signature import TERNARY, ternary

REPEATED = 1.5
"""Nats a beat for a metre whose similarity is by 1 above that of its neighbours."""
TWO_OR_FOUR = 2.0
"""Nats a beat for 6/8 beside 12/8 when two beats are by 1 more alike than four."""


def metre_favour(frames: np.ndarray, pulse: HeardPulse, model: BarModel) -> tuple[tuple[int, float], ...]:
    """Nats a beat that speak for each of the model's metres, from the rhythm of beats at `frames` (n,); none where
    flux is not known, or beats are few.

    Where beats fall into three, bars of two beats are as common as those of four.
    """
    if pulse.flux is None or len(frames) <= MIN_OVERLAP:
        return ()
    alike = similarity(beat_patterns(frames, pulse), 2 * max(model.metres) + 1)
    favour = {metre: REPEATED * excess(alike, metre) for metre in model.metres}
    if 6 in favour:  # two bars of three are no bar of six
        favour[6] -= max(REPEATED * excess(alike, 3), 0.0)
    if 2 in favour and ternary(frames.astype(np.float64), pulse) > TERNARY:
        favour[2] -= model.custom * float(np.log10(METRES[2]))
        if np.isfinite(alike[[2, 4]]).all():
            favour[2] += TWO_OR_FOUR * float(alike[2] - alike[4])
    return tuple(favour.items())


def with_repetition(path: BarPath, pulse: HeardPulse, model: BarModel) -> BarPath:
    """The best path at the tempo of this one when the rhythm's repetition is known too; the same one without flux."""
    favour = metre_favour(path.frames, pulse, model)
    if not favour:
        return path
    return decode_bars(pulse.beat, pulse.downbeat, replace(model, bpm=tempo_around(path, pulse.fps), favour=favour))
