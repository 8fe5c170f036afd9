"""When beats that are hardly heard sound: where their neighbours put them.

Where nothing begins clearly, as in choirs, the peak of the activation lies anywhere around a beat. The beats before and
after it say better when it is: a straight line through five beats, each of which counts as much as it is sure, is the
local model of the tempo (Cleveland, "Robust locally weighted regression and smoothing scatterplots", JASA 1979).
"""

import numpy as np

from onpu.music.arrays import Floats

UNSURE = 0.5
"""Probability below which a beat is moved."""
NEIGHBOURS = 2
"""Beats to either side that say when it is."""


def leaning(frames: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Beats at `frames` (n,), those of a confidence (n,) below `UNSURE` on the line through their neighbours; all as
    they are where their order would change."""
    out: Floats = frames.astype(np.float64)
    for beat in np.flatnonzero(confidence < UNSURE).tolist():
        near = np.arange(max(0, beat - NEIGHBOURS), min(len(frames), beat + NEIGHBOURS + 1))
        if len(near) > NEIGHBOURS:
            out[beat] = np.polyfit(near - beat, frames[near], 1, w=confidence[near] + 1e-3)[1]
    return out if (np.diff(out) > 0).all() and out.min(initial=0) >= 0 else frames
