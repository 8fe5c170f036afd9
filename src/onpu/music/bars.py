"""Bars of a recording: beats grouped by their downbeats, numbered, each with the time signature it is written in."""

from dataclasses import dataclass, replace

import numpy as np

from onpu.music.arrays import Floats, Integers
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.timeline import Timeline

SLOWEST_BEAT_SECONDS = 2.5  # seconds a quarter; a longer gap between beats is filled with bars at the usual tempo
DEFAULT_BEAT_SECONDS = 0.5  # seconds, where beats do not tell: 120 a minute
METRE_SLACK = 0.05  # seconds: a metre that begins no later than this after a downbeat begins with it
NEARBY = 8  # beats from which the tempo before the first and after the last beat is taken


@dataclass(frozen=True, eq=False)
class Bars:
    """n bars, one after the other without gaps.

    numbers: (n,) from 1 on, before them 0 for an anacrusis. numerators, denominators: (n,) the time signature the bar
    is written in: that of the metre, or the bar's own where it has more or fewer beats; an anacrusis has that of the
    bars after it. quarters: (n,) length of a beat in quarter notes: 1.5 in 6/8, 0.5 in 7/8.
    firsts: (n + 1,) index in `grid` of the first beat of each bar and of the end of the last.
    grid: (m + 1,) seconds, strictly ascending: m beats and the end of the last.
    """

    numbers: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    quarters: np.ndarray
    firsts: np.ndarray
    grid: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """(n,) seconds."""
        starts: Floats = self.grid[self.firsts[:-1]]
        return starts

    @property
    def ends(self) -> np.ndarray:
        """(n,) seconds; the last bar is whole, and may end after the recording does."""
        ends: Floats = self.grid[self.firsts[1:]]
        return ends

    @property
    def beats(self) -> np.ndarray:
        """(n,) beats that the bar holds; dotted ones in compound metres."""
        return np.diff(self.firsts)

    def beats_at(self, seconds: np.ndarray) -> np.ndarray:
        """Times counted in beats: 0 at the first bar's start, 1.5 in the middle of the second beat; held to [0, m]."""
        beats: Floats = np.interp(seconds, self.grid, np.arange(len(self.grid)))
        return beats


def bars(timeline: Timeline) -> Bars:
    """Bars from the first beat to the last, which the last bar's end follows; none where there are no beats.

    Beats of unknown position are counted on from those that are known; where none is a downbeat, from the first beat.
    Pauses between beats are filled with bars. Before the first beat and after the last, bars are added only where
    chords change there: at least a bar before it, or after the last bar's end.

    Raises
    ------
    LabelError
        When beats were not looked for.
    """
    beats, metre = timeline.require(Beats), timeline.metre
    if not len(beats.times):
        none = np.zeros(0, np.int64)
        return Bars(none, none, none, np.zeros(0), np.zeros(1, np.int64), np.zeros(1))
    times, positions = gaps_filled(beats.times, beats.positions, metre)
    positions = _known(positions, metre_at(times, positions, metre).beats_in_bar())
    times, positions = _with_lead_in(times, positions, metre, timeline.chords)

    firsts = np.union1d([0], np.flatnonzero(positions == 1))  # the first bar may be an anacrusis
    signatures = metre_at(times[firsts], positions, metre)
    full = signatures.beats_in_bar()
    sizes = np.diff(firsts, append=len(times))
    anacrusis = positions[0] != 1 and sizes[0] < full[0]
    written = sizes.copy()
    if anacrusis:
        written[0] = full[0]
    sizes[-1] = max(sizes[-1], full[-1] - (positions[0] - 1 if anacrusis and len(sizes) == 1 else 0))
    written[-1] = max(written[-1], full[-1])

    period = usual_beat(times[-NEARBY:])
    closing = times[-1] + period * np.arange(1, sizes.sum() - len(times) + 2)
    tail = _bars_of_tail(closing[-1], full[-1] * period, timeline.chords)
    closing = np.concatenate([closing, closing[-1] + period * np.arange(1, tail * full[-1] + 1)])
    last = np.concatenate([np.arange(len(sizes)), np.full(tail, len(sizes) - 1)])  # the bar that each is written like
    sizes = np.concatenate([sizes, np.full(tail, full[-1])])
    thirds = signatures.numerators // full  # 3 in compound metres, else 1
    return Bars(
        numbers=np.arange(len(sizes)) + (0 if anacrusis else 1),
        numerators=np.where(np.arange(len(sizes)) == last, written[last], full[-1]) * thirds[last],
        denominators=signatures.denominators[last],
        quarters=(4 * thirds / signatures.denominators)[last],
        firsts=np.concatenate([[0], np.cumsum(sizes)]),
        grid=np.concatenate([times, closing]))


def lengthened(found: Bars, end: float) -> Bars:
    """With bars like the last one until they end at least a quarter of a beat after the time `end` in seconds."""
    period = usual_beat(found.grid)
    size = int(found.beats[-1])
    more = max(0, int(np.ceil((end + period / 4 - found.grid[-1]) / (size * period))))
    if not more:
        return found
    return replace(
        found,
        numbers=np.concatenate([found.numbers, found.numbers[-1] + 1 + np.arange(more)]),
        numerators=np.append(found.numerators, [found.numerators[-1]] * more),
        denominators=np.append(found.denominators, [found.denominators[-1]] * more),
        quarters=np.append(found.quarters, [found.quarters[-1]] * more),
        firsts=np.concatenate([found.firsts, found.firsts[-1] + size * (1 + np.arange(more))]),
        grid=np.concatenate([found.grid, found.grid[-1] + period * (1 + np.arange(size * more))]))


def preceded(found: Bars, start: float) -> Bars:
    """With as many beats before the first as reach back to the time `start`, but for a quarter of a beat: as an upbeat,
    or, where they fill one, as bars like the first whole one."""
    period = usual_beat(found.grid[: NEARBY + 1])
    more = int(np.ceil((found.grid[0] - start) / period - 0.25))
    if more <= 0 or not len(found.numbers):
        return found
    upbeat = int(found.numbers[0] == 0)
    model = min(upbeat, len(found.numbers) - 1)
    full = round(4 * found.numerators[model] / found.denominators[model] / found.quarters[model])
    whole, left = divmod(more + (int(found.beats[0]) if upbeat else 0), full)
    sizes = [left] * (left > 0) + [full] * whole

    def column(values: np.ndarray) -> np.ndarray:
        return np.concatenate([np.full(len(sizes), values[model]), values[upbeat:]])

    beats = np.concatenate([sizes, found.beats[upbeat:]]).astype(np.int64)
    return Bars(np.arange(len(beats)) + int(left == 0), column(found.numerators), column(found.denominators),
                column(found.quarters), np.concatenate([[0], np.cumsum(beats)]),
                np.concatenate([found.grid[0] - period * np.arange(more, 0, -1), found.grid]))


def usual_beat(times: np.ndarray) -> float:
    """Seconds from one beat to the next."""
    return float(np.median(np.diff(times))) if len(times) > 1 else DEFAULT_BEAT_SECONDS


def metre_at(times: np.ndarray, positions: np.ndarray, metre: Metre | None) -> Metre:
    """The time signature in force at each time; without a metre as many quarters as the highest position, four where
    no position is known."""
    sure = np.ones(len(times))
    if metre is None or not len(metre.times):
        four = np.full(len(times), 4)
        return Metre(times, np.full(len(times), positions.max(initial=0) or 4), four, sure)
    i = np.maximum(np.searchsorted(metre.times, times + METRE_SLACK, side="right") - 1, 0)
    return Metre(times, metre.numerators[i], metre.denominators[i], sure)


def gaps_filled(times: np.ndarray, positions: np.ndarray, metre: Metre | None) -> tuple[np.ndarray, np.ndarray]:
    """Beats with others laid evenly into long gaps, so many that the positions go on in their order."""
    if len(times) < 2:
        return times, positions
    gaps = np.diff(times)
    signatures = metre_at(times[:-1], positions, metre)
    in_bar = signatures.beats_in_bar()
    limits = SLOWEST_BEAT_SECONDS * 4 * (signatures.numerators // in_bar) / signatures.denominators
    usual = float(np.median(gaps))
    for i in np.flatnonzero(gaps > limits)[::-1]:
        step = (positions[i + 1] - positions[i]) % in_bar[i] or in_bar[i]
        count = nearest(gaps[i] / min(usual, limits[i]), step, in_bar[i])
        inside = np.arange(1, count)
        times = np.insert(times, i + 1, times[i] + inside * gaps[i] / count)
        positions = np.insert(positions, i + 1, counted(positions[i], inside, in_bar[i]))
    return times, positions


def nearest(wanted: float, least: int, step: int) -> int:
    """The number nearest to `wanted` among least, least + step, least + 2 step …"""
    return int(least + step * max(0, round((wanted - least) / step)))


def counted(position: int, steps: np.ndarray, in_bar: int) -> np.ndarray:
    """Positions in the bar so many beats after `position`; 0 (unknown) stays so."""
    return (position - 1 + steps) % in_bar + 1 if position else np.zeros_like(steps)


def _known(positions: np.ndarray, in_bar: np.ndarray) -> np.ndarray:
    """Positions with the unknown ones counted: on from the one before, at the beginning back from the first known."""
    if not (positions == 1).any():
        counted_on: Integers = np.arange(len(positions)) % in_bar[0] + 1
        return counted_on
    first = int(np.flatnonzero(positions)[0])
    out = positions.copy()
    out[:first] = counted(out[first], np.arange(-first, 0), in_bar[0])
    for i in np.flatnonzero(out == 0):
        out[i] = out[i - 1] % in_bar[i] + 1
    return out


def _with_lead_in(times: np.ndarray, positions: np.ndarray, metre: Metre | None,
                  chords: Chords | None) -> tuple[np.ndarray, np.ndarray]:
    """Beats with others before the first, back to the first chord, if that is a bar or more away."""
    in_bar = metre_at(times[:1], positions, metre).beats_in_bar()[0]
    period = usual_beat(times[:NEARBY])
    sounding = chords.starts[chords.labels != "N"] if chords is not None else np.zeros(0)
    count = int((times[0] - sounding[0]) / period + 0.25) if len(sounding) else 0
    if count < in_bar:
        return times, positions
    back = np.arange(-count, 0)
    return (np.concatenate([times[0] + back * period, times]),
            np.concatenate([counted(positions[0], back, in_bar), positions]))


def _bars_of_tail(end: float, bar: float, chords: Chords | None) -> int:
    """Bars of so many seconds that are needed after `end` for the chords that begin there."""
    if chords is None or not ((chords.starts > end - bar / 8) & (chords.labels != "N")).any():
        return 0
    last = float(chords.ends[chords.labels != "N"][-1])
    return max(1, round((last - end) / bar))
