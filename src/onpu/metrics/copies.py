"""How much of a chorale stands in others: the longest run of quarters in which all four voices agree.

Conventions: a chorale is heard on its quarters (what sounds when a quarter of its bars begins), so that a copy with
other passing notes is one too. Two runs agree if one is the other, moved by any number of semitones. A quarter in which
a voice rests agrees with nothing. One chord alone, which any two chorales share, is a run of 1. The question whether a
model has learned by heart is asked this way of DeepBach (Hadjeres, Pachet & Nielsen 2017, section 4.1, of plagiarism)
and of Papadopoulos, Roy & Pachet, "Avoiding plagiarism in Markov sequence generation" (AAAI 2014).
"""

from collections.abc import Iterable

import numpy as np

from onpu.music.chorale import STEPS, Chorale


def longest_copy(chorale: Chorale, others: Iterable[Chorale]) -> int:
    """Quarters of the longest run that a chorale shares with any of the others."""
    chords = quarters(chorale)
    return max((common_run(chords, quarters(other)) for other in others), default=0)


def quarters(chorale: Chorale) -> np.ndarray:
    """(4, quarters) MIDI pitches on the quarters, those of the upbeat included; 0 in rests."""
    return chorale.pitches[:, chorale.bars[0] % STEPS :: STEPS]


def common_run(first: np.ndarray, second: np.ndarray) -> int:
    """Length of the longest run of chords, (4, n) and (4, m), that agree up to transposition."""
    if not first.shape[1] or not second.shape[1]:
        return 0
    moved = first[:, :, None] - second[:, None, :]  # (4, n, m)
    heard = np.outer((first > 0).all(axis=0), (second > 0).all(axis=0))
    alike = (moved == moved[:1]).all(axis=0) & heard
    shift = moved[0]
    run, longest = np.zeros(second.shape[1], np.int64), 0
    for row in range(first.shape[1]):
        goes_on = np.zeros(len(run), bool)
        if row:
            goes_on[1:] = alike[row - 1, :-1] & (shift[row - 1, :-1] == shift[row, 1:])
        before = np.concatenate([[0], run[:-1]])
        run = np.where(alike[row], np.where(goes_on, before, 0) + 1, 0)
        longest = max(longest, int(run.max()))
    return longest
