"""How alike the bars of a sheet are that was heard, and which stretches are therefore the same.

What is heard of a verse that comes again is never the same twice: a chord is missed, a word has a syllable more. So
stretches are compared, not bars: the chords of two that are the same agree on nearly all beats, their tunes on most of
the time in which either sings. (On recordings tunes of other bars agree on a tenth of it.)
"""

from dataclasses import dataclass

import numpy as np

from onpu.music.arrays import Booleans
from onpu.music.harte import parse
from onpu.music.lead import Lead
from onpu.music.printed import PLACES
from onpu.music.quantise import TICKS
from onpu.music.spelling import written_signature

CELLS = 4
"""Parts of a beat in which tunes are compared."""
SAME_CHORDS, SAME_TUNE = 0.85, 0.6
"""Share of the beats on which chords agree, and of the time sung in which pitch classes do, in stretches that are the
same."""
BAR_CHORDS, BAR_TUNE, FITTING_BARS = 0.5, 0.2, 0.85
"""The same in their bars, and the share of these that have it."""
HARDLY_SUNG = 0.25
"""Share of a bar below which its tune says nothing."""
NOTHING, BEYOND = -1, -2
"""In place of a pitch class: a rest, and what lies after the bar's end."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """Of bar i and the one `lag` bars later, [lag, i]: the share of beats with equal chords; in how many cells either
    sings, in how many both sing one pitch class, of how many; whether they may belong to stretches that are the same.
    """

    chords: np.ndarray
    sung: np.ndarray
    equal: np.ndarray
    cells: np.ndarray
    fits: Booleans

    def same(self, first: int, count: int, lag: int) -> bool:
        """Whether `count` bars are the same as those `lag` bars later, of which few differ altogether, and neither the
        first nor the last."""
        here = slice(first, first + count)
        sung, cells = int(self.sung[lag, here].sum()), int(self.cells[lag, here].sum())
        tune = sung < HARDLY_SUNG * cells or self.equal[lag, here].sum() >= SAME_TUNE * sung
        fits = self.fits[lag, here]
        return bool(fits[0] and fits[-1] and fits.mean() >= FITTING_BARS and tune
                    and self.chords[lag, here].mean() >= SAME_CHORDS)

    def matched(self, first: int, count: int, lag: int) -> float:
        """How alike the tunes of two stretches are, from 0 to 1; of hardly any tune, the chords."""
        here = slice(first, first + count)
        sung = int(self.sung[lag, here].sum())
        if sung < HARDLY_SUNG * self.cells[lag, here].sum():
            return float(self.chords[lag, here].mean())
        return float(self.equal[lag, here].sum() / sung)


def likeness(whole: Lead, farthest: int) -> Likeness:
    """Of all bars up to `farthest` bars apart."""
    found = whole.bars
    count = len(found.numbers)
    tunes, chords = _tunes(whole), _chords(whole)
    sharps = [written_signature(key) if key else 0 for key in whole.keys]
    kinds = np.array([found.numerators, found.denominators, found.beats, sharps]).T
    shape = (min(farthest, max(count - 1, 0)) + 1, count)
    out = Likeness(np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
                   np.zeros(shape, bool))
    for lag in range(1, shape[0]):
        here = slice(0, count - lag)
        one, other = tunes[:-lag], tunes[lag:]
        sings = ((one >= 0) | (other >= 0)) & (one != BEYOND) & (other != BEYOND)
        out.sung[lag, here] = sings.sum(axis=1)
        out.equal[lag, here] = (sings & (one == other)).sum(axis=1)
        out.cells[lag, here] = (one != BEYOND).sum(axis=1)
        inside = chords[:-lag] != BEYOND
        agree = (inside & (chords[:-lag] == chords[lag:])).sum(axis=1)
        out.chords[lag, here] = agree / np.maximum(inside.sum(axis=1), 1)
        tune = (out.sung[lag, here] < HARDLY_SUNG * out.cells[lag, here]) | (
            out.equal[lag, here] >= BAR_TUNE * out.sung[lag, here])
        out.fits[lag, here] = (kinds[:-lag] == kinds[lag:]).all(axis=1) & tune & (
            out.chords[lag, here] >= BAR_CHORDS)
    return out


def _tunes(whole: Lead) -> np.ndarray:
    """(bars, cells): pitch class that sounds in each cell."""
    line, firsts = whole.line, whole.bars.firsts
    sounding = np.full(CELLS * int(firsts[-1]), NOTHING)
    starts, ends = line.starts * CELLS // TICKS, line.ends * CELLS // TICKS
    for start, end, pitch in zip(starts, np.maximum(ends, starts + 1), line.pitches, strict=True):
        sounding[start:end] = pitch % 12
    return _by_bar(sounding, CELLS * firsts)


def _chords(whole: Lead) -> np.ndarray:
    """(bars, places): number of the chord at each place, by root and third."""
    firsts = whole.bars.firsts
    numbers: dict[tuple[object, ...], int] = {}
    sounding = np.full(PLACES * int(firsts[-1]), NOTHING)
    for symbol in whole.symbols:
        chord = parse(symbol.label)
        kind = (chord.root, 3 in chord.tones and 4 not in chord.tones) if chord.tones else ()
        sounding[PLACES * int(firsts[symbol.bar]) + symbol.place :] = numbers.setdefault(kind, len(numbers))
    return _by_bar(sounding, PLACES * firsts)


def _by_bar(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(bars, most places a bar): a row for each bar, filled up with `BEYOND`."""
    sizes = np.diff(edges)
    out = np.full((len(sizes), int(sizes.max(initial=0))), BEYOND)
    out[np.arange(out.shape[1]) < sizes[:, None]] = values[: int(edges[-1])]
    return out
