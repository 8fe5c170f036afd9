"""From written notes to played ones: each player's timing, touch, dynamics, pedal and vibrato."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.engine.compose.hits import Hit
from onpu.engine.compose.sketch import Note
from onpu.engine.compose.tempo import BeatTimes, swing
from onpu.music import Drums, Notes

_STRUMMED = {15, 46, 104, 105, 106, 107, *range(24, 32)}
_KEYBOARDS = set(range(8))
_LOWEST = 21
_MIDDLING = 0.75
"""Loudness of a note at the velocity that is a player's `force`."""


@dataclass(frozen=True)
class Score:
    """What all players share: tempo map, swing (share of the first half, quarters of the pair), where bars and accented
    groups begin (quarters), the loudness of each bar in [0, 1], and how freely they play (0 a machine, about 1 people).
    """

    tempo: BeatTimes
    share: float
    unit: float
    bars: np.ndarray
    accents: np.ndarray
    levels: np.ndarray
    human: float

    def seconds(self, quarters: np.ndarray, share: float) -> np.ndarray:
        """Times of score places, off-beats swung."""
        return self.tempo.seconds(swing(quarters, self.unit, share))

    def dynamics(self, quarters: np.ndarray) -> np.ndarray:
        """Loudness in [0, 1] at score places."""
        return self.levels[np.clip(np.searchsorted(self.bars, quarters + 0.01) - 1, 0, len(self.levels) - 1)]

    def stress(self, quarters: np.ndarray) -> np.ndarray:
        """1 on first beats, less on other accents, 0 elsewhere."""
        on_bar = _near(self.bars, quarters)
        return np.where(on_bar, 1.0, np.where(_near(self.accents, quarters), 0.5, 0.0))


def _near(marks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Whether each place coincides with one of the sorted marks."""
    index = np.searchsorted(marks, places)
    before, after = marks[np.maximum(index - 1, 0)], marks[np.minimum(index, len(marks) - 1)]
    return np.minimum(np.abs(after - places), np.abs(before - places)) < 0.02


@dataclass(frozen=True)
class Hand:
    """A player's habits: mean lateness and scatter in seconds, spread of a strum in seconds a string, how much metre is
    heard in the loudness, how fully this player swings, and the share of a note's length that sounds (1 as written).
    force: velocity of a note of middling loudness; contrast: exponent of the dynamics; uneven: scatter of the
    loudness, log. Of pianists: sway, seconds that they wander about the beat; ahead, seconds by which the highest note
    of a chord comes first, and voicing, how much softer the others are; rolled: share of chords that are rolled."""

    late: float
    scatter: float
    spread: float
    metrical: float
    swing: float
    touch: float
    force: float
    contrast: float
    uneven: float
    sway: float = 0.0
    ahead: float = 0.0
    voicing: float = 1.0
    rolled: float = 0.0


def make_hand(human: float, program: int, rng: np.random.Generator) -> Hand:
    """Draw a player's habits. human: 0 for a sequencer to 1."""
    late = float(np.clip(0.005 * rng.standard_normal(), -0.015, 0.015))
    spread = between(rng, 0.0, 0.008) if program in _STRUMMED else between(rng, 0.0, 0.002)
    if program in _KEYBOARDS and rng.random() < 0.15:
        spread = between(rng, 0.004, 0.02)
    scatter = human * between(rng, 0.002, 0.013)
    metrical, swings = draw(rng, {0.0: 1.0, 0.1: 2.0, 0.2: 1.0}), draw(rng, {1.0: 4.0, 0.7: 1.0})
    if program not in _KEYBOARDS:
        return Hand(human * late, scatter, human * spread, metrical, swings, between(rng, 0.75, 1.05),
                    force=rng.triangular(48, 86, 112), contrast=between(rng, 0.7, 1.5), uneven=between(rng, 0.03, 0.1))
    free = human * (rng.random() < 0.5)
    return Hand(human * late, scatter * draw(rng, {1.0: 0.6, 0.25: 0.4}), human * spread, metrical, swings,
                between(rng, 0.5, 1.08), force=rng.triangular(28, 48, 100), contrast=between(rng, 0.7, 2.4),
                uneven=between(rng, 0.03, 0.16), sway=free * between(rng, 0.0, 0.02),
                ahead=free * between(rng, 0.0, 0.025), voicing=between(rng, 0.7, 1.05),
                rolled=max(0.0, between(rng, -0.5, 0.35)))


def perform(notes: list[Note], hand: Hand, score: Score, program: int, rng: np.random.Generator) -> Notes:
    """Play written notes (their starts in quarters from the piece's beginning)."""
    if not notes:
        return Notes.empty()
    table = np.array(notes, dtype=np.float64)
    start, length, pitch, accent, rank = table.T
    pitch = np.where(pitch < _LOWEST, pitch + 12, pitch)
    share = 0.5 + (score.share - 0.5) * hand.swing
    onsets = score.seconds(start, share)
    offsets = score.seconds(start + length * hand.touch, share)
    stroke = np.unique(np.round(start, 3), return_inverse=True)[1]
    common = hand.scatter * rng.standard_normal(stroke.max() + 1)[stroke]
    own = 0.25 * hand.scatter * rng.standard_normal(len(start))
    strum = np.minimum(np.where(rank >= 0, rank, -1 - rank), 6) * hand.spread
    shift = hand.late + np.clip(common + own, -0.03, 0.03) + strum - 0.3 * hand.spread * (np.abs(rank) > 0)
    level = (0.3 + 0.7 * score.dynamics(start)) / _MIDDLING
    level = level * (1 - hand.metrical + hand.metrical * (0.5 + score.stress(start))) * accent
    if program in _KEYBOARDS:
        above, below = _places(stroke, pitch)
        shift += _sway(stroke, hand, rng) - hand.ahead * ((above == 0) & (below > 0)) + below * _rolls(
            stroke, length, above + below + 1, hand, rng)
        level = level * np.where(above == 0, 1.0, hand.voicing)
    onsets = np.maximum(onsets + shift, 0.0)
    offsets = np.maximum(offsets + 0.5 * shift, onsets + 0.04)
    velocities = hand.force * level**hand.contrast * np.exp(hand.uneven * rng.standard_normal(len(start)))
    return arrange(onsets, offsets, pitch, np.clip(np.round(velocities), 10, 127), program)


def _places(stroke: np.ndarray, pitch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many notes of its stroke lie above each note, and how many below."""
    order = np.lexsort((pitch, stroke))
    first = np.searchsorted(stroke[order], stroke[order])
    below = np.empty(len(stroke), dtype=np.int64)
    below[order] = np.arange(len(stroke)) - first
    return np.bincount(stroke)[stroke] - 1 - below, below


def _sway(stroke: np.ndarray, hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """A pianist's slow wandering about the beat, seconds, from stroke to stroke."""
    noise = rng.standard_normal(int(stroke.max()) + 8)
    return hand.sway * np.clip(np.convolve(noise, np.full(8, 8**-0.5), "valid"), -2, 2)[stroke]


def _rolls(stroke: np.ndarray, length: np.ndarray, size: np.ndarray, hand: Hand, rng: np.random.Generator
           ) -> np.ndarray:
    """Seconds from note to note of the chords that are rolled: long ones of three notes and more; else 0."""
    count = int(stroke.max()) + 1
    step = np.where(rng.random(count) < hand.rolled, 0.012 + 0.035 * rng.random(count), 0.0)[stroke]
    return np.where((size > 2) & (length >= 0.9), step, 0.0)


def arrange(onsets: np.ndarray, offsets: np.ndarray, pitches: np.ndarray, velocities: np.ndarray,
            program: int) -> Notes:
    """Order notes by onset, end each before its own pitch sounds anew, and drop doubles."""
    order = np.lexsort((onsets, pitches))
    onsets, offsets, pitches, velocities = onsets[order], offsets[order], pitches[order], velocities[order]
    same = np.append(pitches[1:] == pitches[:-1], False)
    following = np.append(onsets[1:], np.inf)
    offsets = np.where(same, np.minimum(offsets, following - 0.005), offsets)
    keep = offsets - onsets > 0.02
    order = np.argsort(onsets[keep], kind="stable")
    onsets, offsets, pitches, velocities = (x[keep][order] for x in (onsets, offsets, pitches, velocities))
    return Notes(np.round(onsets, 6), np.round(offsets, 6), np.clip(pitches, 12, 115), velocities,
                 np.full(len(onsets), program), np.ones(len(onsets)))


def perform_drums(hits: list[Hit], hand: Hand, score: Score, rng: np.random.Generator) -> Drums:
    """Play written hits (their starts in quarters from the piece's beginning)."""
    if not hits:
        return Drums.empty()
    table = np.array(hits, dtype=np.float64)
    start, pitch, accent = table.T
    lean = {number: 0.4 * hand.late * rng.standard_normal() for number in np.unique(pitch)}
    times = score.seconds(start, 0.5 + (score.share - 0.5) * hand.swing) + hand.late
    times = times + np.array([lean[number] for number in pitch])
    times = np.maximum(times + np.clip(0.8 * hand.scatter * rng.standard_normal(len(start)), -0.02, 0.02), 0.0)
    level = (0.5 + 0.5 * score.dynamics(start)) * accent
    level = (level / 0.9) ** hand.contrast * np.exp(hand.uneven * rng.standard_normal(len(start)))
    order = np.lexsort((times, pitch))
    again = np.append(False, (np.diff(pitch[order]) == 0) & (np.diff(times[order]) < 0.02))
    kept = order[~again]
    kept = kept[np.argsort(times[kept], kind="stable")]
    velocities = np.clip(np.round(1.15 * hand.force * level[kept]), 6, 127)
    return Drums(np.round(times[kept], 6), pitch[kept].astype(np.int64), velocities, np.ones(len(kept)))
