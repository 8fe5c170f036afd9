"""How a score is read by those who perform it: which bars, in which tempo, where phrases end and sounds are held."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onpu.data.corpora.barred import BarredScore
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.draw import between
from onpu.engine.compose.form import Section
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sketch import Note, Sketch, Span
from onpu.engine.compose.tempo import BeatTimes

_SHORTEST, _LONGEST = 2, 8
"""Bars of a phrase."""
_USUAL = {4: 0.6, 8: 0.5, 2: 0.1}
"""What so many bars count beside how long the note that ends them is, as a logarithm to base 2."""
_EARLY = 0.02
"""Quarters by which a note may begin before its place."""
_LOUDNESS = 80
"""Velocity that is played as the performance would have it."""


@dataclass(frozen=True)
class ScoreBars:
    """Bars of a score: `first` to `first + bars`, with `upbeat` quarters of what comes before them."""

    score: BarredScore
    first: int
    bars: int
    upbeat: float

    @property
    def start(self) -> float:
        """Where the first bar begins, quarters."""
        return float(self.score.starts[self.first])

    @property
    def end(self) -> float:
        """Where the last bar ends, quarters."""
        return float(self.score.starts[self.first + self.bars])

    def rows(self, notes: np.ndarray) -> np.ndarray:
        """Notes that begin within, (n, 4), starts in quarters from the first bar, upbeat negative."""
        kept = notes[(notes[:, 0] >= self.start - self.upbeat - _EARLY) & (notes[:, 0] < self.end - _EARLY)].copy()
        kept[:, 1] = np.minimum(kept[:, 1], self.end - kept[:, 0])
        kept[:, 0] -= self.start
        return kept

    def notes(self, rows: np.ndarray, shift: int) -> list[Note]:
        """Notes as players read them, transposed by semitones."""
        return [Note(start, length, int(pitch) + shift, velocity / _LOUDNESS, 0)
                for start, length, pitch, velocity in rows.tolist()]

    def seconds_of(self, quarters: np.ndarray) -> np.ndarray:
        """The score's marked tempo: seconds at places from the first bar on."""
        return self.score.tempo.seconds(quarters + self.start) - self.score.tempo.seconds(np.array(self.start))


def phrases(passage: ScoreBars, melody: np.ndarray) -> list[int]:
    """Bars of each phrase: they end where the melody rests or holds, four or eight bars where nothing tells.

    melody: rows of the leading line.
    """
    edges = passage.score.starts[passage.first : passage.first + passage.bars + 1] - passage.start
    onsets = np.unique(melody[:, 0])
    gaps = np.diff(np.append(onsets, max(edges[-1], onsets[-1] + 1) if len(onsets) else edges[-1]))
    usual = np.median(gaps) if len(gaps) else 1.0
    weights = np.zeros(passage.bars)
    for bar, (_, end) in enumerate(pairwise(edges)):
        last = np.searchsorted(onsets, end - _EARLY) - 1
        weights[bar] = 0.0 if last < 0 else min(3.0, np.log2(max(1.0, gaps[last] / usual)))
    lengths: list[int] = []
    while passage.bars - sum(lengths) > 0:
        done = sum(lengths)
        left = passage.bars - done
        if left <= _SHORTEST + 1:
            lengths.append(left)
            break
        options = range(_SHORTEST, min(_LONGEST, left) + 1)
        lengths.append(max(options, key=lambda count: weights[done + count - 1] + _USUAL.get(count, 0.0)))
    return lengths


def held(rows: np.ndarray, ends: list[float], beat: float) -> list[tuple[float, float]]:
    """Where a fermata would stand: before each of the phrase `ends` (quarters) the last sound, from and until when,
    where it lasts for a beat and a half at least while nothing else begins.

    rows: notes of all parts.
    """
    found = []
    onsets = np.unique(rows[:, 0])
    for end in ends:
        before = onsets[onsets < end - _EARLY]
        if not len(before):
            continue
        start = float(before[-1])
        sounding = rows[np.abs(rows[:, 0] - start) < _EARLY]
        until = min(float((sounding[:, 0] + sounding[:, 1]).max()), end)
        following = onsets[onsets > start + _EARLY]
        if len(following):
            until = min(until, float(following[0]))
        if until - start >= 1.5 * beat - _EARLY and end - start <= 4 * beat + _EARLY:
            found.append((start, until))
    return found


def with_fermatas(tempo: BeatTimes, holds: list[tuple[float, float]], longer: list[float]) -> BeatTimes:
    """The tempo with each of these stretches (quarters from, until) lasting so many times as long."""
    edges = np.array(sorted({*tempo.places.tolist(), *(edge for hold in holds for edge in hold)}))
    lengths = np.diff(tempo.seconds(edges))
    for (start, end), factor in zip(holds, longer, strict=True):
        lengths[(edges[:-1] >= start - 1e-9) & (edges[1:] <= end + 1e-9)] *= factor
    return BeatTimes(edges, np.append(0.0, np.cumsum(lengths)) + tempo.seconds(edges[:1])[0])


def placed_phrases(passage: ScoreBars, lengths: list[int], rows: np.ndarray, key: Tonality,
                   rng: np.random.Generator) -> list[Placed]:
    """A section a phrase, louder where more happens; its "chords" tell the pianist only where the bass moves."""
    signatures = [signature for signature in passage.score.signatures[passage.first : passage.first + passage.bars]
                  if signature is not None]
    edges = passage.score.starts[passage.first :] - passage.start
    density = len(rows) / max(edges[passage.bars], 1.0)
    placed: list[Placed] = []
    bar, mood = 0, 0.0
    for number, count in enumerate(lengths):
        start, end = float(edges[bar]), float(edges[bar + count])
        here = rows[(rows[:, 0] >= start - _EARLY) & (rows[:, 0] < end - _EARLY)]
        mood = 0.5 * mood + 0.15 * rng.standard_normal()
        busy = np.log2(max(len(here), 1) / max(density * (end - start), 1.0))
        energy = float(np.clip(0.6 + 0.15 * busy + mood, 0.15, 1.0))
        moves = _bass_moves(here, start, end, signatures[bar].beat)
        spans = tuple(Span(a - start, b - start, Chord(key.tonic, "5")) for a, b in pairwise(moves))
        sketch = Sketch(tuple(signatures[bar : bar + count]), spans, key, count)
        placed.append(Placed(Section(f"{number + 1}", count, energy, 0), start, sketch, False))
        bar += count
    return placed


def _bass_moves(rows: np.ndarray, start: float, end: float, beat: float) -> list[float]:
    """Places at which the lowest note changes, a beat apart at least, with start and end."""
    moves, lowest = [start], -1
    for place in np.arange(start, end - _EARLY, beat).tolist():
        sounding = rows[(rows[:, 0] < place + beat / 2) & (rows[:, 0] + rows[:, 1] > place + _EARLY)]
        bass = int(sounding[:, 2].min()) if len(sounding) else lowest
        if bass != lowest and place > moves[-1]:
            moves.append(place)
        lowest = bass
    return [*moves, end]


def natural_bpm(onsets_a_beat: float, rng: np.random.Generator) -> float:
    """A tempo for music without a mark: so many beats a minute that notes come as fast as they mostly do."""
    return float(np.clip(60 * 4.0 * np.exp(0.35 * rng.standard_normal()) / max(onsets_a_beat, 0.5), 40, 160))


def loosely(bpm: float, spread: float, rng: np.random.Generator) -> float:
    """The tempo, faster or slower by at most the share `spread`."""
    return bpm * float(np.exp(between(rng, -np.log1p(spread), np.log1p(spread))))
