"""The metrical level of the beats: which of the pulses that fit a recording people tap.

The bar-pointer model finds beats that lie on peaks of the activation; at half or double their rate, or at two to three,
they often fit as well. So beats are also decoded around these tempi, and one of the answers is chosen by what each says
of itself (`LevelCues`). All cues are ratios, so that it does not matter how high activations are. What each cue counts
was fitted to composed songs and to recordings that are kept for such choices, as a logarithm of odds
(`benchmarks/listening/beat_decisions.py`).
"""

from dataclasses import astuple, dataclass, replace

import numpy as np

from onpu.decode.bars import BarModel, BarPath, decode_bars
from onpu.decode.beat_similarity import beat_patterns, excess, similarity
from onpu.decode.belief import belief
from onpu.decode.pulse import REACH_SECONDS, SMALL, HeardPulse, near, tempo_belief
from onpu.decode.signature import EIGHTHS_BPM
from onpu.music.arrays import occurrences

FACTORS = (0.5, 2.0, 2 / 3, 1.5, 1 / 3, 3.0)
"""Tempi that are tried beside the one found first, as multiples of it."""
WIDTH = 1.3
"""Factor by which the tempo of a candidate may leave its middle."""
SAME_TEMPO = 0.1
"""Share by which a tempo differs from another at least."""
UNEVEN_METRES, UNEVEN_BPM = (5, 7), 300.0
"""Beats a bar that are also counted in eighths, and the fastest eighths that are looked for, where the model's range
ends below."""
MODERATE_BPM = 110.0
"""Beats a minute from which on the cue `fast` counts."""
SAME_LEVEL = 1.1
"""Factor by which the tempo may leave that of a path when its bars are sought again."""
STEADY_BEATS = 4
"""Beats that a tempo lasts at least to be one at which bars are sought again."""
MIN_BEATS, TEMPO_BEATS = 3, 8
"""Beats that a candidate has at least, and over which its tempo is measured."""


@dataclass(frozen=True)
class LevelCues:
    """What speaks for or against a path of beats; of `WEIGHTS`, what each counts.

    first: 1 for the path of the highest score over all tempi, else 0. kept: share of that path's downbeats at which
    this one has a beat too, since a slower level keeps the bar lines. head: logarithm of the tempo head's mean belief
    in the tempo of the beats. height: activation at beats over that at its peaks (its mean weighed by itself). even,
    triple: how far the strongest of every second, every third beats stands out, in [0, 1]. low_even: the same of every
    second beat in the low bands' flux. rises_halves, rises_thirds, rises_quarters: logarithm of the flux at beats over
    that half-way between them, at their thirds, and at the first and third quarters. down: logarithm of the downbeat
    activation on downbeats over that on other beats. harmony: mean log odds that harmony gives downbeats, less that of
    other beats. believed: logarithm of `belief`. fast: square of the octaves above `MODERATE_BPM`, for what the cues of
    fast beats lack. uneven: of fast bars of five or seven, by how much the rhythm comes round with them
    (`beat_similarity.excess`), else 0.
    """

    first: float
    kept: float
    head: float
    height: float
    even: float
    triple: float
    low_even: float
    rises_halves: float
    rises_thirds: float
    rises_quarters: float
    down: float
    harmony: float
    believed: float
    fast: float
    uneven: float


WEIGHTS = LevelCues(first=0.4, kept=1.4, head=0.55, height=1.6, even=-1.6, triple=-3.1, low_even=1.8, rises_halves=0.85,
                    rises_thirds=0.2, rises_quarters=0.35, down=0.15, harmony=0.3, believed=0.3, fast=0.8, uneven=4.0)


def best_level(pulse: HeardPulse, model: BarModel, any_tempo: bool = True) -> tuple[BarPath, float]:
    """The path of the level that people tap, of those within the model's range, and its probability among them.

    any_tempo: whether eighths of uneven metres may be faster than the range says.
    """
    paths = candidates(pulse.beat, pulse.downbeat, model, any_tempo)
    if len(paths) == 1:
        return paths[0], 1.0
    weights = np.array(astuple(WEIGHTS))
    odds = np.exp([weights @ np.array(astuple(cues(path, pulse, paths[0]))) for path in paths])
    best = int(np.argmax(odds))
    return paths[best], float(odds[best] / odds.sum())


def candidates(beat: np.ndarray, downbeat: np.ndarray, model: BarModel, any_tempo: bool = True) -> list[BarPath]:
    """The best path over all tempi, then those around related tempi, of no tempo twice."""
    found = [decode_bars(beat, downbeat, model)]
    if len(found[0].frames) < MIN_BEATS:
        return found
    tempi = [bpm_of(found[0], model.fps)]
    uneven = tuple(metre for metre in model.metres if metre in UNEVEN_METRES)
    in_threes = np.mean(found[0].metres == 3) > 0.5  # a third of the tempo would take the bars of a waltz for beats
    for factor in FACTORS:
        bpm, slowest, fastest = tempi[0] * factor, *model.bpm
        metres = model.metres
        if any_tempo and uneven and factor == 2 and fastest < bpm <= UNEVEN_BPM:
            fastest, metres = UNEVEN_BPM, uneven
        if not slowest <= bpm <= fastest or (factor == 1 / 3 and in_threes):
            continue
        around = (max(bpm / WIDTH, slowest), min(bpm * WIDTH, fastest))
        path = decode_bars(beat, downbeat, replace(model, bpm=around, metres=metres))
        if len(path.frames) >= MIN_BEATS and all(abs(bpm_of(path, model.fps) / t - 1) > SAME_TEMPO for t in tempi):
            found.append(path)
            tempi.append(bpm_of(path, model.fps))
    return found


def bpm_of(path: BarPath, fps: float) -> float:
    """The median tempo of a path of two beats at least, over several beats, since a beat has whole frames."""
    span = min(TEMPO_BEATS, len(path.frames) - 1)
    return float(60 * fps * span / np.median(path.frames[span:] - path.frames[:-span]))


def tempo_around(path: BarPath, fps: float) -> tuple[float, float]:
    """Slowest and fastest tempo at which the bars of a path are sought again: those that it has for several beats."""
    span = min(STEADY_BEATS, len(path.frames) - 1)
    bpm = 60 * fps * span / (path.frames[span:] - path.frames[:-span])
    return float(bpm.min()) / SAME_LEVEL, float(bpm.max()) * SAME_LEVEL


def cues(path: BarPath, pulse: HeardPulse, first: BarPath) -> LevelCues:
    """The cues of a path of `MIN_BEATS` beats at least; first: the one of the highest score over all tempi."""
    frames, lengths = path.frames.astype(np.float64), np.diff(path.frames)
    heights = pulse.level(frames)
    on = path.positions == 1
    down = harmony = 0.0
    if on.any() and not on.all():
        down = _log_ratio(*(near(pulse.downbeat, frames[which], REACH_SECONDS * pulse.fps) + 10 * SMALL
                            for which in (on, ~on)))
        if pulse.odds is not None:
            odds = near(pulse.odds, frames, REACH_SECONDS * pulse.fps)
            harmony = float(odds[on].mean() - odds[~on].mean())
    rise, half, *others = (pulse.rise(frames[:-1] + part * lengths) for part in (0, 1 / 2, 1 / 3, 2 / 3, 1 / 4, 3 / 4))
    return LevelCues(
        first=float(path is first), kept=_kept(path, first, REACH_SECONDS * pulse.fps),
        head=tempo_belief(frames, pulse), height=float(heights.mean()) / max(pulse.peak, SMALL),
        even=standing_out(heights, 2), triple=standing_out(heights, 3),
        low_even=0.0 if pulse.flux is None else standing_out(pulse.rise(frames, slice(1)), 2),
        rises_halves=_log_ratio(rise, half), rises_thirds=_log_ratio(rise, np.concatenate(others[:2])),
        rises_quarters=_log_ratio(rise, np.concatenate(others[2:])), down=down, harmony=harmony,
        believed=float(np.log(belief(frames, pulse) + SMALL)),
        fast=max(np.log2(bpm_of(path, pulse.fps) / MODERATE_BPM), 0.0) ** 2,
        uneven=_uneven(path, pulse))


def _uneven(path: BarPath, pulse: HeardPulse) -> float:
    """How the rhythm of fast uneven bars comes round; 0 of others."""
    metre = int(occurrences(path.metres).argmax())
    if pulse.flux is None or metre not in UNEVEN_METRES or bpm_of(path, pulse.fps) < EIGHTHS_BPM:
        return 0.0
    return excess(similarity(beat_patterns(path.frames, pulse), 2 * metre + 1), metre)


def _kept(path: BarPath, first: BarPath, reach: float) -> float:
    """Share of the downbeats of `first` within `reach` frames of which `path` has a beat; 1 where it has none."""
    downbeats = first.frames[first.positions == 1]
    if not len(downbeats):
        return 1.0
    return float((_distance(downbeats, path.frames) <= round(reach) + 1).mean())


def _distance(frames: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    """From each of the frames to the nearest of the others, of which there is one at least."""
    after = np.searchsorted(ascending, frames).clip(1, max(len(ascending) - 1, 1))
    before, behind = ascending[after - 1], ascending[np.minimum(after, len(ascending) - 1)]
    distance: np.ndarray = np.minimum(np.abs(frames - before), np.abs(behind - frames))
    return distance


def standing_out(heights: np.ndarray, count: int) -> float:
    """How far the strongest of `count` interleaved series stands above the others' mean, relative to its own."""
    if len(heights) < 2 * count:
        return 0.0
    means = np.array([heights[start::count].mean() for start in range(count)])
    others = np.delete(means, means.argmax()).mean()
    return float((means.max() - others) / max(means.max(), SMALL))


def _log_ratio(over: np.ndarray, under: np.ndarray) -> float:
    return float(np.log(over.mean() / under.mean()))
