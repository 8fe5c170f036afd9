"""Beats <-> the tempo map and time signatures of a MIDI file.

A MIDI file has no seconds: it counts ticks, every quarter note has as many, and tempo events say how long a quarter
lasts. So that the bars and beats of a performance stand in a sequencer's grid, every beat gets its tick, and the time
between two beats one tempo.
"""

import math
from dataclasses import dataclass

import numpy as np

from onpu.errors import LabelError
from onpu.music.bars import DEFAULT_BEAT_SECONDS, counted, gaps_filled, metre_at, nearest
from onpu.music.beats import Beats, Metre

TICKS_PER_QUARTER = 960  # ticks a quarter; doubled until the longest tick is no longer than LONGEST_TICK
LONGEST_TICK = 0.0036  # seconds: notes lie within half of it
STEADY_SECONDS = 50e-6  # a beat that lies no further from where the tempo so far puts it leaves the tempo as it is
LEAD_IN = 64  # denominator of a first bar that begins between two beats
LONGEST_BAR, LONGEST_QUARTER = 255, 2**24 - 1  # what MIDI can say: a numerator, microseconds


@dataclass(frozen=True, eq=False)
class TempoMap:
    """Tempi: from ticks[i] on (k,), the first at 0, a quarter lasts microseconds[i], a whole number.

    Time signatures: from signature_ticks[i] on (m,), numerators[i] / denominators[i]; none where there is no metre.
    resolution: ticks a quarter.
    """

    ticks: np.ndarray
    microseconds: np.ndarray
    signature_ticks: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    resolution: int

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

    def _knots(self) -> np.ndarray:
        lengths = np.diff(self.ticks) * self.microseconds[:-1] / (1e6 * self.resolution)
        return np.concatenate([[0.0], np.cumsum(lengths)])


def tempo_map(beats: Beats | None, metre: Metre | None) -> TempoMap:
    """The map on which every beat lies on its tick, within 50 microseconds, and every downbeat on a bar line.

    Before the first beat and after the last the neighbouring tempo goes on; before the first it is bent so that whole
    bars, or else whole beats, fit in. A bar with more or fewer beats than its metre has gets a signature of its own,
    and so does an upbeat. Without a metre a beat is a quarter; without downbeats there are no signatures.

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
    times, positions = _with_lead_in(*gaps_filled(beats.times, beats.positions, metre), metre)

    bars = np.union1d([0], np.flatnonzero(positions == 1))  # the beats that begin one; the first may be an upbeat
    sizes = np.diff(bars, append=len(times))
    signatures = metre_at(times[bars], positions, metre)
    thirds = signatures.numerators // signatures.beats_in_bar()  # 3 in compound metres, else 1
    quarters = np.repeat(4 * thirds / signatures.denominators, sizes)  # of each beat

    period = float(np.median(np.diff(times) / quarters[:-1])) if len(times) > 1 else DEFAULT_BEAT_SECONDS / quarters[0]
    lead_in = max(1, round(16 * times[0] / period)) / 16 if times[0] > 0 else 0.0  # quarters, less than one beat
    slowest = max(np.diff(times) / quarters[:-1], default=period)
    doublings = math.ceil(math.log2(slowest / TICKS_PER_QUARTER / LONGEST_TICK))
    resolution = TICKS_PER_QUARTER * 2 ** min(4, max(0, doublings))
    places = np.rint((lead_in + np.concatenate([[0.0], np.cumsum(quarters[:-1])])) * resolution).astype(np.int64)
    ticks, microseconds = _tempi(places, times, period, resolution)
    if not (positions == 1).any():
        return TempoMap(ticks, microseconds, none, none, none, resolution)

    sizes[-1] = max(sizes[-1], signatures.beats_in_bar()[-1])  # the recording may end within a bar
    written = list(zip(places[bars], sizes * thirds, signatures.denominators, strict=True))
    if positions[0] != 1:
        written[0] = (0, *_upbeat(sizes[0] * quarters[0], lead_in))
    elif lead_in:
        written.insert(0, (0, *_upbeat(0.0, lead_in)))
    changes = [w for i, w in enumerate(written) if i == 0 or w[1:] != written[i - 1][1:]]
    signature_ticks, numerators, denominators = np.array(changes, np.int64).T
    return TempoMap(ticks, microseconds, signature_ticks, np.minimum(numerators, LONGEST_BAR), denominators, resolution)


def beats_on(tempi: TempoMap, end: int) -> tuple[Beats, Metre]:
    """All beats of the grid before the tick `end`, and the metre: 4/4 where the map has no signature, as MIDI has it.

    A single first bar that is shorter than the bars after it is an upbeat, whose beats count to the bar's end, if it
    holds whole beats of theirs or begins with a lead-in of less than one.
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
        upbeat = int(lengths[0] % steps[1] == 0 or denominators[0] == LEAD_IN)

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


def _with_lead_in(times: np.ndarray, positions: np.ndarray, metre: Metre | None) -> tuple[np.ndarray, np.ndarray]:
    """Beats with others from 0 s to the first: whole bars if that bends the tempo little, else as many as fit."""
    in_bar = metre_at(times[:1], positions, metre).beats_in_bar()[0]
    wanted = times[0] / (times[1] - times[0] if len(times) > 1 else DEFAULT_BEAT_SECONDS)
    count = nearest(wanted, (positions[0] - 1) % in_bar, in_bar)
    if not count or not 2 / 3 <= wanted / count <= 3 / 2:
        count = round(wanted)
    before = np.arange(count)
    return (
        np.concatenate([before * times[0] / max(count, 1), times]),
        np.concatenate([counted(positions[0], before - count, in_bar), positions]),
    )


def _tempi(
    ticks: np.ndarray, times: np.ndarray, period: float, resolution: int
) -> tuple[np.ndarray, np.ndarray]:
    """Where tempi change, and the microseconds a quarter from there on.

    Between two beats holds the tempo so far, if that meets the next beat; else the whole number nearest to their
    distance; else the one that also makes good the errors up to here. So a steady tempo is one event.
    """
    if ticks[0] > 0:
        ticks, times = np.insert(ticks, 0, 0), np.insert(times, 0, 0.0)
    lengths = np.diff(ticks) / (1e6 * resolution)  # seconds at one microsecond a quarter
    microseconds, tempo, now = [], round(period * 1e6), 0.0
    for length, start, end in zip(lengths, times, times[1:], strict=False):
        exact = round((end - now) / length)
        tempi = (tempo, round((end - start) / length), exact)
        tempo = next((t for t in tempi if abs(now + t * length - end) <= STEADY_SECONDS), exact)
        tempo = min(max(1, tempo), LONGEST_QUARTER)
        microseconds.append(tempo)
        now += tempo * length
    microseconds = microseconds or [tempo]
    changes = np.flatnonzero(np.diff(microseconds, prepend=0))
    return ticks[changes], np.array(microseconds, np.int64)[changes]


def _upbeat(quarters: float, lead_in: float) -> tuple[int, int]:
    """The time signature of a first bar of so many quarters after a lead-in of some sixteenths of one.

    With a lead-in in LEAD_IN parts of a whole note, which tells it from music; without, in the largest that fit.
    """
    numerator, denominator = round((quarters + lead_in) * LEAD_IN / 4), LEAD_IN
    while not lead_in and denominator > 4 and numerator % 2 == 0:
        numerator, denominator = numerator // 2, denominator // 2
    return numerator, denominator
