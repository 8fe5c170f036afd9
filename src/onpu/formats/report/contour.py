"""A melody as few points between which lines are drawn."""

from dataclasses import dataclass

import numpy as np

from onpu.music.melody import Melody

MAX_DEVIATION_SEMITONES = 0.1
"""Semitones by which a line may miss a frame."""
GAP_SECONDS = 0.1
"""Seconds between frames over which no line is drawn."""


@dataclass(frozen=True, eq=False)
class Contour:
    """times: (n,) seconds. pitches: (n,) MIDI numbers with cents. confidence: (n,) mean of the frames from this point
    to the next. firsts: (m + 1,) index of the first point of each of m unbroken lines, and n."""

    times: np.ndarray
    pitches: np.ndarray
    confidence: np.ndarray
    firsts: np.ndarray


def contour(melody: Melody) -> Contour:
    """Points of the voiced frames; the lines between them miss no frame by more than `MAX_DEVIATION_SEMITONES`."""
    voiced = np.flatnonzero(melody.frequencies > 0)
    times, sure = melody.times[voiced], melody.confidence[voiced]
    pitches = 69 + 12 * np.log2(melody.frequencies[voiced] / 440)
    breaks = np.flatnonzero((np.diff(voiced) > 1) | (np.diff(times) > GAP_SECONDS)) + 1
    kept: list[int] = []
    firsts: list[int] = []
    for line in np.split(np.arange(len(voiced)), breaks) if len(voiced) else ():
        firsts.append(len(kept))
        kept += [int(line[0]) + point for point in _corners(times[line].tolist(), pitches[line].tolist())]
    means = np.add.reduceat(sure, kept) / np.diff(kept, append=len(voiced)) if kept else sure
    return Contour(times[kept], pitches[kept], np.clip(means, 0, 1), np.array([*firsts, len(kept)]))


def _corners(times: list[float], pitches: list[float]) -> list[int]:
    """Indices of the points to keep, the first and the last among them: each line goes on for as long as one through
    its first point fits the frames (the "swinging door" of Bristol, 1990, with the door at the frames themselves)."""
    kept, first = [0], 0
    low, high = -np.inf, np.inf
    for i in range(1, len(times)):
        span = times[i] - times[first]
        slope = (pitches[i] - pitches[first]) / span
        if not low <= slope <= high:
            first = i - 1
            kept.append(first)
            span = times[i] - times[first]
            slope = (pitches[i] - pitches[first]) / span
            low, high = -np.inf, np.inf
        low, high = max(low, slope - MAX_DEVIATION_SEMITONES / span), min(high, slope + MAX_DEVIATION_SEMITONES / span)
    return [*kept, len(times) - 1] if len(times) > 1 else kept
