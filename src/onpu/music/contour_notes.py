"""Notes of one contour of pitch, and which of them are sung or played with vibrato.

States are semitones; a frame costs the square of its distance from the state, and every change of state a fixed price,
so that a swing about a pitch stays one note and a step to the next semitone becomes two (the pitch model of Mauch et
al., "Computer-aided melody note transcription using the Tony software", TENOR 2015, with semitones in place of its
thirds). Vibrato is what swings sinusoidally: its autocorrelation has a peak at a period of 4 to 8 Hz and a dip at half
of it (rates and extents after Prame, "Vibrato extent and intonation in professional Western lyric singing", JASA 1997).
"""

from dataclasses import dataclass

import numpy as np

from onpu.music.arrays import Floats

SPREAD_SEMITONES = 0.5
"""Standard deviation of a contour about its note."""
CHANGE_COST = 8.0
"""Log cost of another note without a pause; a semitone's step must last some 80 ms to pay it."""
BRIDGED_SECONDS = 0.03
"""Pauses so short do not end a note."""
SHORTEST_SECONDS = 0.06
"""Shorter notes are glides and noise."""
VIBRATO_HZ = 4.0, 8.0
MIN_EXTENT_SEMITONES = 0.3
"""Extent, half of what lies between highest and lowest pitch, from which on a swing is vibrato."""
WINDOW_SECONDS = 0.5
"""Length of what is searched for vibrato: two cycles of the slowest."""
MIN_PERIODICITY = 0.5
"""Autocorrelation at the period, and, negative, at half the period, from which on a swing is regular."""
MIDDLE_SHARE = 0.2, 0.55
"""Share of the time in which a swing is within half its extent: of a sinusoid .33, of a trill next to none."""


@dataclass(frozen=True, eq=False)
class ContourNotes:
    """Notes of a contour, ordered. firsts, lasts (n,): frames [first, last). pitches (n,): MIDI numbers about which
    they lie or swing, with fractions. extents (n,): of the vibrato in semitones to either side, 0 where there is none.
    rates (n,): of the vibrato in Hz, 0 where there is none."""

    firsts: np.ndarray
    lasts: np.ndarray
    pitches: np.ndarray
    extents: np.ndarray
    rates: np.ndarray


def contour_notes(pitches: np.ndarray, fps: float) -> ContourNotes:
    """Notes of a contour.

    Parameters
    ----------
    pitches
        (frames,) MIDI numbers with fractions, NaN where there is none.
    fps
        Frames a second.
    """
    rows = []
    for first, last in voiced_runs(pitches, round(BRIDGED_SECONDS * fps)):
        line = _filled(pitches[first:last])
        edges = np.flatnonzero(np.diff(_semitones(line))) + 1
        for start, end in zip(np.append(0, edges), np.append(edges, len(line)), strict=True):
            if end - start >= SHORTEST_SECONDS * fps:
                extent, rate = vibrato(line[start:end], fps)
                centre = float(np.mean(line[start:end]) if extent else np.median(line[start:end]))
                rows.append((first + start, first + end, centre, extent, rate))
    columns = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    return ContourNotes(columns[0].astype(int), columns[1].astype(int), *columns[2:])


def vibrato(line: np.ndarray, fps: float) -> tuple[float, float]:
    """Extent in semitones to either side, and rate in Hz, of the clearest vibrato of a note's contour (frames,) in
    semitones; 0 and 0 where there is none."""
    size = round(WINDOW_SECONDS * fps)
    if len(line) < size:
        return 0.0, 0.0
    found = [_swing(line[start : start + size], fps) for start in range(0, len(line) - size + 1, max(1, size // 4))]
    regular = [(extent, rate) for extent, rate in found if extent]
    return max(regular) if regular else (0.0, 0.0)


def _swing(window: np.ndarray, fps: float) -> tuple[float, float]:
    """Extent and rate of a window that swings regularly, else zeros."""
    swing = window - window.mean()
    extent = float(swing.max() - swing.min()) / 2
    middle = float(np.mean(np.abs(swing) < extent / 2))
    if extent < MIN_EXTENT_SEMITONES or not MIDDLE_SHARE[0] <= middle <= MIDDLE_SHARE[1]:
        return 0.0, 0.0
    lags = np.arange(round(fps / VIBRATO_HZ[1]), round(fps / VIBRATO_HZ[0]) + 1)
    likeness = np.array([_likeness(swing, int(lag)) for lag in lags])
    best = int(likeness.argmax())
    if likeness[best] < MIN_PERIODICITY or _likeness(swing, max(1, round(float(lags[best]) / 2))) > -MIN_PERIODICITY:
        return 0.0, 0.0
    return extent, fps / float(lags[best])


def _likeness(swing: np.ndarray, lag: int) -> float:
    """Correlation of a swing with itself `lag` frames later."""
    early, late = swing[:-lag], swing[lag:]
    return float(early @ late / max(np.sqrt(float(early @ early) * float(late @ late)), 1e-9))


def voiced_runs(pitches: np.ndarray, bridged: int) -> np.ndarray:
    """Firsts and ends (n, 2) of the runs of frames with a pitch, over pauses of at most `bridged` frames."""
    sounds = np.concatenate([[False], np.isfinite(pitches), [False]])
    starts, ends = np.flatnonzero(sounds[1:] & ~sounds[:-1]), np.flatnonzero(~sounds[1:] & sounds[:-1])
    apart = np.flatnonzero(starts[1:] - ends[:-1] > bridged)
    kept = np.append(0, apart + 1)[: len(starts)], np.append(apart, len(ends) - 1)[: len(ends)]
    return np.stack([starts[kept[0]], ends[kept[1]]], axis=1)


def _filled(line: np.ndarray) -> Floats:
    """The contour with straight lines over its gaps."""
    there = np.isfinite(line)
    filled: Floats = np.interp(np.arange(len(line)), np.flatnonzero(there), line[there])
    return filled


def _semitones(line: np.ndarray) -> np.ndarray:
    """The semitone (frames,) that each frame belongs to."""
    states = np.arange(np.floor(line.min()), np.ceil(line.max()) + 1)
    costs = np.minimum((line[:, None] - states) ** 2, 4.0) / (2 * SPREAD_SEMITONES**2)
    total = costs[0]
    came = np.empty(costs.shape, dtype=int)
    stays = np.arange(len(states))
    for frame in range(1, len(line)):
        best = int(total.argmin())
        moved = total[best] + CHANGE_COST < total
        came[frame] = np.where(moved, best, stays)
        total = np.where(moved, total[best] + CHANGE_COST, total) + costs[frame]
    path = np.empty(len(line), dtype=int)
    path[-1] = int(total.argmin())
    for frame in range(len(line) - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    found: Floats = states[path]
    return found
