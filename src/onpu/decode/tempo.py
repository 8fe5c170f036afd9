"""One tempo, its rival and the tempo curve, from beats and their activation."""

import numpy as np

from onpu.decode.comb import peaks, tempo_histogram
from onpu.music import Tempo

SAME_TEMPO_TOLERANCE = 0.08  # two candidates this near are one (the tolerance of the MIREX tempo task)


def tempo_of(beats: np.ndarray, activation: np.ndarray, fps: float, bpm: tuple[float, float]) -> Tempo:
    """The tempo of found beats, and what else the resonating comb filters hear.

    The first candidate is the rate of the beats, so that tempo and beats agree; the second is the highest peak of the
    comb histogram elsewhere. Strengths are the two tempi's shares of the votes.

    beats: (n,) seconds. activation: (frames,) beat activation at `fps`. bpm: slowest and fastest candidate.
    """
    intervals = np.diff(beats)
    if len(intervals) == 0:
        return Tempo.empty()
    first = 60 / float(np.median(intervals))
    tempi, votes = tempo_histogram(activation, fps, bpm)
    candidates, _ = peaks(tempi, votes)
    rivals = np.flatnonzero(np.abs(candidates / first - 1) > SAME_TEMPO_TOLERANCE)
    found = np.array([first, *candidates[rivals[:1]]])
    share = np.array([votes[np.abs(tempi / tempo - 1) <= SAME_TEMPO_TOLERANCE].sum() for tempo in found])
    strength = share / share.sum() if share.sum() > 0 else np.eye(len(found))[0]
    return Tempo(found, strength, beats[:-1], 60 / intervals)
