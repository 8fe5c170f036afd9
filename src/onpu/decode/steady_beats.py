"""Beats of recordings that keep one tempo throughout, as a sequencer does: one grid from beginning to end.

Where the drums rest, or play across the beat, the bar-pointer model may leave the grid and come back elsewhere. If the
whole recording keeps one pulse (`onpu.decode.steady_pulse`), activations off the grid that fits them best count little,
and places on it are believed to be beats even where little is heard.
"""

from dataclasses import replace

import numpy as np

from onpu.decode.bars import BarPath
from onpu.decode.levels import MIN_BEATS, bpm_of
from onpu.decode.pulse import REACH_SECONDS, HeardPulse
from onpu.music.arrays import Floats
from onpu.music.steady import JITTER_SECONDS

MOST_PULSES = 12
"""Pulses a beat at most."""
TEMPO_TOLERANCE = 0.02
"""By how much a beat of whole pulses may differ from the beats that were found, as a share."""
LEAST_LEAD = 0.15
"""By how much the activation on the grid is higher than on the same grid moved by some pulses, as a share."""
STARTS_ON_BEAT = 2.0
"""Factor of the activation on a grid that has a beat where the music starts out of silence."""
NEAR_SECONDS = 0.05
"""Seconds around a beat of the grid in which the activation is that of the beat."""
OFF_GRID, BELIEVED = 0.2, 0.5
"""Factor of activations elsewhere, and what the activation on the grid is at least, as a share of its peaks."""


def on_the_grid(path: BarPath, pulse: HeardPulse) -> HeardPulse:
    """The pulse with activations drawn to the grid of a steady recording, at the tempo of a path of beats; the same
    pulse where the recording is not steady, or the grid is in doubt."""
    grid = None if len(path.frames) < 2 else beat_grid(path, pulse)
    if grid is None:
        return pulse
    frames = np.arange(len(pulse.beat))
    nearest = np.abs(frames - grid[np.searchsorted((grid[1:] + grid[:-1]) / 2, frames)])
    on = nearest <= NEAR_SECONDS * pulse.fps
    believed = BELIEVED * pulse.peak * np.exp(-0.5 * nearest**2)
    beat = np.where(on, np.maximum(pulse.beat, believed), OFF_GRID * pulse.beat)
    return replace(pulse, beat=beat, downbeat=np.where(on, pulse.downbeat, OFF_GRID * pulse.downbeat), grid=grid)


def on_one_line(frames: np.ndarray, pulse: HeardPulse) -> np.ndarray:
    """Beats at `frames` (n,), those near the pulse's grid on the line that fits them best, for the recording keeps one
    tempo: the grid says which beat each is, their peaks when it sounds. The same ones where there is no grid."""
    grid = pulse.grid
    if grid is None or len(grid) < 2:
        return frames
    place = np.searchsorted((grid[1:] + grid[:-1]) / 2, frames)
    near = np.abs(frames - grid[place]) <= NEAR_SECONDS * pulse.fps
    core = near
    for _ in range(2):
        if len(np.unique(place[core])) < MIN_BEATS:
            return frames
        slope, first = np.polyfit(place[core], frames[core], 1)
        core = near & (np.abs(frames - first - slope * place) <= 3 * JITTER_SECONDS * pulse.fps)
    moved: Floats = np.where(near, first + slope * place, frames)
    return moved if (np.diff(moved) > 0).all() else frames


def beat_grid(path: BarPath, pulse: HeardPulse) -> np.ndarray | None:
    """Frames of the beats of the steady pulse at the path's tempo; None where there is no such grid."""
    found = pulse.steady
    if found is None:
        return None
    ratio = found.frequency * 60 / bpm_of(path, pulse.fps)
    count = round(ratio)
    if not 1 <= count <= MOST_PULSES or abs(ratio / count - 1) > TEMPO_TOLERANCE:
        return None
    period, reach = count / found.frequency * pulse.fps, REACH_SECONDS * pulse.fps
    firsts = [(found.phase + first / found.frequency) * pulse.fps - period for first in range(count)]
    grids = [np.arange(first if first >= -reach else first + period, len(pulse.beat), period) for first in firsts]
    fits = np.array([pulse.level(grid).mean() for grid in grids])
    if pulse.start is not None:
        late = np.array([pulse.start - grid[0] for grid in grids])
        fits *= np.where(np.abs(late - period * np.rint(late / period)) <= reach, STARTS_ON_BEAT, 1.0)
    best = int(fits.argmax())
    others = np.delete(fits, best)
    return grids[best] if not len(others) or others.max() <= (1 - LEAST_LEAD) * fits[best] else None
