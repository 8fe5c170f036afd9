"""Which chords a chorale begins with, and which its phrases end on: prescribed before it is sung.

Phrases of J. S. Bach end on triads in root position (99 of 100), the last one on the tonic, in minor mostly with a
major third. On which chord an inner phrase ends depends on the soprano's note there; the tables count it in the
chorales that `onpu.data.corpora.chorales` lets learn from. Textbooks teach the same closes: Aldwell, Schachter &
Cadwallader, "Harmony and Voice Leading" (4th edition 2011), chapters 6, 10 and 30.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from onpu.errors import LabelError
from onpu.music.chorale import STEPS, Chorale
from onpu.music.spelling import MINOR_MODES, MODES, parse_key

Shares = Mapping[int, Mapping[str, int]]
"""Semitones of the soprano above the tonic -> numeral of the chord -> how often it stands below."""
CLOSES: dict[str, Shares] = {
    "major": {0: {"I": 140, "vi": 36, "IV": 25}, 2: {"V": 99, "ii": 24}, 4: {"I": 92, "VI": 36, "III": 10, "vi": 6},
              5: {"IV": 17, "ii": 12}, 7: {"V": 155, "I": 14, "iii": 9}, 9: {"vi": 19, "IV": 16, "II": 4},
              11: {"V": 35, "III": 12}},
    "minor": {0: {"i": 121, "VI": 17, "IV": 14, "I": 9, "iv": 4}, 2: {"V": 92, "VII": 26},
              3: {"III": 101, "i": 13, "VI": 7}, 5: {"iv": 23, "VII": 18},
              7: {"V": 56, "III": 40, "I": 28, "v": 13, "i": 12}, 8: {"VI": 3}, 9: {"IV": 1},
              10: {"VII": 28, "v": 11, "III": 4}, 11: {"V": 20}},
}
"""Ends of inner phrases."""
OPENINGS: dict[str, Shares] = {
    "major": {0: {"I": 81}, 2: {"V": 1}, 4: {"I": 25}, 5: {"IV": 1}, 7: {"I": 26, "V": 4}, 9: {"vi": 1}, 11: {"V": 1}},
    "minor": {0: {"i": 50}, 2: {"V": 3}, 3: {"i": 5}, 5: {"iv": 2}, 7: {"i": 46, "V": 10}, 8: {"iv": 1}, 10: {"v": 1},
              11: {"V": 1}},
}
"""First chords."""
ENDINGS: dict[str, Shares] = {
    "major": {0: {"I": 1}, 2: {"V": 1}, 4: {"I": 1}, 7: {"I": 1}, 11: {"V": 1}},
    "minor": {0: {"I": 102, "i": 9}, 2: {"V": 1}, 3: {"i": 1}, 4: {"I": 1}, 7: {"I": 102, "i": 9}, 11: {"V": 1}},
}
"""Last chords: the tonic, wherever the soprano's note is a tone of it."""
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
OPENING_STEPS = STEPS // 2
"""Steps of the first chord that are prescribed."""
_NUMERAL = re.compile(r"([b#]?)([IV]+|[iv]+)")


class Close(NamedTuple):
    """A triad in root position that sounds in the steps [start, stop): pitch classes of all tones and of the bass; of
    the soprano, where it is to be a certain one."""

    start: int
    stop: int
    tones: tuple[int, int, int]
    bass: int
    soprano: int | None = None


def triad(numeral: str, key: str) -> tuple[int, int, int]:
    """Pitch classes of root, third and fifth: of `V` in `A:minor` 4, 8, 11. Degrees are those of the key's scale, small
    numerals minor triads; b and # move the root. Raises `LabelError`."""
    found = _NUMERAL.fullmatch(numeral)
    if found is None or found[2].upper() not in NUMERALS:
        raise LabelError(f"{numeral!r} is no degree; write I to VII, or i to vii for minor triads, as in V or bVII")
    tonic, mode = parse_key(key)
    root = tonic + MODES[mode][NUMERALS.index(found[2].upper())] + {"": 0, "b": -1, "#": 1}[found[1]]
    return root % 12, (root + (4 if found[2].isupper() else 3)) % 12, (root + 7) % 12


def phrase_ends(chorale: Chorale) -> list[tuple[int, int]]:
    """Steps [start, stop) of the chord under each fermata; a soprano's note that is there begins another one."""
    edges = np.diff(chorale.fermata.astype(int), prepend=0, append=0)
    starts, stops = np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist()
    out: list[tuple[int, int]] = []
    for start, stop in zip(starts, stops, strict=True):
        inside = [start, *(start + 1 + np.flatnonzero(chorale.attacks[0, start + 1 : stop])).tolist(), stop]
        out += pairwise(inside)
    return out


def closes(chorale: Chorale, kept: np.ndarray, numerals: Sequence[str], rng: np.random.Generator) -> list[Close]:
    """The first chord, and those under the fermatas, as far as what is kept has room for them.

    kept: (4, steps) which steps are given. numerals: the chord that each phrase ends on; empty: drawn. Raises
    `LabelError` where there are more or fewer of them than phrases, or one is not a chord of what is kept.
    """
    ends = phrase_ends(chorale)
    if numerals and len(numerals) != len(ends):
        raise LabelError(f"{len(numerals)} cadences for {len(ends)} phrases; give one for each phrase")
    out = list(_drawn(chorale, kept, (0, min(OPENING_STEPS, chorale.steps)), OPENINGS, rng))
    for number, where in enumerate(ends):
        last = number == len(ends) - 1
        if numerals:
            close = Close(*where, tones := triad(numerals[number], chorale.key), tones[0])
            if not _fits(chorale, kept, close):
                raise LabelError(f"phrase {number + 1} cannot end on {numerals[number]}, of which what is given there "
                                 "is no tone")
            found = [close]
        else:
            found = list(_drawn(chorale, kept, where, ENDINGS if last else CLOSES, rng))
            found = found or list(_drawn(chorale, kept, where, CLOSES, rng))
        tonic = parse_key(chorale.key)[0]
        free = last and not kept[0, where[0] : where[1]].any()
        out += [each._replace(soprano=tonic) if free and each.bass == tonic else each for each in found]
    return out


def _drawn(chorale: Chorale, kept: np.ndarray, where: tuple[int, int], table: Mapping[str, Shares],
           rng: np.random.Generator) -> Iterator[Close]:
    """One of the chords that the table has for what the soprano sings there, or for any where it is free; none where
    none is a chord of all that is kept."""
    tonic, mode = parse_key(chorale.key)
    shares = table["minor" if mode in MINOR_MODES else "major"]
    given = kept[0, where[0] : where[1]].any()
    rows = [shares.get(int(chorale.pitches[0, where[0]] - tonic) % 12, {})] if given else list(shares.values())
    rows = [shares[0]] if table is ENDINGS and not given else rows
    counts: dict[str, int] = {}
    for row in rows:
        for numeral, count in row.items():
            counts[numeral] = counts.get(numeral, 0) + count
    found = {}
    for numeral, count in counts.items():
        close = Close(*where, tones := triad(numeral, chorale.key), tones[0])
        own = (tones[2] - tonic) % 12 in MODES[mode] or tones[0] == tonic
        if own and _fits(chorale, kept, close):
            found[close] = count
    if found:
        weights = np.array(list(found.values()), float)
        yield list(found)[int(rng.choice(len(found), p=weights / weights.sum()))]


def _fits(chorale: Chorale, kept: np.ndarray, close: Close) -> bool:
    """Whether all that is kept there are tones of the chord, and in the bass its root."""
    inside = slice(close.start, close.stop)
    sung, given = chorale.pitches[:, inside] % 12, kept[:, inside] & (chorale.pitches[:, inside] > 0)
    rests = (kept[:, inside] & (chorale.pitches[:, inside] == 0)).any()
    return not rests and bool(np.isin(sung[:-1][given[:-1]], close.tones).all()) and bool(
        (sung[-1][given[-1]] == close.bass).all())
