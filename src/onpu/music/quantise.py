"""Notes on a score's grid: where in the beat each begins and ends, as it would be written."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.music.arrays import Floats, Integers
from onpu.music.bars import Bars, usual_beat

TICKS = 12
"""Steps of the grid in a beat: sixteenths are 3 of them, triplet eighths 4."""
HALF = TICKS // 2
SHORT_LONG = 8
"""Step on which the second eighth of a swung beat is put."""
CHORD_ONSET_SECONDS = 0.03
"""Seconds between onsets that are one chord."""
TIMING_BEATS = 0.03
"""Standard deviation of onsets around their place in the score in beats, beside that in seconds."""
TIMING_SECONDS = 0.018
"""The same in seconds."""
SWITCH_COST = 2.0
"""Price of another grid than in the beat before, as the logarithm of a probability."""
END_LOOSENESS = 2.0
"""Ends of notes keep so much less to the grid than their beginnings."""


@dataclass(frozen=True)
class BeatDivision:
    """Places in a beat: steps as written, the positions in beats at which they are played, and the price of each, as
    the negative logarithm of how often notes begin there relative to the beat's start. price: of the grid itself."""

    steps: tuple[int, ...]
    played: tuple[float, ...]
    prices: tuple[float, ...]
    price: float = 0.0


def _even(prices: dict[int, float], price: float = 0.0) -> BeatDivision:
    return BeatDivision(tuple(prices), tuple(step / TICKS for step in prices), tuple(prices.values()), price)


STRAIGHT = _even({0: 0.0, 6: 0.5, 3: 1.5, 9: 1.2, 12: 0.0})
TRIPLET = _even({0: 0.0, 4: 0.7, 8: 0.7, 2: 2.5, 6: 2.5, 10: 2.5, 12: 0.0}, 1.0)
SWING = BeatDivision((0, SHORT_LONG, 12), (0.0, 0.63, 1.0), (0.0, 0.3, 0.0), 1.0)
THIRDS = _even({0: 0.0, 4: 0.3, 8: 0.3, 2: 1.5, 6: 1.5, 10: 1.5, 12: 0.0})
DUPLET = _even({0: 0.0, 6: 0.5, 3: 2.0, 9: 2.0, 12: 0.0}, 3.0)
SIMPLE, COMPOUND = (STRAIGHT, TRIPLET, SWING), (THIRDS, DUPLET)


@dataclass(frozen=True, eq=False)
class Quantised:
    """starts, ends: (n,) whole numbers, twelfths of a beat (`TICKS`) after the first bar's start, ends > starts; before
    the first bar negative, after the last bar beyond its end. swung: (beats,) whether a beat's eighths are played long
    and short."""

    starts: np.ndarray
    ends: np.ndarray
    swung: np.ndarray

    def beats(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends in beats."""
        return self.starts / TICKS, self.ends / TICKS

    def evened(self) -> "Quantised":
        """As it is written under the mark "swing": the short eighth on the half of its beat."""
        starts, ends = self._even(self.starts), self._even(self.ends)
        return replace(self, starts=starts, ends=np.where(ends > starts, ends, self.ends))

    def _even(self, ticks: np.ndarray) -> np.ndarray:
        beat = np.clip(ticks // TICKS, 0, max(len(self.swung) - 1, 0))
        late = (ticks % TICKS == SHORT_LONG) & (self.swung[beat] if len(self.swung) else False)
        return np.where(late, ticks - (SHORT_LONG - HALF), ticks)


def quantise(onsets: np.ndarray, offsets: np.ndarray, bars: Bars) -> Quantised:
    """Put notes on the grid of the beats, each beat's own: straight, triplets or swing, in compound metres thirds or
    duplets, whichever explains the onsets best and changes seldom.

    onsets, offsets: (n,) seconds, in any order; of drums the same times. A note is at least a step of its grid long.
    What sounds together (within `CHORD_ONSET_SECONDS`) begins together.
    """
    beats = len(bars.grid) - 1
    if not len(onsets) or not beats:
        none = np.zeros(len(onsets), np.int64)
        return Quantised(none, none + 1, np.zeros(beats, bool))
    lengths = np.diff(bars.grid)
    compound = np.repeat(bars.quarters, bars.beats) > 1
    starts, ends = _in_beats(_chords(onsets), bars.grid), _in_beats(offsets, bars.grid)
    grids = [_grid_of(compound, choice) for choice in range(len(SIMPLE))]
    chosen = _choice(starts, lengths, grids)
    first = _placed(starts, lengths, grids, chosen, 1.0)
    last = _placed(ends, lengths, grids, chosen, END_LOOSENESS)
    step = _steps(first, grids, chosen)
    swung = np.array([grids[choice][beat] is SWING for beat, choice in enumerate(chosen)])
    return Quantised(first, np.maximum(last, first + step), swung)


def _grid_of(compound: np.ndarray, choice: int) -> list[BeatDivision]:
    """The grid of each beat under a choice; compound metres have fewer, the last of which stands for the others."""
    return [COMPOUND[min(choice, len(COMPOUND) - 1)] if is_compound else SIMPLE[choice] for is_compound in compound]


def _chords(onsets: np.ndarray) -> np.ndarray:
    """Onsets with those that belong together at their median."""
    order = np.argsort(onsets, kind="stable")
    out = np.array(onsets, dtype=np.float64)
    for group in np.split(order, np.flatnonzero(np.diff(out[order]) > CHORD_ONSET_SECONDS) + 1):
        out[group] = np.median(out[group])
    return out


def _in_beats(seconds: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Seconds -> beats after the grid's start, with the usual beat beyond both ends."""
    period = usual_beat(grid)
    inside = np.interp(seconds, grid, np.arange(len(grid)))
    beats: Floats = inside + np.minimum(seconds - grid[0], 0) / period + np.maximum(seconds - grid[-1], 0) / period
    return beats


def _costs(at: np.ndarray, beat: np.ndarray, lengths: np.ndarray, grid: list[BeatDivision],
           looseness: float) -> tuple[np.ndarray, np.ndarray]:
    """Cheapest step of each position in its beat's grid, and its price."""
    spread = looseness * np.hypot(TIMING_BEATS, TIMING_SECONDS / lengths[beat])
    steps, prices = np.zeros(len(at), np.int64), np.zeros(len(at))
    kinds = np.array([id(each) for each in grid])[beat]
    for each in {id(each): each for each in grid}.values():
        here = kinds == id(each)
        off = (at[here, None] - np.array(each.played)) / spread[here, None]
        price = 0.5 * off**2 + np.array(each.prices)
        best = price.argmin(axis=1)
        steps[here] = np.array(each.steps)[best]
        prices[here] = price[np.arange(len(best)), best]
    return steps, prices


def _parts(beats: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole beats, the beat inside the grid whose kind holds there, and the position within."""
    whole = np.floor(beats).astype(np.int64)
    return whole, np.clip(whole, 0, count - 1), beats - whole


def _choice(starts: np.ndarray, lengths: np.ndarray, grids: list[list[BeatDivision]]) -> np.ndarray:
    """Number of the grid of each beat: the path of least price."""
    _, beat, at = _parts(starts, len(lengths))
    _, once = np.unique(starts, return_index=True)  # a chord counts as one
    total = np.array([[each.price for each in grid] for grid in grids])
    for number, grid in enumerate(grids):
        _, prices = _costs(at, beat, lengths, grid, 1.0)
        np.add.at(total[number], beat[once], prices[once])
    empty = np.bincount(beat, minlength=len(lengths)) == 0
    total[:, empty] = 0
    back = np.zeros(total.shape, np.int64)
    for i in range(1, len(lengths)):
        stay, move = total[:, i - 1], total[:, i - 1].min() + SWITCH_COST
        back[:, i] = np.where(stay <= move, np.arange(len(grids)), total[:, i - 1].argmin())
        total[:, i] += np.minimum(stay, move)
    path = np.zeros(len(lengths), np.int64)
    path[-1] = total[:, -1].argmin()
    for i in range(len(lengths) - 1, 0, -1):
        path[i - 1] = back[path[i], i]
    return path


def _placed(beats: np.ndarray, lengths: np.ndarray, grids: list[list[BeatDivision]], chosen: np.ndarray,
            looseness: float) -> np.ndarray:
    """Twelfths of a beat on the chosen grids."""
    whole, beat, at = _parts(beats, len(lengths))
    own = [grids[choice][i] for i, choice in enumerate(chosen)]
    placed: Integers = whole * TICKS + _costs(at, beat, lengths, own, looseness)[0]
    return placed


def _steps(first: np.ndarray, grids: list[list[BeatDivision]], chosen: np.ndarray) -> np.ndarray:
    """Twelfths from each start to the next place of its beat's grid."""
    whole, inside = first // TICKS, first % TICKS
    out = np.zeros(len(first), np.int64)
    for i, beat in enumerate(np.clip(whole, 0, len(chosen) - 1)):
        steps = sorted(grids[chosen[beat]][beat].steps)
        out[i] = next(step for step in steps if step > inside[i]) - inside[i]
    return out
