"""Which key chords speak for: how long each chord sounds in major and minor keys, and the evidence of a progression.

The shares were counted on the labels of composed and arranged training music (619 regions of keys), weighted by time.
"""

import numpy as np

from onpu.errors import LabelError
from onpu.music import Chords, harte

MAJOR, MINOR, DIMINISHED, SEVENTH, OTHER = range(5)
SHARES = np.array([
    [[338.8, 0.1, 0.1, 46.8, 49.5], [1.2, 0.1, 2.1, 2.7, 0.1], [12.5, 46.1, 3.1, 6.3, 1.5], [1.5, 0.5, 2.2, 0.1, 0.6],
     [3.4, 26.2, 1.0, 5.0, 0.8], [114.3, 13.2, 0.4, 22.1, 15.3], [0.3, 0.1, 4.5, 0.1, 0.2],
     [93.2, 4.7, 0.1, 58.5, 12.2], [4.4, 0.1, 0.1, 0.1, 0.3], [0.8, 65.6, 0.2, 11.4, 1.6], [15.1, 0.2, 0.1, 1.1, 3.8],
     [0.2, 0.6, 2.8, 0.1, 0.1]],
    [[8.7, 408.2, 1.6, 1.7, 66.0], [31.5, 0.8, 0.1, 0.3, 2.7], [0.7, 6.9, 17.0, 2.2, 0.8], [43.8, 0.1, 0.1, 0.1, 8.2],
     [0.6, 0.1, 0.2, 0.1, 0.1], [20.6, 72.8, 0.1, 11.5, 6.1], [0.1, 0.3, 1.2, 0.1, 0.4], [43.4, 21.9, 1.1, 41.4, 5.9],
     [65.2, 3.6, 0.1, 1.8, 8.7], [0.5, 0.8, 2.8, 0.1, 0.1], [64.0, 2.9, 0.1, 0.6, 14.9], [0.3, 0.1, 3.4, 0.1, 0.1]],
]) / 1000
"""Major and minor key; semitones of the chord's root above the tonic; kind of chord -> share of the time."""
KEYS = 24


def kind_of(quality: str) -> int:
    """Kind of a Harte quality: by the third, and whether it wants to resolve."""
    if quality.startswith(("dim", "hdim")):
        return DIMINISHED
    if quality.startswith("min"):
        return MINOR
    if quality in ("7", "9", "11", "13"):
        return SEVENTH
    return MAJOR if quality == "" or quality.startswith(("maj", "6", "aug")) else OTHER


def evidence(chords: Chords, times: np.ndarray) -> np.ndarray:
    """Log likelihood ratios (24, n) of the chord at each time in each key, twelve major and twelve minor ones, over
    their mean; 0 where there is no chord."""
    rows = np.zeros((KEYS, len(chords.labels) + 1))  # the last one: no chord
    for column, label in enumerate(chords.labels):
        try:
            chord = harte.parse(str(label))
        except LabelError:
            continue
        if chord.root < 0:
            continue
        shares = np.concatenate([SHARES[mode, (chord.root - np.arange(12)) % 12, kind_of(chord.quality)]
                                 for mode in (0, 1)])
        rows[:, column] = np.log(shares / shares.mean())
    index = np.searchsorted(chords.starts, times, side="right") - 1
    inside = (index >= 0) & (times < np.append(chords.ends, -np.inf)[index])
    return rows[:, np.where(inside, index, len(chords.labels))]
