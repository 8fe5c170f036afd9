"""What a lead sheet holds: bars, key signatures, chord symbols, and the tune on the grid of the beats.

The tune (`onpu.music.tune`) is put on the grid that everything heard decides, swing written even. Rests stay where the
singer breathes; shorter ones are the note before, which was sung short.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from onpu.music.arrays import Floats, repeated
from onpu.music.bars import Bars, bars, lengthened, preceded, usual_beat
from onpu.music.printed import Symbol, by_bar, printed_chords
from onpu.music.quantise import AS_SUITS, HALF, SUNG_SECONDS, TICKS, Grid, Quantised, quantise
from onpu.music.signatures import keys_of
from onpu.music.thirds import sounding, thirds_share
from onpu.music.timeline import Timeline
from onpu.music.tune import Tune, tune

FAST_BEAT_SECONDS = 0.42
"""Beats that are shorter are not divided into sixteenths."""
TRIPLET_SHARE = 0.4
"""Share of the notes inside beats that are in thirds from which on triplets are meant."""
BREATH_TICKS = HALF
"""Rests of no more ticks than this belong to the note before."""
EARLY_BEATS = 0.25
"""A tune that begins so much before a bar begins with it."""
FEWEST_NOTES = 8
"""A tune of fewer notes is none."""
SOUNDING_SHARE = 0.3
"""The same of one that was heard and sounds for a smaller part of the bars in which it has notes: single notes, such as
a singer's listener takes from a guitar."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line of n notes, in order: starts, ends (n,) ticks (`onpu.music.quantise.TICKS` a beat) after the first bar's
    start, none of which overlap; pitches (n,) MIDI numbers; glides (n,) whether a note is slurred to the next."""

    starts: np.ndarray
    ends: np.ndarray
    pitches: np.ndarray
    glides: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, eq=False)
class Lead:
    """bars: of the sheet. keys: label of each bar's key, or "". symbols: chords where they change. line: the tune,
    without notes where there is none. swing: whether eighths are played long and short. heard: whether tune and chords
    were heard, so that they err, and are not known."""

    bars: Bars
    keys: list[str]
    symbols: list[Symbol]
    line: Line
    swing: bool
    heard: bool = False

    def standing(self) -> list[str]:
        """The chord that stands at the start of each bar, its own or the one before; `N` before the first."""
        out, now = [], "N"
        rows = by_bar(self.symbols)
        for i in range(len(self.bars.numbers)):
            here = rows.get(i, [])
            out.append(here[0].label if here and here[0].place == 0 else now)
            now = here[-1].label if here else now
        return out

    def parted(self, bars: Sequence[int]) -> "Lead":
        """As it is written where repeats begin or end with these bars: no note is held into them, and the chord is said
        again."""
        line, standing, symbols = self.line, self.standing(), list(self.symbols)
        ends, glides = line.ends.copy(), line.glides.copy()
        for bar in bars:
            at = int(self.bars.firsts[bar]) * TICKS
            before = int(np.searchsorted(line.starts, at)) - 1
            if before >= 0 and ends[before] >= at:
                ends[before], glides[before] = at, False
            said = any(symbol.bar == bar and symbol.place == 0 for symbol in symbols)
            if not said and standing[bar] != "N":
                symbols.append(Symbol(bar, 0, standing[bar], [one.sure for one in self.symbols if one.bar < bar][-1]))
        return replace(self, line=replace(line, ends=ends, glides=glides),
                       symbols=sorted(symbols, key=lambda symbol: symbol[:2]))


def lead(timeline: Timeline, grid: Grid = AS_SUITS) -> Lead:
    """The sheet of a timeline with beats.

    grid: how finely the tune is written; as suits: in sixteenths, in eighths where beats are fast. Raises `LabelError`
    where beats were not looked for, or a label is no chord or key.
    """
    found = bars(timeline)
    if not len(found.numbers):
        return Lead(found, [], [], _line([], tune(Timeline(0.0), found, [])), False)
    heard = tune(timeline, found, keys_of(found, timeline))
    if len(heard) < FEWEST_NOTES or (_is_heard(timeline) and _sounding(heard, found) < SOUNDING_SHARE):
        heard = tune(Timeline(0.0), found, [])
    else:
        first = float(heard.onsets[0])
        found = lengthened(preceded(_begun(found, first), first), float(heard.onsets[-1]))
    keys = keys_of(found, timeline)
    symbols = printed_chords(found, timeline.chords, keys) if timeline.chords is not None else []
    line, swing = _placed(timeline, heard, found, grid)
    return Lead(found, keys, symbols, line, swing, _is_heard(timeline))


def _is_heard(timeline: Timeline) -> bool:
    """Whether what the sheet is made of was heard."""
    return any(value is not None and bool((value.confidence < 1).any()) for value in (timeline.melody, timeline.chords))


def _sounding(heard: Tune, found: Bars) -> float:
    """How much of the bars in which a tune has notes it sounds."""
    sounds = np.zeros(len(found.starts))
    for start, end in zip(found.beats_at(heard.onsets), found.beats_at(heard.offsets), strict=True):
        sounds += np.maximum(np.minimum(found.firsts[1:], end) - np.maximum(found.firsts[:-1], start), 0)
    own = sounds > 0
    return float(sounds[own].sum() / found.beats[own].sum()) if own.any() else 0.0


def _begun(found: Bars, first: float) -> Bars:
    """Without an upbeat in which nothing is sung."""
    if found.numbers[0] or len(found.numbers) < 2 or first < found.starts[1] - EARLY_BEATS * usual_beat(found.grid):
        return found
    return Bars(found.numbers[1:], found.numerators[1:], found.denominators[1:], found.quarters[1:],
                found.firsts[1:] - found.firsts[1], found.grid[found.firsts[1]:])


def _placed(timeline: Timeline, heard: Tune, found: Bars, grid: Grid) -> tuple[Line, bool]:
    """The tune on the grid, and whether it swings."""
    if grid.finest is None:
        grid = replace(grid, finest=2 if usual_beat(found.grid) < FAST_BEAT_SECONDS else 4)
    placed = _quantised(heard, _onsets(timeline, heard), found, grid)
    swing, placed = placed.swings, placed.evened()
    total = TICKS * int(found.firsts[-1])
    rows: list[list[int]] = []
    for row in np.lexsort((heard.offsets - heard.onsets, placed.starts)).tolist():
        start = int(np.clip(placed.starts[row], 0, total - 1))
        if rows and rows[-1][0] == start:  # two notes on one place: the longer one
            rows.pop()
        rows.append([start, min(int(placed.ends[row]), total), row])
    compound = repeated(found.quarters, found.beats) == 1.5
    for now, following in pairwise([*rows, None]):
        assert now is not None
        step = TICKS // 3 if compound[min(now[1] // TICKS, len(compound) - 1)] else HALF
        now[1] = max(-(-now[1] // step) * step, now[0] + 1)
        if following is not None:
            now[1] = following[0] if following[0] - now[1] <= BREATH_TICKS else now[1]
        else:
            now[1] = min(now[1], total)
    return _line(rows, heard), swing


def _onsets(timeline: Timeline, heard: Tune) -> Floats:
    """All that begins, by which beats are divided."""
    together: Floats = np.concatenate([heard.onsets, sounding(timeline)])
    return together


def _quantised(heard: Tune, onsets: np.ndarray, found: Bars, grid: Grid) -> Quantised:
    """The tune on the grid; without triplets where they are so rare that they are played loosely rather than meant."""
    placed = _on_grid(heard, onsets, found, grid)
    return (_on_grid(heard, onsets, found, replace(grid, thirds=False))
            if 0 < thirds_share(placed, found) < TRIPLET_SHARE else placed)


def _on_grid(heard: Tune, onsets: np.ndarray, found: Bars, grid: Grid) -> Quantised:
    return quantise(heard.onsets, heard.offsets, found, grid, heard=onsets, timing_seconds=SUNG_SECONDS)


def _line(rows: list[list[int]], heard: Tune) -> Line:
    starts, ends, own = np.array(rows, np.int64).reshape(-1, 3).T
    glides = heard.glides[own]
    if len(own):
        glides[:-1] &= starts[1:] == ends[:-1]
        glides[-1] = False
    return Line(starts, ends, heard.pitches[own], glides)
