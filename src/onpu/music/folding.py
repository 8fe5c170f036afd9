"""Repeats of a sheet: bars that are alike are written once, between repeat signs, with endings where they differ.

Bars are alike whose chords, metre and key signature are equal and whose tunes differ little. From the left, whatever
saves most bars is folded: a stretch that is played several times, or twice with two endings. Of what was heard, which
errs, longer stretches are compared as wholes (`onpu.music.likeness`), and what is most alike is folded first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onpu.music.lead import Lead
from onpu.music.likeness import Likeness, likeness
from onpu.music.printed import by_bar
from onpu.music.quantise import HALF, TICKS
from onpu.music.spelling import written_signature

SHORTEST_BARS, LONGEST_BARS = 4, 32
"""Bars of a stretch that is repeated."""
SHORTEST_HEARD = 8
"""The same of a stretch that was heard: fewer bars may be alike by chance."""
MOST_TIMES = 4
"""How often a stretch that was heard is played at most in one repeat."""
FARTHEST_BARS = 128
"""Bars that are farther apart are not compared."""
LONGEST_ENDING, SHORTEST_BODY = 2, 3
"""Bars of an ending at most, and of what comes before it at least."""
ALIKE = 0.75
"""Share of the notes of two bars that agree from which on their tunes are alike."""
NEAR_TICKS = HALF // 2
"""Notes agree that begin within so many ticks of one another, and are of one pitch."""


@dataclass(frozen=True)
class Ending:
    """An ending: from bar to bar, both included, and its numbers as MusicXML has them ("1", "2")."""

    first: int
    last: int
    numbers: str


@dataclass(frozen=True)
class Fold:
    """A repeat: the bars [first, first + length) are played `times` times; of a stretch that is played twice the last
    `endings` bars are another ending the second time. Indices are those of the bars as they are played."""

    first: int
    length: int
    times: int
    endings: int = 0

    @property
    def end(self) -> int:
        """The bar after the last one that is played."""
        return self.first + self.length * self.times

    @property
    def back(self) -> int:
        """The bar at whose end one goes back."""
        return self.first + self.length - 1

    @property
    def edges(self) -> tuple[int, ...]:
        """The bars with which the repeat, its endings, and what follows begin."""
        endings = (self.back + 1 - self.endings, self.end - self.endings) if self.endings else ()
        return (self.first, self.back + 1, *endings, self.end)

    def ending(self, i: int) -> Ending | None:
        """The ending that a bar belongs to."""
        if self.endings:
            for number, last in enumerate((self.first + self.length - 1, self.end - 1), 1):
                if last - self.endings < i <= last:
                    return Ending(last - self.endings + 1, last, str(number))
        return None


def written_bars(folded: Sequence[Fold], count: int) -> list[int]:
    """The bars that are written, of `count` that are played, in order."""
    left_out = {i for fold in folded for i in range(fold.first + fold.length, fold.end - fold.endings)}
    return [i for i in range(count) if i not in left_out]


def played_bars(folded: Sequence[Fold], count: int) -> list[int]:
    """For each bar that is played the one that is written for it."""
    out = list(range(count))
    for fold in folded:
        for i in range(fold.first + fold.length, fold.end - fold.endings):
            out[i] = fold.first + (i - fold.first) % fold.length
    return out


def folds(whole: Lead, names: Mapping[int, str]) -> list[Fold]:
    """The repeats of a sheet. names: index of the bar -> name of the section that begins there; a section's beginning
    is not hidden in a repeat unless one of the same name begins where it is written."""
    count = len(whole.bars.numbers)
    sections = [names.get(i, "") for i in range(count)]
    alike = _alike(whole)
    alike &= np.array([[not later or later == earlier for later in sections] for earlier in sections], bool).reshape(
        alike.shape)
    if whole.heard:
        return _heard(whole, sections, alike)
    out, i = list[Fold](), 0
    while i < count:
        best = max(_candidates(alike, i), key=lambda fold: (_saved(fold), -fold.length), default=None)
        if best is None or whole.bars.numbers[i] == 0:
            i += 1
        else:
            out.append(best)
            i = best.end
    return out


def _heard(whole: Lead, sections: Sequence[str], equal: np.ndarray) -> list[Fold]:
    """The repeats of what was heard: of those that do not overlap the ones that save most, the more alike the sooner.
    equal: (bars, bars) whether two were heard alike."""
    count = len(whole.bars.numbers)
    found = likeness(whole, min(FARTHEST_BARS, LONGEST_BARS * MOST_TIMES))
    for lag in range(1, len(found.fits)):
        found.fits[lag, : count - lag] &= [not later or later == earlier
                                           for earlier, later in zip(sections, sections[lag:], strict=False)]
    worth: list[tuple[float, Fold]] = []
    for first in range(count):
        if whole.bars.numbers[first] == 0:
            continue
        for fold in _heard_candidates(found, first, count):
            likely = np.mean([found.matched(first, fold.length - fold.endings, fold.length * time)
                              for time in range(1, fold.times)])
            worth.append((float(_saved(fold) * likely), fold))
        worth += [(float(_saved(fold)), fold) for fold in _candidates(equal, first)]
    out: list[Fold] = []
    for _, fold in sorted(worth, key=lambda row: (-row[0], row[1].first, row[1].length)):
        if all(fold.end <= other.first or other.end <= fold.first for other in out):
            out.append(fold)
    return sorted(out, key=lambda fold: fold.first)


def _heard_candidates(found: Likeness, first: int, count: int) -> list[Fold]:
    """The folds that begin at a bar of what was heard."""
    out = list[Fold]()
    for length in range(SHORTEST_HEARD, min(LONGEST_BARS, (count - first) // 2) + 1):
        times = 1
        while times < MOST_TIMES and first + (times + 1) * length <= count and all(
                found.same(first, length, length * time) for time in range(1, times + 1)):
            times += 1
        if times > 1:
            out.append(Fold(first, length, times))
            continue
        for ending in range(1, LONGEST_ENDING + 1):
            other = not found.fits[length, first + length - ending]
            if other and length - ending >= SHORTEST_BODY and found.same(first, length - ending, length):
                out.append(Fold(first, length, 2, ending))
                break
    return out


def _saved(fold: Fold) -> int:
    return fold.length * (fold.times - 1) - fold.endings


def _candidates(alike: np.ndarray, first: int) -> list[Fold]:
    """The folds that begin at a bar."""
    count, out = len(alike), list[Fold]()
    for length in range(SHORTEST_BARS, min(LONGEST_BARS, (count - first) // 2) + 1):
        same = alike[np.arange(first, count - length), np.arange(first + length, count)]
        run = int(np.argmin(same)) if not same.all() else len(same)  # bars that are like those `length` later
        if run >= length:
            times = 1 + next(n for n in range(run // length, 0, -1)
                             if n == 1 or all(alike[first + k, first + m * length + k]
                                              for m in range(1, n + 1) for k in range(length)))
            out.append(Fold(first, length, times))
        elif length - run <= LONGEST_ENDING and run >= SHORTEST_BODY:
            out.append(Fold(first, length, 2, length - run))
    return out


def _alike(whole: Lead) -> np.ndarray:
    """(bars, bars): whether two are alike."""
    found, line = whole.bars, whole.line
    count = len(found.numbers)
    rows = by_bar(whole.symbols)
    chords: list[tuple[object, ...]] = []
    for i, standing in enumerate(whole.standing()):
        sharps = written_signature(whole.keys[i]) if whole.keys[i] else 0
        later = [(symbol.place, symbol.label) for symbol in rows.get(i, []) if symbol.place]
        chords.append((standing, *later, int(found.numerators[i]), int(found.denominators[i]), int(found.beats[i]),
                       sharps))
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(chords))}
    numbers = np.array([kinds[kind] for kind in chords])
    alike: np.ndarray = numbers[:, None] == numbers[None, :]
    first = found.firsts * TICKS
    edges = np.searchsorted(line.starts, first)
    tunes = [(line.starts[a:b] - first[i], line.pitches[a:b])
             for i, (a, b) in enumerate(pairwise(edges))]
    alike &= np.abs(np.subtract.outer(np.arange(count), np.arange(count))) <= FARTHEST_BARS
    for i, j in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
        alike[i, j] = alike[j, i] = _same_tune(*tunes[i], *tunes[j])
    return alike


def _same_tune(starts: np.ndarray, pitches: np.ndarray, others: np.ndarray, their_pitches: np.ndarray) -> bool:
    """Whether most notes of two bars agree."""
    most = max(len(starts), len(others))
    if not most:
        return True
    near = (np.abs(starts[:, None] - others) <= NEAR_TICKS) & (pitches[:, None] == their_pitches)
    return min(int(near.any(axis=0).sum()), int(near.any(axis=1).sum())) >= ALIKE * most
