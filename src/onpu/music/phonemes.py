"""Sounds of Japanese as the PJS corpus writes them, and texts in its letters.

Vowels are a, i, u, e, o; `N` is the moraic nasal, `cl` the closure of a doubled consonant; `sh`, `ch`, `ts`, `ky` and
their like are one sound.
"""

from collections.abc import Iterable, Sequence

import numpy as np

VOWELS = ("a", "i", "u", "e", "o")
NASAL, CLOSURE = "N", "cl"
CONSONANTS = ("b", "by", "ch", "d", "f", "g", "gy", "h", "hy", "j", "k", "ky", "m", "my", "n", "ny", "p", "py", "r",
              "ry", "s", "sh", "t", "ts", "w", "y", "z")
PHONEMES = (*VOWELS, NASAL, CLOSURE, *CONSONANTS)
"""All of them, in the order of the classes of networks."""
SYLLABIC = frozenset((*VOWELS, NASAL))
"""Those that carry a note."""
VOICELESS = frozenset(("ch", CLOSURE, "f", "h", "hy", "k", "ky", "p", "py", "s", "sh", "t", "ts"))
SUSTAINED = frozenset(("f", "h", "hy", "m", "my", "n", "ny", "s", "sh", "w", "y", "z"))
"""Consonants that can be held for longer than a stop."""
_NUMBERS = {name: number for number, name in enumerate(PHONEMES)}
_LONGEST = max(map(len, PHONEMES))


def number_of(phoneme: str) -> int:
    """Place in `PHONEMES`. Raises `KeyError` for anything else."""
    return _NUMBERS[phoneme]


def phonemes_in(label: str) -> list[str]:
    """The phonemes that a label is written with, from the left, the longest first: `kya` is ky and a; whatever is none
    of them is passed over."""
    found: list[str] = []
    place = 0
    while place < len(label):
        name = next((label[place : place + size] for size in range(_LONGEST, 0, -1)
                     if label[place : place + size] in _NUMBERS), None)
        if name is not None:
            found.append(name)
        place += 1 if name is None else len(name)
    return found


def syllables_of(phonemes: Sequence[str]) -> list[tuple[int, int]]:
    """First phoneme of each syllable and the one after its last: consonants go with the vowel after them, what is left
    at the end with the syllable before."""
    bounds: list[tuple[int, int]] = []
    first = 0
    for place, phoneme in enumerate(phonemes):
        if phoneme in SYLLABIC:
            bounds.append((first, place + 1))
            first = place + 1
    if first < len(phonemes):
        bounds = [*bounds[:-1], (bounds[-1][0], len(phonemes))] if bounds else [(first, len(phonemes))]
    return bounds


def written(phonemes: Iterable[str]) -> str:
    """Phonemes as one label, which `phonemes_in` reads again."""
    return "".join(phonemes)


def paired(one: Sequence[object], other: Sequence[object]) -> np.ndarray:
    """(n, 2) places in both of what stands for each other where one sequence becomes the other by as few changes as
    possible (Levenshtein 1966), equal or not."""
    cost = np.zeros((len(one) + 1, len(other) + 1), np.int64)
    cost[0], cost[:, 0] = np.arange(len(other) + 1), np.arange(len(one) + 1)
    for i, item in enumerate(one, 1):
        for j, each in enumerate(other, 1):
            cost[i, j] = min(cost[i - 1, j - 1] + (item != each), cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    found: list[tuple[int, int]] = []
    i, j = len(one), len(other)
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + (one[i - 1] != other[j - 1]):
            i, j = i - 1, j - 1
            found.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return np.array(found[::-1], np.int64).reshape(-1, 2)
