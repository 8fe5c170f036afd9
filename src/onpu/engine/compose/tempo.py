"""From score time to seconds: steady, human or rubato."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between


@dataclass(frozen=True)
class BeatGrid:
    """The counted beats of a piece: places (n,) in quarters, positions (n,) in the bar, and for each the beat's length
    in quarters, its place in the phrase in [0, 1), whether the phrase ends with its bar, and its section."""

    places: np.ndarray
    positions: np.ndarray
    lengths: np.ndarray
    phase: np.ndarray
    closing: np.ndarray
    section: np.ndarray


@dataclass(frozen=True)
class BeatTimes:
    """Where the beats fall: places (n + 1,) in quarters and seconds (n + 1,), the end of the last beat included."""

    places: np.ndarray
    times: np.ndarray

    def seconds(self, quarters: np.ndarray) -> np.ndarray:
        """Times of score places; before the first and after the last beat at their tempo."""
        quarters = np.asarray(quarters, dtype=np.float64)
        inside = np.interp(quarters, self.places, self.times)
        first = (self.times[1] - self.times[0]) / (self.places[1] - self.places[0])
        last = (self.times[-1] - self.times[-2]) / (self.places[-1] - self.places[-2])
        before = np.minimum(quarters - self.places[0], 0) * first
        after = np.maximum(quarters - self.places[-1], 0) * last
        return inside + before + after


def make_tempo(grid: BeatGrid, bpm: float, timing: str, factors: np.ndarray, rng: np.random.Generator) -> BeatTimes:
    """Time every beat.

    bpm: counted beats a minute of the first signature. timing: `steady`,
        `human` or `rubato`. factors (n,): tempo of each
    beat relative to `bpm`.
    """
    count = len(grid.places)
    unit = grid.lengths[0]
    intervals = 60 / bpm * (grid.lengths / unit) / factors
    if timing == "human":
        intervals = intervals * np.exp(_drift(count, rng) + _section_moods(grid, 0.015, rng)
                                       + between(rng, 0.001, 0.008) * rng.standard_normal(count))
    elif timing == "rubato":
        intervals = intervals * np.exp(_rubato(grid, rng))
    if timing != "steady" or rng.random() < 0.15:
        intervals = intervals * _ending(grid, timing, rng)
    times = np.concatenate([[0.0], np.cumsum(intervals)])
    return BeatTimes(np.append(grid.places, grid.places[-1] + grid.lengths[-1]), times)


def _drift(count: int, rng: np.random.Generator) -> np.ndarray:
    """A slow random walk that is drawn back to zero, log tempo."""
    strength = between(rng, 0.001, 0.006)
    noise = strength * rng.standard_normal(count)
    walk = np.zeros(count)
    level = 0.0
    for index in range(count):
        level = 0.97 * level + noise[index]
        walk[index] = level
    return walk + between(rng, -0.03, 0.03) * np.arange(count) / max(count, 32)


def _section_moods(grid: BeatGrid, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Each section a little faster or slower."""
    return spread * rng.standard_normal(int(grid.section[-1]) + 1)[grid.section]


def _rubato(grid: BeatGrid, rng: np.random.Generator) -> np.ndarray:
    """Log lengthening of the beats: an arch over the phrase, held phrase ends, agogic accents, fermatas, unrest."""
    count = len(grid.places)
    depth = rng.random()
    arch = depth * between(rng, 0.0, 0.2) * (4 * (grid.phase - 0.45) ** 2 - 0.3)
    held = np.where(grid.closing, np.clip((grid.phase - 0.8) / 0.2, 0, 1) ** 2, 0.0)
    per_section = 1 + 0.6 * rng.standard_normal(int(grid.section[-1]) + 1)[grid.section]
    shape = arch + depth * between(rng, 0.05, 0.5) * held * np.clip(per_section, 0, 2)
    shape += np.where(grid.positions == 1, depth * between(rng, -0.03, 0.1), 0.0)
    shape += depth * between(rng, 0.01, 0.07) * rng.standard_normal(count)
    shape += _section_moods(grid, 0.08 * rng.random(), rng) + _drift(count, rng) * 2
    fermatas = grid.closing & (grid.phase > 0.85) & (rng.random(count) < 0.15 * rng.random())
    return shape + np.where(fermatas, between(rng, 0.3, 0.9), 0.0)


def _ending(grid: BeatGrid, timing: str, rng: np.random.Generator) -> np.ndarray:
    """A ritardando over the last beats, now and then."""
    count = len(grid.places)
    factors = np.ones(count)
    if rng.random() < (0.8 if timing == "rubato" else 0.35):
        length = min(count, 2 + int(rng.random() * 8))
        factors[count - length :] += between(rng, 0.15, 0.8) * np.linspace(0.1, 1, length) ** 1.5
    return factors


def swing(quarters: np.ndarray, unit: float, share: float) -> np.ndarray:
    """Move off-beats: in each pair, `unit` quarters long, the first half takes `share` of the time. Triplets stay."""
    if share == 0.5:
        return quarters
    pair = np.floor(quarters / unit + 1e-6)
    place = np.clip(quarters / unit - pair, 0, 1)
    triplet = (np.abs(place - 1 / 3) < 0.02) | (np.abs(place - 2 / 3) < 0.02)
    return unit * (pair + np.where(triplet, place, np.interp(place, [0, 0.5, 1], [0, share, 1])))
