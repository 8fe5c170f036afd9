"""Beats <-> the tempo map and time signatures of a MIDI file.

A MIDI file has no seconds: it counts ticks, every quarter note has as many, and tempo events say how long a quarter
lasts. So that the bars and beats of a performance stand in a sequencer's grid, every beat gets its tick, and the time
between two beats one tempo, which goes on for as long as the music's does.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from onpu.errors import LabelError
from onpu.music.arrays import repeated
from onpu.music.bars import DEFAULT_BEAT_SECONDS, counted, gaps_filled, metre_at, nearest
from onpu.music.beats import Beats, Metre
from onpu.music.tempo_knots import AT_START_SECONDS, WANDERING_SECONDS, TempoKnots, constant_tempo, knots_of

TICKS_PER_QUARTER = 960  # ticks a quarter; doubled until the longest tick is no longer than LONGEST_TICK
LONGEST_TICK = 0.0036  # seconds: notes lie within half of it
EXACT_SECONDS = 50e-6  # a beat that lies no further from where the tempo so far puts it leaves the tempo as it is
LEAD_INS = 0.5, 0.25, 0.125  # quarters before a first beat that comes sooner than half a beat
FINEST = 32  # denominator of time signatures
LONGEST_BAR, LONGEST_QUARTER = 255, 2**24 - 1  # what MIDI can say: a numerator, microseconds


@dataclass(frozen=True, eq=False)
class TempoMap:
    """Tempi: from ticks[i] on (k,), the first at 0, a quarter lasts microseconds[i], a whole number.

    Time signatures: from signature_ticks[i] on (m,), numerators[i] / denominators[i]; none where there is no metre.
    resolution: ticks a quarter. beat_times, beat_ticks: (n,) the beats that the map was made for, in seconds, and the
    ticks on which it puts them, where a steady tempo is some milliseconds from them.
    """

    ticks: np.ndarray
    microseconds: np.ndarray
    signature_ticks: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    resolution: int
    beat_times: np.ndarray = field(default_factory=lambda: np.zeros(0))
    beat_ticks: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def seconds(self, ticks: np.ndarray) -> np.ndarray:
        """Times of ticks; after the last tempo event its tempo holds on."""
        i = np.searchsorted(self.ticks, ticks, side="right") - 1
        return self._knots()[i] + (ticks - self.ticks[i]) * self.microseconds[i] / (1e6 * self.resolution)

    def nearest_ticks(self, seconds: np.ndarray) -> np.ndarray:
        """The ticks nearest to times, int64; 0 for what lies before 0 s."""
        knots = self._knots()
        i = np.maximum(np.searchsorted(knots, seconds, side="right") - 1, 0)
        ticks = self.ticks[i] + (seconds - knots[i]) * (1e6 * self.resolution) / self.microseconds[i]
        return np.maximum(np.rint(ticks), 0).astype(np.int64)

    def on_grid(self, seconds: np.ndarray) -> np.ndarray:
        """Times as far from the beats of the map as they are from those that it was made for."""
        if not len(self.beat_times):
            return seconds
        off = self.seconds(self.beat_ticks) - self.beat_times
        moved: np.ndarray = seconds + np.interp(seconds, self.beat_times, off)
        return moved

    def _knots(self) -> np.ndarray:
        lengths = np.diff(self.ticks) * self.microseconds[:-1] / (1e6 * self.resolution)
        return np.concatenate([[0.0], np.cumsum(lengths)])


def tempo_map(beats: Beats | None, metre: Metre | None, constant: bool = False) -> TempoMap:
    """The map on which beats lie on their ticks and downbeats on bar lines.

    A stretch of steady tempo (`onpu.music.steady`) is one event, about which its beats stray by some milliseconds. All
    other beats that were heard lie within `WANDERING_SECONDS` of the map, which has an event where the tempo changes by
    more; those that are known are met within 50 microseconds. A first beat in the first 12 ms is at 0 s. Before it and
    after the last the neighbouring tempo goes on; before it, it is bent so that whole bars, or else beats, or else a
    half, a quarter or an eighth of a quarter fit in. A bar with more or fewer beats than its metre has gets a signature
    of its own, and so does an upbeat. Without a metre a beat is a quarter; without downbeats there are no signatures.

    constant: whether there is one tempo throughout, the one that fits all beats best.

    Raises
    ------
    LabelError
        When a beat lies before 0 s.
    """
    none = np.zeros(0, np.int64)
    if beats is None or not len(beats.times):
        usual = np.array([round(DEFAULT_BEAT_SECONDS * 1e6)])
        return TempoMap(np.zeros(1, np.int64), usual, none, none, none, TICKS_PER_QUARTER)
    if beats.times[0] < 0:
        raise LabelError(f"beats: the one at {beats.times[0]:.3f} s lies before the recording, which begins at 0 s")
    times, positions = gaps_filled(beats.times, beats.positions, metre)
    quarters = _bars(times, positions, metre).quarters
    places = np.concatenate([[0.0], np.cumsum(quarters[:-1])])
    tolerance = WANDERING_SECONDS if (beats.confidence < 1).any() else 0.0
    knots = constant_tempo(places, times) if constant else knots_of(places, times, tolerance)
    count, rest = _lead_in(knots, positions, quarters[0], metre, constant)

    before = np.arange(count)
    in_bar = int(metre_at(times[:1], positions, metre).beats_in_bar()[0])
    all_times = np.concatenate([before * times[0] / max(count, 1), times])
    all_positions = np.concatenate([counted(positions[0], before - count, in_bar), positions])
    written = _bars(all_times, all_positions, metre)
    first = rest + count * quarters[0]
    slowest = max(np.diff(times) / quarters[:-1], default=DEFAULT_BEAT_SECONDS)
    doublings = math.ceil(math.log2(slowest / TICKS_PER_QUARTER / LONGEST_TICK))
    resolution = TICKS_PER_QUARTER * 2 ** min(4, max(0, doublings))
    ticks, microseconds = _tempi(knots.after(first), resolution)
    beat_ticks = np.rint((first + places) * resolution).astype(np.int64)
    if not (positions == 1).any():
        return TempoMap(ticks, microseconds, none, none, none, resolution, times, beat_ticks)

    bar_places = rest + np.concatenate([[0.0], np.cumsum(written.quarters)])[written.firsts]
    written.sizes[-1] = max(written.sizes[-1], written.full[-1])  # the recording may end within a bar
    rows = [(round(place * resolution), int(size * third), int(below)) for place, size, third, below in
            zip(bar_places, written.sizes, written.thirds, written.denominators, strict=True)]
    if all_positions[0] != 1:
        rows[0] = (0, *_upbeat(rest + written.sizes[0] * quarters[0], rows[0][2], quarters[0]))
    elif rest:
        rows.insert(0, (0, *_upbeat(rest, rows[0][2], quarters[0])))
    changes = [row for i, row in enumerate(rows) if i == 0 or row[1:] != rows[i - 1][1:]]
    signature_ticks, numerators, denominators = np.array(changes, np.int64).T
    return TempoMap(ticks, microseconds, signature_ticks, np.minimum(numerators, LONGEST_BAR), denominators, resolution,
                    times, beat_ticks)


def beats_on(tempi: TempoMap, end: int) -> tuple[Beats, Metre]:
    """All beats of the grid before the tick `end`, and the metre: 4/4 where the map has no signature, as MIDI has it.

    A single first bar that is shorter than the bars after it is an upbeat, whose beats count to the bar's end, if it
    holds whole beats of theirs, less than one, or is written in shorter notes, which is more than whole beats.
    """
    starts, numerators, denominators = tempi.signature_ticks, tempi.numerators, tempi.denominators
    if not len(starts) or starts[0] > 0:
        starts, numerators, denominators = (np.insert(a, 0, v) for a, v in
                                            ((starts, 0), (numerators, 4), (denominators, 4)))
    bars = numerators * 4 * tempi.resolution // denominators
    steps = bars // Metre(starts, numerators, denominators, np.ones(len(starts))).beats_in_bar()
    lengths = np.diff(starts, append=max(end, starts[-1]))
    upbeat = 0
    if len(starts) > 1 and lengths[0] <= bars[0] and lengths[0] < bars[1]:
        upbeat = int(lengths[0] % steps[1] == 0 or lengths[0] < steps[1] or denominators[0] > denominators[1])

    ticks, positions = [], []
    for i, (start, length, bar, step) in enumerate(zip(starts, lengths, bars, steps, strict=True)):
        if upbeat and i == 0:
            back = np.arange(length // steps[1], 0, -1)
            ticks.append(starts[1] - back * steps[1])
            positions.append(bars[1] // steps[1] - back + 1)
        else:
            count = np.arange(-(-length // step))
            ticks.append(start + count * step)
            positions.append(count % (bar // step) + 1)
    changes = np.flatnonzero((np.diff(numerators, prepend=0) != 0) | (np.diff(denominators, prepend=0) != 0))[upbeat:]
    metre_times = np.insert(tempi.seconds(starts[changes[1:]]), 0, 0.0)
    metre = Metre(metre_times, numerators[changes], denominators[changes], np.ones(len(changes)))
    return Beats.of(tempi.seconds(np.concatenate(ticks)), np.concatenate(positions)), metre


class _Bars(NamedTuple):
    """firsts: of each bar (m,) its first beat, of which the first may be an upbeat; sizes: beats that it holds; full:
    that its metre has. thirds: 3 in compound metres, else 1. denominators: of its metre. quarters: (n,) of each beat.
    """

    firsts: np.ndarray
    sizes: np.ndarray
    full: np.ndarray
    thirds: np.ndarray
    denominators: np.ndarray
    quarters: np.ndarray


def _bars(times: np.ndarray, positions: np.ndarray, metre: Metre | None) -> _Bars:
    firsts = np.union1d([0], np.flatnonzero(positions == 1))
    sizes = np.diff(firsts, append=len(times))
    signatures = metre_at(times[firsts], positions, metre)
    full = signatures.beats_in_bar()
    thirds = signatures.numerators // full
    return _Bars(firsts, sizes, full, thirds, signatures.denominators,
                 repeated(4 * thirds / signatures.denominators, sizes))


def _lead_in(knots: TempoKnots, positions: np.ndarray, beat: float, metre: Metre | None,
             constant: bool) -> tuple[int, float]:
    """Whole beats before the first one, and quarters before these: whole bars if that bends the tempo little, else
    beats, else a part of a beat; of a constant tempo, which cannot be bent, just as many as there are."""
    start = max(float(knots.times[0]), 0.0)
    if start <= AT_START_SECONDS:
        return 0, 0.0
    quarters = start / knots.seconds_per_quarter()
    wanted = quarters / beat
    if constant:
        count = int(wanted + AT_START_SECONDS / start)
        rest = quarters - count * beat
        return count, rest if rest * knots.seconds_per_quarter() > AT_START_SECONDS else 0.0
    in_bar = int(metre_at(knots.times[:1], positions, metre).beats_in_bar()[0])
    count = nearest(wanted, (positions[0] - 1) % in_bar, in_bar)
    if not count or not 2 / 3 <= wanted / count <= 3 / 2:
        count = round(wanted)
    return count, 0.0 if count else min(LEAD_INS, key=lambda part: abs(math.log(part / quarters)))


def _tempi(knots: TempoKnots, resolution: int) -> tuple[np.ndarray, np.ndarray]:
    """Where tempi change, and the microseconds a quarter from there on.

    Between two knots holds the tempo so far, if that meets the next knot; else the whole number nearest to their
    distance; else the one that also makes good the errors up to here.
    """
    ticks, times = np.rint(knots.places * resolution).astype(np.int64), knots.times
    lengths = np.diff(ticks) / (1e6 * resolution)  # seconds at one microsecond a quarter
    microseconds, tempo, now = [], round(knots.seconds_per_quarter() * 1e6), 0.0
    for length, start, end in zip(lengths, times, times[1:], strict=False):
        exact = round((end - now) / length)
        tempi = (tempo, round((end - start) / length), exact)
        tempo = next((t for t in tempi if abs(now + t * length - end) <= EXACT_SECONDS), exact)
        tempo = min(max(1, tempo), LONGEST_QUARTER)
        microseconds.append(tempo)
        now += tempo * length
    microseconds = microseconds or [tempo]
    changes = np.flatnonzero(np.diff(microseconds, prepend=0))
    return ticks[changes], np.array(microseconds, np.int64)[changes]


def _upbeat(quarters: float, below: int, beat: float) -> tuple[int, int]:
    """The time signature of a first bar of so many quarters, in the denominator `below` of the metre if that can be; in
    a shorter one where it holds more than whole beats, for that is how it is known for an upbeat."""
    if quarters > beat + 1e-6 and abs(quarters / beat - round(quarters / beat)) > 1e-6:
        below = min(2 * below, FINEST)
    while below < FINEST and abs(quarters * below / 4 - round(quarters * below / 4)) > 1e-6:
        below *= 2
    return max(1, math.ceil(quarters * below / 4 - 1e-6)), below
