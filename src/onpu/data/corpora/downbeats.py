"""Where the bars begin in a score whose beats are known but whose bar lines cannot be trusted."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from onpu.engine.compose.sketch import Span

_SWITCH = 2.5
_CHORD_WEIGHT = {1: 0.1, 2: 0.4, 3: 0.7}
_BASS_WEIGHT = 0.15
_WHOLE = 4.0


class Run(NamedTuple):
    """Bars in one regular row: the first downbeat, quarters; how many bars; and the margin, a bar, by which chords and
    bass speak for these downbeats and against the best other ones, in units of one long chord."""

    start: float
    bars: int
    margin: float


def evidence(spans: Sequence[Span], bass: np.ndarray, hints: np.ndarray, count: int) -> np.ndarray:
    """How much speaks for a bar's beginning on each of `count` beats of a quarter.

    A chord counts the more the longer it lasts, and so does the bass note that begins there. bass: (n, 2) start and
    length, quarters. hints: beats that some other source holds for downbeats, which weigh as much as a bass note.
    """
    scores = np.zeros(count)
    for span in spans:
        length = round(span.end - span.start)
        _credit(scores, span.start, _CHORD_WEIGHT.get(length, 1.0 if length else 0.0))
    for start, length in bass.tolist():
        _credit(scores, start, _BASS_WEIGHT * min(1.0, length / _WHOLE))
    for hint in hints.tolist():
        _credit(scores, hint, _BASS_WEIGHT)
    return scores


def _credit(scores: np.ndarray, time: float, weight: float) -> None:
    beat = round(time)
    if 0 <= beat < len(scores) and abs(time - beat) < 0.1:
        scores[beat] += weight


def regular_runs(scores: np.ndarray, beats: int) -> list[Run]:
    """Cut the beats into runs of bars with so many `beats`, the most likely way.

    Viterbi over the phases of the bar: a phase collects the evidence on its downbeats, and changing it anywhere costs
    as much as two and a half long chords. Bars that a change cuts short belong to no run.
    """
    count = len(scores)
    total = np.zeros(beats)
    origin = np.zeros((count, beats), dtype=np.int64)
    for beat in range(count):
        best = int(total.argmax())
        switched = total[best] - _SWITCH > total
        origin[beat] = np.where(switched, best, np.arange(beats))
        total = np.where(switched, total[best] - _SWITCH, total)
        total[beat % beats] += scores[beat]
    phases = np.zeros(count, dtype=np.int64)
    phase = int(total.argmax())
    for beat in range(count - 1, -1, -1):
        phases[beat] = phase
        phase = int(origin[beat, phase])
    edges = [0, *(np.flatnonzero(np.diff(phases)) + 1).tolist(), count]
    runs = [_run(scores, start, end, int(phases[start]), beats) for start, end in pairwise(edges)]
    return [run for run in runs if run.bars]


def _run(scores: np.ndarray, start: int, end: int, phase: int, beats: int) -> Run:
    """The whole bars between two beats."""
    first = start + (phase - start) % beats
    bars = max(0, (end - first) // beats)
    if not bars:
        return Run(float(first), 0, 0.0)
    by_place = scores[first : first + bars * beats].reshape(bars, beats).sum(axis=0) / bars
    return Run(float(first), bars, float(by_place[0] - by_place[1:].max()))
