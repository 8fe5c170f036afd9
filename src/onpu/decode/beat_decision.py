"""The beats of a recording from what is known of its pulse, every decision in its place.

Stretches with activation are decided one by one: the metrical level (`levels`), the grid of a steady recording
(`steady_beats`), the metre by what comes round (`repetition`), where bars begin (`beginning`), whether there are beats
at all (`belief`), and how the metre is written (`signature`).
"""

from dataclasses import dataclass, replace

import numpy as np

from onpu.decode.bars import BarModel, decode_bars
from onpu.decode.beginning import FIRST_BAR, bars_from_the_start, from_the_start
from onpu.decode.belief import belief, sureness
from onpu.decode.counting import count_bars
from onpu.decode.evidence import Evidence
from onpu.decode.levels import best_level, bpm_of
from onpu.decode.peaks import refine
from onpu.decode.pulse import HeardPulse
from onpu.decode.repetition import metre_favour, with_repetition
from onpu.decode.signature import written
from onpu.decode.steady_beats import on_one_line, on_the_grid
from onpu.decode.unsure_beats import leaning
from onpu.errors import OnpuError
from onpu.music import Beats, Clock
from onpu.recipe import Options, setting

AUDIBLE_ACTIVATION = 0.05  # activation below which no beat is heard
PAUSE_SECONDS = 5.0  # seconds without any activation that cut the music in two
BEAT_SNAP_SECONDS = 0.06  # seconds between where the bar model puts a beat and the peak that it stands for
MARGIN_SECONDS = 0.1  # seconds around a stretch that belong to it
MIN_BELIEF = 0.5  # probability that there are beats in a stretch, below which there are none
MIN_BELIEF_ON_GRID = 0.05  # the same where they lie on the pulse that a recording keeps throughout


@dataclass(frozen=True)
class BeatOptions(Options):
    """What is known of a recording, by the user or from other listeners."""

    metres: tuple[int, ...] = setting((2, 3, 4, 5, 6, 7), "possible numbers of beats per bar")
    bpm_range: tuple[float, float] = setting((40.0, 240.0), "slowest and fastest possible tempo, beats per minute")
    tempo_octave: float = setting(
        1.0, "factor of the tempo that is found: 2 for double, 0.5 for half the tempo", "[0.1, 10]")
    harmony: Evidence | None = None
    draft: bool = False  # the beats of the best path over all tempi, believed or not, which others judge
    given: Beats | None = None  # beats that are known, of which only unknown positions are decided

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.metres or min(self.metres) < 1 or max(self.metres) > 16:
            raise OnpuError(f"beats a bar of {list(self.metres)} cannot be looked for; give one or more from 1 to 16")
        if not 20 <= self.bpm_range[0] < self.bpm_range[1] <= 400:
            raise OnpuError(f"a tempo between {self.bpm_range[0]:g} and {self.bpm_range[1]:g} beats a minute cannot be "
                            "looked for; give a slowest and a faster fastest one from 20 to 400")


def stretches(beat: np.ndarray, fps: float) -> list[tuple[int, int]]:
    """Frames [start, end) of the stretches with activation, apart by more than `PAUSE_SECONDS` seconds."""
    loud = np.flatnonzero(beat > AUDIBLE_ACTIVATION)
    if len(loud) == 0:
        return []
    margin = round(MARGIN_SECONDS * fps)
    cuts = np.flatnonzero(np.diff(loud) > PAUSE_SECONDS * fps)
    starts = loud[np.concatenate([[0], cuts + 1])] - margin
    ends = loud[np.concatenate([cuts, [len(loud) - 1]])] + margin + 1
    return [(max(int(a), 0), min(int(b), len(beat))) for a, b in zip(starts, ends, strict=True)]


def decide(pulse: HeardPulse, options: BeatOptions,
           offset: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[tuple[int, int, int]]]:
    """Beats of one stretch: frames (moved by offset), positions, confidence, and of each beat its signature and beats a
    bar."""
    model, usual = BarModel(pulse.fps, options.metres, options.bpm_range), BeatOptions()
    any_tempo = options.bpm_range == usual.bpm_range
    path, sure = (decode_bars(pulse.beat, pulse.downbeat, model), 0.5) if options.draft else best_level(
        pulse, model, any_tempo)
    if options.tempo_octave != 1 and len(path.frames) > 1:
        middle = bpm_of(path, pulse.fps) * options.tempo_octave
        path = decode_bars(pulse.beat, pulse.downbeat, replace(model, bpm=(middle / 2**0.5, middle * 2**0.5)))
    steady = pulse if options.draft else on_the_grid(path, pulse)
    if not options.draft:
        path = with_repetition(path, steady, model)
        path = from_the_start(path, steady, model)
    frames = refine(steady.beat, path.frames, round(BEAT_SNAP_SECONDS * pulse.fps))
    height = np.interp(frames, np.arange(len(pulse.beat)), pulse.beat)
    heard = np.flatnonzero(height > AUDIBLE_ACTIVATION)
    nothing = np.zeros(0)
    if len(heard) < 2:
        return nothing, nothing, nothing, []
    keep = slice(heard[0], heard[-1] + 1)
    frames, positions, metres = frames[keep], path.positions[keep], path.metres[keep]
    wished = options.draft or not any_tempo or options.metres != usual.metres
    if not wished and belief(frames, pulse) < (MIN_BELIEF if steady is pulse else MIN_BELIEF_ON_GRID):
        return nothing, nothing, nothing, []
    signatures: list[tuple[int, int, int]] = []
    for run in np.split(np.arange(len(frames)), np.flatnonzero(np.diff(metres)) + 1):
        count = int(metres[run[0]])
        signatures += [(*written(count, frames[run], pulse), count)] * len(run)
    confidence = sureness(height[keep], pulse, sure)
    return leaning(on_one_line(frames, steady), confidence) + offset, positions, confidence, signatures


def decide_given(pulse: HeardPulse, options: BeatOptions,
                 clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[tuple[int, int, int]]]:
    """As `decide`, of beats that are known: their positions in the bar, as far as these are not."""
    given = options.given or Beats.empty()
    if not len(given):
        return np.zeros(0), np.zeros(0), np.zeros(0), []
    frames = clock.frames(given.times)
    near = np.clip(np.rint(frames).astype(int), 0, len(pulse.beat) - 1)
    around = np.clip(near[:, None] + np.arange(-2, 3), 0, len(pulse.beat) - 1)
    chance = pulse.downbeat[around].max(axis=1) / np.maximum(pulse.beat[around].max(axis=1), AUDIBLE_ACTIVATION)
    model = BarModel(pulse.fps, options.metres)
    model = replace(model, favour=metre_favour(frames, pulse, model))
    positions, metres = count_bars(chance, given.positions, model)
    begins = bars_from_the_start(frames, metres, pulse)
    if len(begins):
        chance[begins] = np.minimum(FIRST_BAR * chance[begins], 1)
        positions, metres = count_bars(chance, given.positions, replace(model, metres=(int(metres[0]),)))
    signatures = {count: (*written(count, frames[metres == count], pulse), count) for count in set(metres.tolist())}
    return frames, positions, given.confidence, [signatures[count] for count in metres.tolist()]
