"""Where music begins: what is sequenced begins on the first beat of a bar, unless an upbeat comes before.

Of the recordings of games in `real/free` that start out of silence and keep one tempo, all but one start on a downbeat.
So the first onset after silence speaks for bars that begin there, and in steady music for beats (`steady_beats`).
"""

from dataclasses import replace

import numpy as np

from onpu.decode.bars import BarModel, BarPath, decode_bars
from onpu.decode.levels import tempo_around
from onpu.decode.pulse import REACH_SECONDS, HeardPulse

AUDIBLE, SILENT, LOUD_QUANTILE = 0.1, 0.02, 0.98
"""Flux from which on there is an onset, and below which there is silence before, as shares of the loud moments'."""
FIRST_BAR = 1.4
"""Factor of the downbeat activation wherever bars would begin that begin with the music."""


def first_onset(flux: np.ndarray) -> float | None:
    """Frame of the first onset of a flux (frames,), if silence lies before it or it is the very first moment."""
    loud = float(np.quantile(flux, LOUD_QUANTILE)) if len(flux) else 0.0
    if loud <= 0:
        return None
    first = int(np.argmax(flux > AUDIBLE * loud))
    return float(first) if not (flux[: max(first - 2, 0)] > SILENT * loud).any() else None


def from_the_start(path: BarPath, pulse: HeardPulse, model: BarModel) -> BarPath:
    """The path sought again, with bars believed to begin where the music does; the same one where no
    beat does, or the metre changes."""
    begins = path.frames[bars_from_the_start(path.frames, path.metres, pulse)]
    if not len(begins):
        return path
    frames = np.arange(len(pulse.beat))
    nearest = begins[np.searchsorted((begins[1:] + begins[:-1]) / 2, frames)]
    near = np.abs(frames - nearest) <= REACH_SECONDS * pulse.fps
    downbeat = np.where(near, np.minimum(FIRST_BAR * pulse.downbeat, pulse.beat), pulse.downbeat)
    metres = (int(path.metres[0]),)
    return decode_bars(pulse.beat, downbeat, replace(model, metres=metres, bpm=tempo_around(path, pulse.fps)))


def bars_from_the_start(frames: np.ndarray, metres: np.ndarray, pulse: HeardPulse) -> np.ndarray:
    """Which of the beats at `frames` (n,) begin bars if one begins with the music; none where no beat does, or the
    beats a bar, metres (n,), change."""
    if pulse.start is None or len(frames) < 2 or len(set(metres.tolist())) != 1:
        return np.zeros(0, np.int64)
    first = int(np.abs(frames - pulse.start).argmin())
    if abs(frames[first] - pulse.start) > REACH_SECONDS * pulse.fps:
        return np.zeros(0, np.int64)
    return np.arange(first % int(metres[0]), len(frames), int(metres[0]))
