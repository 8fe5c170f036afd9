"""Which instrument plays a note, when each of its frames says what it hears."""

import numpy as np

from onpu.decode.notes import Found
from onpu.music.arrays import Integers
from onpu.music.instruments import FAMILIES

MIN_FAMILY_SHARE = 0.03
"""Share of all votes below which a family is not in the band, and its notes are another's."""


def steady_programs(numbers: np.ndarray, frame: np.ndarray, found: Found) -> np.ndarray:
    """Programs (n,) of notes: each note's frames vote, then what is rare in the piece goes to the families that are
    not, so that a player stays the same throughout.

    numbers: (pitches, frames) family heard, -1 none. frame: (pitches, frames), how much each frame counts.
    """
    votes = np.zeros((len(found.rows), len(FAMILIES)))
    lasts = np.ceil(found.ends).astype(int)
    for index, (row, first, last) in enumerate(zip(found.rows, found.peaks, lasts, strict=True)):
        heard = numbers[row, first : max(last, first + 1)]
        weight = frame[row, first : max(last, first + 1)]
        np.add.at(votes[index], heard[heard >= 0], weight[heard >= 0])
    if not votes.any():
        return np.zeros(len(found.rows), dtype=np.int64)
    shares = votes.sum(axis=0) / votes.sum()
    allowed = shares >= min(MIN_FAMILY_SHARE, shares.max())
    prior = np.where(allowed, 1e-6 * shares, 0.0)
    programs: Integers = np.array(list(FAMILIES.values()))[np.argmax(votes * allowed + prior, axis=1)]
    return programs
