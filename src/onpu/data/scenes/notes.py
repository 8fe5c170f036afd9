"""Single notes by ten families of instruments, to learn what makes one sound as it does: a note each an item.

After NSynth (Engel et al., "Neural audio synthesis of musical notes with WaveNet autoencoders", ICML 2017, section 3):
each note by an instrument drawn for itself, of one of the soundfonts or the own synthesiser, struck at one of five
velocities, held for three quarters of its length. The notes of an item come one after the other; a second row tells
their keys.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import soxr
from threadpoolctl import threadpool_limits

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.compose.draw import pick
from onpu.engine.render.performance import Strokes, note_events
from onpu.engine.render.soundfont import library, soundfont
from onpu.engine.render.stems import LOWEST_RATE, played
from onpu.engine.render.synth import play
from onpu.engine.render.synth.patches import patch
from onpu.music.arrays import Floats, Integers
from onpu.represent.note_pictures import RATE

FAMILIES = {"bass": range(32, 40), "brass": range(56, 64), "flute": range(72, 80), "guitar": range(24, 32),
            "keyboard": range(8), "mallet": range(8, 16), "organ": range(16, 21), "reed": range(64, 72),
            "string": range(40, 52), "vocal": range(52, 55)}
"""Family, as NSynth names it -> General MIDI programs."""
KEYS = range(36, 85)
"""MIDI numbers, C2 to C6."""
VELOCITIES = (25, 50, 75, 100, 127)
SCALE = 128.0
"""Over which keys are told in rows of samples."""
HELD = 0.75
"""Share of its length for which a note is held."""
SYNTHESISED_SHARE = 0.25
"""Chance that the own synthesiser plays a note although soundfonts are there."""
PEAK, AUDIBLE = 0.8, 1e-4
FADE_SECONDS = 0.05
"""Seconds at the end in which what still rings is faded out."""


@dataclass(frozen=True)
class NoteScenes(SceneSource):
    """A note by each of `FAMILIES`, one after the other, each from its very beginning, equally loud at their loudest;
    and the row `key`: the MIDI number over 128 at each sample. `parted` takes them apart.

    plan: `seconds` is the length of a note; of the others, seed, rate and fonts count (no soundfonts: the own
    synthesiser plays everything).
    """

    plan: Plan = field(default_factory=lambda: Plan(seconds=2.0, rate=RATE, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """The notes, and what is told of them."""
        return "notes", "key"

    def of(self, plan: Plan) -> Self:
        """The same of another plan; the length of a note stays."""
        return replace(self, plan=replace(self.plan, seed=plan.seed, fonts=plan.fonts))

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """The notes and their keys, float32 (2, ten times the samples of a note)."""
        rng = np.random.default_rng([self.plan.seed, number, 0x407E])
        if self.plan.fonts is None:
            fonts = played() if library() is not None else []
        else:
            fonts = [Path(font) for font in self.plan.fonts]
        keys = rng.integers(KEYS.start, KEYS.stop, len(FAMILIES))
        notes = [self._note(pick(rng, tuple(programs)), int(key), int(pick(rng, VELOCITIES)), fonts, rng)
                 for programs, key in zip(FAMILIES.values(), keys, strict=True)]
        rows: Floats = np.stack([np.concatenate(notes), np.repeat(keys / SCALE, len(notes[0]))]).astype(np.float32)
        return rows

    def _note(self, program: int, key: int, velocity: int, fonts: list[Path], rng: np.random.Generator) -> np.ndarray:
        """(samples,)."""
        rate = self.rate * -(-LOWEST_RATE // self.rate)
        samples = round(self.plan.seconds * self.rate)
        length = round(1.1 * self.plan.seconds * rate)
        struck = Strokes(np.zeros(1), np.array([HELD * self.plan.seconds]), np.array([float(key)]),
                         np.array([float(velocity)]), np.zeros((0, 2)))
        own = not fonts or rng.random() < SYNTHESISED_SHARE
        sound = None if own else _sampled(program, struck, fonts, length, rate, rng)
        if sound is None:
            sound = play(struck, patch(program, rng), length, rate, rng).mean(axis=0)
        sound = soxr.resample(sound, rate, self.rate, quality="HQ")
        heard = np.flatnonzero(np.abs(sound) > 10 * AUDIBLE * np.abs(sound).max(initial=0.0))
        sound = sound[heard[0] if len(heard) else 0 :][:samples]
        sound = np.pad(sound, (0, samples - len(sound)))
        sound[-round(FADE_SECONDS * self.rate) :] *= np.linspace(1, 0, round(FADE_SECONDS * self.rate))
        louder: np.ndarray = sound * (PEAK / max(float(np.abs(sound).max()), 1e-9))
        return louder


def parted(rows: np.ndarray) -> tuple[Floats, Integers]:
    """The notes (families, samples) of an item, and their keys (families,)."""
    notes, keys = rows.reshape(2, len(FAMILIES), -1)
    numbers: Integers = np.clip(np.rint(keys[:, 0] * SCALE), 0, 127).astype(np.int64)
    return notes, numbers


def _sampled(program: int, struck: Strokes, fonts: list[Path], samples: int, rate: int, rng: np.random.Generator
             ) -> np.ndarray | None:
    """The note by the first soundfont, in random order, that has it, (samples,); None where no one has."""
    for number in rng.permutation(len(fonts)):
        font = soundfont(fonts[number], rate)
        if font.plays(program):
            sound = font.play(program, False, note_events(struck, rate), samples, {}).mean(axis=0)
            if np.abs(sound).max() > AUDIBLE:
                return sound
    return None
