"""One line of notes, played by four instruments: to learn how they sound, sample by sample.

Every instrument has one sound, that of one soundfont or of one patch of the own synthesiser, dry, mono, and plays the
same notes at the same times. Two more rows say which: they hold the key over 128 while a note is held, and its velocity
over 128.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import soxr
from threadpoolctl import threadpool_limits

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.data.scenes.pairs import target_font
from onpu.engine.compose.draw import between, pick
from onpu.engine.compose.song import Track
from onpu.engine.render.performance import note_events, strokes
from onpu.engine.render.soundfont import soundfont
from onpu.engine.render.stems import LOWEST_RATE
from onpu.engine.render.synth import synthesise
from onpu.files import Json
from onpu.music import Notes
from onpu.represent.line_frames import HOP, KEYS

RATE = 16_000
INSTRUMENTS = {"piano": 0, "guitar": 24, "trumpet": 56, "flute": 73}
"""Instrument -> General MIDI program."""
VELOCITIES = (70, 120)
SCALE = 128.0
"""Over which keys and velocities are told in rows of samples."""
GAP_SECONDS = 0.01
"""Between the telling of one note and the next: notes of the same key are two."""
SECONDS = (0.12, 1.3)
"""Shortest and longest note."""
REST_CHANCE, LEGATO_CHANCE, REPEAT_CHANCE = 0.15, 0.6, 0.15
PEAK = 0.8
"""Of an instrument's loudest note."""


@dataclass(frozen=True)
class LineScenes(SceneSource):
    """The line of an item by each of `INSTRUMENTS`, and what is played, as rows `key` and `velocity`.

    plan: `seconds` is the length of an item; of the others, seed, rate and fonts count (no soundfonts: the own
    synthesiser plays everything).
    """

    plan: Plan = field(default_factory=lambda: Plan(seconds=10.0, rate=RATE, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """The instruments, and what is told of the notes."""
        return *INSTRUMENTS, "key", "velocity"

    def of(self, plan: Plan) -> Self:
        """The same of another plan; the length of a line stays."""
        return replace(self, plan=replace(self.plan, seed=plan.seed, fonts=plan.fonts))

    def named(self) -> Json:
        """The values as JSON has them."""
        return {"kind": "lines"} | self.plan.named()

    def soundfonts(self) -> list[str]:
        """Name of the soundfont that plays."""
        font = target_font(self.plan)
        return [] if font is None else [font.name]

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """The line by each instrument, and what is told, float32 (8, samples)."""
        notes = self.notes(number)
        sounds = [self.played(name, notes, self.plan.seconds) for name in INSTRUMENTS]
        return np.stack([*sounds, *told(notes, round(self.plan.seconds * self.rate), self.rate)]).astype(np.float32)

    def notes(self, number: int) -> Notes:
        """The line of an item: steps and leaps at random, long and short, held or detached."""
        rng = np.random.default_rng([self.plan.seed, number, 0x11E5])
        now, key, rows = between(rng, 0, 0.3), int(rng.integers(KEYS.start, KEYS.stop)), []
        loud = between(rng, *VELOCITIES)
        while now < self.plan.seconds - 0.3:
            length = SECONDS[0] * (SECONDS[1] / SECONDS[0]) ** rng.random()
            held = 1.0 if rng.random() < LEGATO_CHANCE else between(rng, 0.4, 0.95)
            rows.append((now, min(now + held * length, self.plan.seconds), key,
                         int(np.clip(loud + rng.normal(0, 12), *VELOCITIES))))
            now += length + (between(rng, 0.1, 0.8) if rng.random() < REST_CHANCE else 0.0)
            step = 0 if rng.random() < REPEAT_CHANCE else int(pick(rng, (-1, 1)) * rng.choice([1, 2, 3, 4, 5, 7, 12]))
            key = key + step if key + step in KEYS else key - step if key - step in KEYS else int(rng.choice(KEYS))
        onsets, offsets, keys, velocities = (np.array(column, np.float64) for column in zip(*rows, strict=True))
        frames = RATE / HOP
        return line(np.rint(onsets * frames) / frames, np.rint(offsets * frames) / frames, keys, velocities)

    def played(self, name: str, notes: Notes, seconds: float) -> np.ndarray:
        """Notes by one of the instruments, float32 (samples,), always with the same sound, its loudest note at
        `PEAK`."""
        font = target_font(self.plan)
        sound = _sounded(name, font, notes, seconds, self.rate) * (PEAK / _loudest(name, font, self.rate))
        return sound.clip(-1, 1).astype(np.float32)


@lru_cache(maxsize=64)
def _loudest(name: str, font: Path | None, rate: int) -> float:
    """Largest sample of an instrument that plays some of `KEYS` as loud as they are played."""
    keys = np.arange(KEYS.start, KEYS.stop, 4.0)
    onsets = np.arange(len(keys)) * 0.8
    scale = line(onsets, onsets + 0.6, keys, np.full(len(keys), float(VELOCITIES[1])))
    return float(np.abs(_sounded(name, font, scale, 0.8 * len(keys), rate)).max())


def _sounded(name: str, font: Path | None, notes: Notes, seconds: float, rate: int) -> np.ndarray:
    """Notes by an instrument of a soundfont, or of the own synthesiser where there is none, (samples,), at any
    level."""
    engine_rate = rate * -(-LOWEST_RATE // rate)
    program, samples = INSTRUMENTS[name], round(seconds * engine_rate)
    track = Track(name, "melody", program, notes, None, 0.0, 0.0, np.zeros((0, 2)), np.zeros((0, 2)))
    if font is None:
        sound = synthesise(track, samples, engine_rate, np.random.default_rng(program))
    else:
        sound = soundfont(font, engine_rate).play(program, False, note_events(strokes(track), engine_rate), samples, {})
    mono = soxr.resample(sound.mean(axis=0), engine_rate, rate, quality="HQ")[: round(seconds * rate)]
    return np.pad(mono, (0, round(seconds * rate) - len(mono)))


def line(onsets: np.ndarray, offsets: np.ndarray, keys: np.ndarray, velocities: np.ndarray) -> Notes:
    """Notes of columns (n,)."""
    return Notes(onsets, offsets, keys, velocities, np.zeros(len(onsets), np.int64), np.ones(len(onsets)))


def told(notes: Notes, samples: int, rate: int) -> np.ndarray:
    """What is played at each sample, (2, samples): key and velocity over 128 while a note is held, and else 0."""
    rows = np.zeros((2, samples))
    gap = round(GAP_SECONDS * rate)
    for onset, offset, key, velocity in zip(notes.onsets, notes.offsets, notes.pitches, notes.velocities, strict=True):
        start = round(float(onset) * rate)
        rows[:, max(0, start - gap) : start] = 0
        rows[:, start : max(round(float(offset) * rate), start + gap)] = np.array([[key], [velocity]]) / SCALE
    return rows
