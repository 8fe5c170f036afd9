"""Notes on a score's grid: where in the beat each begins and ends, as it would be written.

Each beat has a division of its own: straight, triplets or swing, in compound metres thirds or duplets. It is decided
from everything that begins in it (drums tell swing better than singers do), whichever explains the onsets best and
changes seldom: a path of least price through the beats, as in hidden Markov models (Takeda, Otsuki et al., "Hidden
Markov model for automatic transcription of MIDI signals", MMSP 2002). What is to be written is then put on it.
"""

from dataclasses import dataclass, replace

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import Booleans, Floats, Integers, occurrences, repeated
from onpu.music.bars import Bars, usual_beat

TICKS = 24
"""Steps of the grid in a beat: thirty-seconds are 3 of them, sixteenths 6, triplet eighths 8."""
HALF = TICKS // 2
FINEST_STRAIGHT = TICKS // 8
"""Steps of which all places are multiples that halve a beat, thirty-seconds included."""
SHORT_LONG = 2 * TICKS // 3
"""Step on which the second eighth of a swung beat is put."""
CHORD_ONSET_SECONDS = 0.03
"""Seconds between onsets that are one chord."""
TIMING_BEATS = 0.03
"""Standard deviation of onsets around their place in the score in beats, beside that in seconds."""
TIMING_SECONDS = 0.018
"""The same in seconds."""
SWITCH_COST = 2.0
"""Price of another grid than in the beat before, as the logarithm of a probability."""
TOGETHER_COST = 2.0
"""Price of two onsets that are none of a chord on one place, for which the division is too coarse."""
END_LOOSENESS = 2.0
"""Ends of notes keep so much less to the grid than their beginnings."""
SUNG_SECONDS = 0.045
"""`TIMING_SECONDS` of singers, whose consonants come before the beat and whose vowels after it."""
SWING_SHARE = 0.5
"""Share of the divided beats that are swung from which on this is said once, and written even."""


@dataclass(frozen=True)
class Grid:
    """How finely is written. finest: even parts of a beat, 1 (beats alone), 2 (eighths, where beats are quarters), 4
    (sixteenths) or 8 (thirty-seconds, in beats that have many notes); where a beat is in thirds, as many parts of it
    come to 1, 3, 6 and 6; None: whatever suits. thirds: whether beats of simple metres may be divided into triplets, or
    swung."""

    finest: int | None = None
    thirds: bool = True

    def __post_init__(self) -> None:
        if self.finest is not None and self.finest not in ALLOWED:
            raise LabelError(f"a grid has {', '.join(map(str, ALLOWED))} parts a beat, not {self.finest}")

    def suiting(self, known: bool) -> "Grid":
        """With thirty-seconds for notes that are known, sixteenths for what was heard, unless it says how finely."""
        return self if self.finest is not None else replace(self, finest=8 if known else 4)


AS_SUITS = Grid()
ALLOWED = {1: (0, 24), 2: (0, 8, 12, 16, 24), 4: tuple(range(0, 25, 2)), 8: tuple(range(25))}
"""Parts of a beat -> the steps of a beat that may then be written."""


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


STRAIGHT = _even({0: 0.0, 12: 0.5, 6: 1.5, 18: 1.2, 24: 0.0})
FINE = _even({0: 0.0, 12: 0.5, 6: 1.5, 18: 1.2, 3: 1.5, 9: 1.5, 15: 1.5, 21: 1.5, 24: 0.0}, 3.0)
TRIPLET = _even({0: 0.0, 8: 0.7, 16: 0.7, 4: 2.5, 12: 2.5, 20: 2.5, 24: 0.0}, 1.0)
SWING = BeatDivision((0, SHORT_LONG, 24), (0.0, 0.63, 1.0), (0.0, 0.3, 0.0), 1.0)
THIRDS = _even({0: 0.0, 8: 0.3, 16: 0.3, 4: 1.5, 12: 1.5, 20: 1.5, 24: 0.0})
DUPLET = _even({0: 0.0, 12: 0.5, 6: 2.0, 18: 2.0, 24: 0.0}, 3.0)
SIMPLE, COMPOUND = (STRAIGHT, FINE, TRIPLET, SWING), (THIRDS, DUPLET)
SWUNG = SIMPLE.index(SWING)


@dataclass(frozen=True, eq=False)
class Quantised:
    """starts, ends: (n,) whole numbers, ticks of a beat (`TICKS`) after the first bar's start, ends > starts; before
    the first bar negative, after the last bar beyond its end. swung: (beats,) whether a beat's eighths are played long
    and short; nowhere unless the music swings as a whole."""

    starts: np.ndarray
    ends: np.ndarray
    swung: np.ndarray

    def beats(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends in beats."""
        return self.starts / TICKS, self.ends / TICKS

    @property
    def swings(self) -> bool:
        """Whether the music swings: this is said once, and `evened` is written."""
        return bool(self.swung.any())

    def evened(self) -> "Quantised":
        """As it is written under the mark "swing": the short eighth on the half of its beat."""
        starts, ends = self._even(self.starts), self._even(self.ends)
        return replace(self, starts=starts, ends=np.where(ends > starts, ends, self.ends))

    def _even(self, ticks: np.ndarray) -> np.ndarray:
        beat = np.clip(ticks // TICKS, 0, max(len(self.swung) - 1, 0))
        late = (ticks % TICKS == SHORT_LONG) & (self.swung[beat] if len(self.swung) else False)
        return np.where(late, ticks - (SHORT_LONG - HALF), ticks)


def quantise(onsets: np.ndarray, offsets: np.ndarray, bars: Bars, grid: Grid = AS_SUITS, *,
             heard: np.ndarray | None = None, timing_seconds: float = TIMING_SECONDS) -> Quantised:
    """Put notes on the grid of the beats.

    A note is at least a step of its grid long. What sounds together (within `CHORD_ONSET_SECONDS`) begins together.

    Parameters
    ----------
    onsets, offsets
        (n,) seconds, in any order; of drums the same times.
    bars
        Whose beats are divided; what lies before or after them is counted on at the usual tempo.
    grid
        How finely is written; where it does not say, as suits notes that are known.
    heard
        (m,) seconds: onsets of everything that sounds, by which beats are divided; None: `onsets`.
    timing_seconds
        Standard deviation of the onsets around their place in the score, in seconds; `SUNG_SECONDS` for singers.
    """
    beats, grid = len(bars.grid) - 1, grid.suiting(known=True)
    if not len(onsets) or not beats:
        none = np.zeros(len(onsets), np.int64)
        return Quantised(none, none + 1, np.zeros(beats, bool))
    lengths = np.diff(bars.grid)
    compound = repeated(bars.quarters, bars.beats) > 1
    deciding = np.unique(_in_beats(_chords(onsets if heard is None else heard), bars.grid))  # a chord counts as one
    own, swung = _divided(deciding, lengths, compound, grid, timing_seconds if heard is None else TIMING_SECONDS)
    first = _placed(_in_beats(_chords(onsets), bars.grid), lengths, own, timing_seconds, 1.0)
    last = _placed(_in_beats(offsets, bars.grid), lengths, own, timing_seconds, END_LOOSENESS)
    return Quantised(first, np.maximum(last, first + _steps(first, own)), swung)


def seconds_at(ticks: np.ndarray, bars: Bars) -> np.ndarray:
    """Times of places of the score, ticks after the first bar's start: the inverse of `quantise`, for what
    is quantised and is to be heard."""
    beats = ticks / TICKS
    period, last = usual_beat(bars.grid), len(bars.grid) - 1
    inside: Floats = np.interp(beats, np.arange(last + 1), bars.grid)
    return inside + period * (np.minimum(beats, 0) + np.maximum(beats - last, 0))


def _divided(onsets: np.ndarray, lengths: np.ndarray, compound: np.ndarray, grid: Grid,
             timing: float) -> tuple[list[BeatDivision], np.ndarray]:
    """The division of each beat, and whether it is swung. Music that swings does so nearly everywhere; where it does
    not, a beat that seems to is played loosely."""
    simple: tuple[BeatDivision, ...] = SIMPLE if grid.thirds else SIMPLE[:2]
    choices = _choices(compound, simple, grid)
    chosen = _choice(onsets, lengths, choices, timing)
    divided = np.zeros(len(lengths), bool)
    divided[_parts(onsets, len(lengths))[1][onsets % 1 != 0]] = True
    inside = divided & ~compound
    swings = grid.finest != 1 and inside.any() and _long_short(onsets, lengths, chosen, choices, timing)[inside].mean(
        ) > SWING_SHARE
    swinging = replace(STRAIGHT, price=SWING.price), FINE, TRIPLET, replace(SWING, price=0.0)
    simple = swinging if swings else simple[:SWUNG]
    choices = _choices(compound, simple, grid)
    chosen = _choice(onsets, lengths, choices, timing)
    return [choices[number][beat] for beat, number in enumerate(chosen)], (chosen == SWUNG) & ~compound


def _long_short(onsets: np.ndarray, lengths: np.ndarray, chosen: np.ndarray, choices: list[list[BeatDivision]],
                timing: float) -> np.ndarray:
    """Which beats (beats,) are divided into a long and a short part alone, swung or as triplets without the first."""
    own = [choices[number][beat] for beat, number in enumerate(chosen)]
    inside = _placed(onsets, lengths, own, timing, 1.0) % TICKS
    beat = _parts(onsets, len(lengths))[1]
    other = np.zeros(len(lengths), bool)
    other[beat[(inside != 0) & (inside != SHORT_LONG)]] = True
    out: Booleans = (chosen == SWUNG) | ((chosen == SIMPLE.index(TRIPLET)) & ~other)
    return out


def _choices(compound: np.ndarray, simple: tuple[BeatDivision, ...], grid: Grid) -> list[list[BeatDivision]]:
    """The division of each beat under each choice; compound metres have fewer, the last of which stands for others."""
    simple, thirds = (tuple(_coarser(each, grid) for each in kinds) for kinds in (simple, COMPOUND))
    return [[thirds[min(number, len(thirds) - 1)] if is_compound else each for is_compound in compound]
            for number, each in enumerate(simple)]


def _coarser(division: BeatDivision, grid: Grid) -> BeatDivision:
    """The places of a division that the grid allows."""
    kept = [i for i, step in enumerate(division.steps) if step in ALLOWED[grid.finest or 8]]
    return replace(division, steps=tuple(division.steps[i] for i in kept),
                   played=tuple(division.played[i] for i in kept), prices=tuple(division.prices[i] for i in kept))


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


def _costs(beats: np.ndarray, lengths: np.ndarray, divisions: list[BeatDivision], timing: float,
           looseness: float) -> tuple[np.ndarray, np.ndarray]:
    """Cheapest step (n,) of each position in its beat's division, and its price (n,)."""
    _, beat, at = _parts(beats, len(lengths))
    spread = looseness * np.hypot(TIMING_BEATS, timing / lengths[beat])
    steps, prices = np.zeros(len(at), np.int64), np.zeros(len(at))
    kinds = np.array([id(each) for each in divisions])[beat]
    for each in {id(each): each for each in divisions}.values():
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


def _choice(starts: np.ndarray, lengths: np.ndarray, choices: list[list[BeatDivision]], timing: float) -> np.ndarray:
    """Number of the choice for each beat (beats,): the path of least price."""
    beat = _parts(starts, len(lengths))[1]
    total = np.array([[each.price for each in divisions] for divisions in choices])
    apart = np.diff(starts) * lengths[beat[:-1]] > 2 * CHORD_ONSET_SECONDS
    for number, divisions in enumerate(choices):
        steps, prices = _costs(starts, lengths, divisions, timing, 1.0)
        np.add.at(total[number], beat, prices)
        together = np.flatnonzero((np.diff(np.floor(starts) * TICKS + steps) == 0) & apart)
        np.add.at(total[number], beat[together], TOGETHER_COST)
    empty = occurrences(beat, minlength=len(lengths)) == 0
    total[:, empty] = 0
    back = np.zeros(total.shape, np.int64)
    for i in range(1, len(lengths)):
        stay, move = total[:, i - 1], total[:, i - 1].min() + SWITCH_COST
        back[:, i] = np.where(stay <= move, np.arange(len(choices)), total[:, i - 1].argmin())
        total[:, i] += np.minimum(stay, move)
    path = np.zeros(len(lengths), np.int64)
    path[-1] = total[:, -1].argmin()
    for i in range(len(lengths) - 1, 0, -1):
        path[i - 1] = back[path[i], i]
    return path


def _placed(beats: np.ndarray, lengths: np.ndarray, divisions: list[BeatDivision], timing: float,
            looseness: float) -> np.ndarray:
    """Ticks on the divisions of the beats."""
    placed: Integers = (np.floor(beats).astype(np.int64) * TICKS
                        + _costs(beats, lengths, divisions, timing, looseness)[0])
    return placed


def _steps(first: np.ndarray, divisions: list[BeatDivision]) -> np.ndarray:
    """Ticks from each start to the next place of its beat's division."""
    whole, inside = first // TICKS, first % TICKS
    out = np.zeros(len(first), np.int64)
    for i, beat in enumerate(np.clip(whole, 0, len(divisions) - 1)):
        out[i] = next(step for step in sorted(divisions[beat].steps) if step > inside[i]) - inside[i]
    return out
