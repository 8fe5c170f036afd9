"""Activations of onsets, frames and offsets -> notes.

Hawthorne et al., "Onsets and frames: dual-objective piano transcription" (ISMIR 2018, section 3.2): a note begins only
where the onset head fires, lasts as long as the frame head says so, and a further onset of its pitch begins it anew:
one that is surer than the first, for what still sounds, held by the pedal, often looks as if it were struck again.
Onsets lie on the peaks of their activation, between frames where a parabola says so; a note also ends on a peak of the
offset head.
"""

from dataclasses import dataclass

import numpy as np

from onpu.decode.peaks import refine
from onpu.music.arrays import repeated

BEFORE_FRAMES = 2, 5
"""From and below so many frames before an onset its pitch sounds or not."""
SOUNDING = 0.5
"""Mean frame activation there from which on it does."""


@dataclass(frozen=True)
class Levels:
    """Activations from which on there is an onset, a further onset of what sounds, a sounding frame and the end of a
    note."""

    onset: float
    repeat: float
    frame: float
    offset: float


@dataclass(frozen=True, eq=False)
class Found:
    """Notes in frames: rows (n,) of the roll; starts, ends (n,) between frames; peaks (n,) whole frames of the onsets;
    strength (n,) of the onsets. Ordered by start."""

    rows: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    peaks: np.ndarray
    strength: np.ndarray


def find_notes(onset: np.ndarray, frame: np.ndarray, offset: np.ndarray, levels: Levels,
               shortest: float) -> Found:
    """Notes of activations (pitches, frames); shortest: frames that a note lasts at least."""
    rows, peaks = _peaks(onset, levels.onset)
    struck = (onset[rows, peaks] >= levels.repeat) | ~_sounding(frame, rows, peaks)
    rows, peaks = rows[struck], peaks[struck]
    starts = np.empty(len(rows))
    ends = np.empty(len(rows))
    for row in np.unique(rows):
        here = rows == row
        starts[here] = refine(onset[row], peaks[here], 0)
        ends[here] = _ends(frame[row], offset[row], peaks[here], levels)
    ends = np.maximum(ends, starts + shortest)
    order = np.lexsort((rows, starts))
    return Found(rows[order], starts[order], ends[order], peaks[order], onset[rows, peaks][order])


def _peaks(activation: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows and frames of local maxima along time; of a plateau the first frame."""
    found = []
    for row in activation:  # one after the other: a roll of hours is large
        edged = np.pad(row, 1)
        found.append(np.flatnonzero((row >= least) & (row > edged[:-2]) & (row >= edged[2:])))
    rows = repeated(np.arange(len(found)), [len(frames) for frames in found])
    return rows, np.concatenate(found) if found else np.zeros(0, np.int64)


def _sounding(frame: np.ndarray, rows: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Whether the pitches (n,) sound already before these frames: (n,) bool."""
    before = peaks - np.arange(*BEFORE_FRAMES)[:, None]
    heard = np.where(before >= 0, frame[rows, np.maximum(before, 0)], 0)
    sounds: np.ndarray = heard.mean(axis=0) >= SOUNDING
    return sounds


def _ends(frame: np.ndarray, offset: np.ndarray, peaks: np.ndarray, levels: Levels) -> np.ndarray:
    """Where the notes of one pitch end, in frames: of what comes first, falling silent, an offset, the next onset."""
    count = len(frame)
    silent = np.flatnonzero(frame < levels.frame)
    limits = np.append(peaks[1:], count)
    let_go = _peaks(offset[None], levels.offset)[1]
    ends = np.empty(len(peaks))
    for number, (peak, limit) in enumerate(zip(peaks, limits, strict=True)):
        after = silent[np.searchsorted(silent, peak + 2) :][:1]
        first = int(after[0]) if len(after) else count
        end = _crossing(frame, first, levels.frame) if first < count else float(count)
        near = let_go[np.searchsorted(let_go, peak + 2) :][:1]
        if len(near) and near[0] < end:
            end = float(refine(offset, near, 0)[0])
        ends[number] = min(end, float(limit))
    return ends


def _crossing(frame: np.ndarray, first: int, level: float) -> float:
    """Where between `first` - 1 and `first` the activation falls below the level, in frames."""
    above, below = float(frame[first - 1]), float(frame[first])
    if above <= level:
        return first - 0.5
    return first - 1 + float(np.clip((above - level) / max(above - below, 1e-9), 0, 1))
