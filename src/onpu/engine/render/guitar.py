"""Electric guitars as records have them: muted and open strokes, slides, vibrato and feedback, played twice and put
left and right, each take through an amplifier."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.amplifier import amplify, draw_amplifier
from onpu.engine.render.filters import filtered, lowpass
from onpu.engine.render.performance import Strokes
from onpu.engine.render.synth.tones import hertz

Player = Callable[[Strokes, np.random.Generator], np.ndarray]
"""Plays strokes on a clean guitar: (1 or 2, samples)."""
DOUBLED_CHANCE = {"chords": 0.75, "arpeggio": 0.5, "melody": 0.3}
"""Role -> chance that a driven part is played twice."""
HANDS_SECONDS = 0.004
"""Standard deviation, seconds, of what a stroke of a take is off the note; at most three times that."""
LOW_STRING = 52
"""MIDI pitch under which strokes are muted by the palm."""
MUTED_SECONDS = 0.3
"""Longer notes are never muted."""
LONG_SECONDS = 0.7
"""Notes from which on there is vibrato; feedback needs twice as much."""
STEP = 0.01
"""Seconds between two steps of a bend."""


@dataclass(frozen=True, eq=False)
class Handwork:
    """How a part is played. muted: (notes,) which strokes the palm mutes. dull: Hz over which those are dark; short:
    seconds that they ring at most. bends: (m, 2) as in `Strokes`. feedback: notes whose harmonic takes over, and its
    number."""

    muted: np.ndarray
    dull: float
    short: float
    bends: np.ndarray
    feedback: np.ndarray
    harmonic: int


def play_guitar(played: Strokes, role: str, player: Player, driven: bool, samples: int, rate: int,
                rng: np.random.Generator) -> np.ndarray:
    """A part through amplifiers: (1 or 2, samples) float32; two where it is played twice."""
    manner = _manner(played, driven, rng)
    if not driven or rng.random() > DOUBLED_CHANCE.get(role, DOUBLED_CHANCE["melody"]):
        clean = _take(played, manner, player, samples, rate, rng)
        return amplify(clean, draw_amplifier(rng, driven), rate, rng)[None]
    first = draw_amplifier(rng, driven)
    second = first if rng.random() < 0.4 else draw_amplifier(rng, driven)
    width = between(rng, 0.6, 1.0)
    sides = [amplify(_take(_by_hand(played, rng), manner, player, samples, rate, rng), amplifier, rate, rng)
             for amplifier in (first, second)]
    blend = np.array([[1, 1 - width], [1 - width, 1]], dtype=np.float32)
    return blend @ np.stack(sides)


def play_bass(played: Strokes, player: Player, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A bass through a driven amplifier, its low end clean beside it: (1, samples)."""
    clean = player(played, rng).mean(axis=0)
    growl = amplify(clean, draw_amplifier(rng, True), rate, rng)
    low = filtered(clean, lowpass(between(rng, 150, 400), 2, rate))
    return (low + np.float32(between(rng, 0.3, 1.2)) * growl)[None]


def _manner(played: Strokes, driven: bool, rng: np.random.Generator) -> Handwork:
    lengths = played.offsets - played.onsets
    palm = between(rng, 0.3, 1.0) if driven and rng.random() < 0.7 else 0.0
    together = _chords(played.onsets)
    drawn = rng.random(int(together.max(initial=0)) + 1) < palm
    lowest = np.full(len(drawn), np.inf)
    np.minimum.at(lowest, together, played.pitches)
    muted = drawn[together] & (lowest[together] < LOW_STRING) & (lengths < MUTED_SECONDS)
    alone = len(played.onsets) > 1 and bool(np.all(played.onsets[1:] >= played.offsets[:-1] - 0.02))
    bends = played.bends
    if alone and not len(bends):
        bends = _expression(played, rng)
    howls = driven & (lengths > 2 * LONG_SECONDS) & (rng.random(len(lengths)) < (0.4 if rng.random() < 0.25 else 0))
    return Handwork(muted, between(rng, 700, 1800), between(rng, 0.05, 0.14), bends, howls, int(rng.integers(2, 4)))


def _chords(onsets: np.ndarray) -> np.ndarray:
    """The number of the stroke that each note belongs to: notes less than 25 ms apart are one."""
    return np.cumsum(np.diff(onsets, prepend=onsets[:1]) > 0.025)


def _expression(played: Strokes, rng: np.random.Generator) -> np.ndarray:
    """Slides into notes and vibrato on long ones, as bends."""
    rows: list[tuple[float, float]] = []
    slides, depth, speed = between(rng, 0, 0.3), between(rng, 0.08, 0.35), between(rng, 4.5, 6.5)
    for onset, offset in zip(played.onsets.tolist(), played.offsets.tolist(), strict=True):
        if rng.random() < slides:
            steps = int(rng.integers(3, 7))
            start = rng.choice([-2.0, -1.0, 1.0])
            rows += [(onset + k * STEP, start * (1 - k / steps)) for k in range(steps + 1)]
        if offset - onset > LONG_SECONDS:
            times = np.arange(onset + 0.3, offset, STEP)
            swing = depth * np.minimum(1, (times - onset - 0.3) / 0.4) * np.sin(2 * np.pi * speed * (times - onset))
            rows += [*zip(times.tolist(), swing.tolist(), strict=True), (offset, 0.0)]
    return np.array(sorted(rows), dtype=np.float64).reshape(-1, 2)


def _by_hand(played: Strokes, rng: np.random.Generator) -> Strokes:
    """Another take: strokes a little apart in time, velocity and tuning."""
    together = _chords(played.onsets)
    count = int(together.max(initial=0)) + 1
    late = np.clip(rng.normal(0, HANDS_SECONDS, count), -3 * HANDS_SECONDS, 3 * HANDS_SECONDS)[together]
    louder = rng.normal(1, 0.05, count)[together]
    cents = float(np.clip(rng.normal(0, 2.5), -5, 5))
    return replace(played, onsets=np.maximum(played.onsets + late, 0), offsets=played.offsets + late,
                   velocities=np.clip(played.velocities * louder, 1, 127), pitches=played.pitches + cents / 100)


def _take(played: Strokes, manner: Handwork, player: Player, samples: int, rate: int, rng: np.random.Generator
          ) -> np.ndarray:
    """One take, clean: (samples,)."""
    open_strokes = _chosen(played, ~manner.muted, manner.bends)
    out = _mono(player(open_strokes, rng), samples)
    if manner.muted.any():
        muted = _chosen(played, manner.muted, manner.bends[:0])
        muted = replace(muted, offsets=np.minimum(muted.offsets, muted.onsets + manner.short))
        out = out + 1.4 * filtered(_mono(player(muted, rng), samples), lowpass(manner.dull, 1, rate))
    if manner.feedback.any():
        out = out + _feedback(played, manner, out, rate)
    return out


def _chosen(played: Strokes, kept: np.ndarray, bends: np.ndarray) -> Strokes:
    return Strokes(played.onsets[kept], played.offsets[kept], played.pitches[kept], played.velocities[kept], bends)


def _mono(sound: np.ndarray, samples: int) -> np.ndarray:
    mono = sound.mean(axis=0)
    return np.pad(mono, (0, max(0, samples - len(mono))))[:samples]


def _feedback(played: Strokes, manner: Handwork, sound: np.ndarray, rate: int) -> np.ndarray:
    """A harmonic of long notes that swells while the string dies away."""
    out = np.zeros_like(sound)
    level = float(np.sqrt(np.mean(sound**2)))
    for i in np.flatnonzero(manner.feedback):
        start, end = (round(float(time) * rate) for time in (played.onsets[i], played.offsets[i]))
        piece = out[start:end]
        t = np.arange(len(piece), dtype=np.float32) / np.float32(rate)
        swell = np.clip((t - LONG_SECONDS) / 0.8, 0, 1) * np.clip((t[-1:] - t) / 0.05, 0, 1)
        piece += level * swell * np.sin(2 * np.pi * manner.harmonic * hertz(float(played.pitches[i])) * t)
    return out
