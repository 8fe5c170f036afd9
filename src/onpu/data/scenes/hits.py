"""Single strokes of drums, to learn to make such: eight of a kit's drums an item, each by itself.

Every stroke is drawn for itself: one of the soundfonts' kits or the own synthesiser, how hard it is struck, how bright
it is recorded.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import soxr
from threadpoolctl import threadpool_limits

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.compose.draw import between, pick
from onpu.engine.render.filters import filtered, shelf
from onpu.engine.render.soundfont import library, soundfont
from onpu.engine.render.stems import LOWEST_RATE, played
from onpu.engine.render.synth.drums import kit

DRUMS = {"kick": (35, 36), "snare": (38, 40), "closed hi-hat": (42, 44), "open hi-hat": (46,),
         "tom": (41, 43, 45, 47, 48, 50), "ride": (51, 59), "crash": (49, 57), "clap": (39,)}
"""Class -> General MIDI drums."""
CLASSES = tuple(DRUMS)
RATE = 16_000
SYNTHESISED_SHARE = 0.35
"""Chance that the own synthesiser plays a stroke although soundfonts are there."""
VELOCITIES = (40, 127)
PEAK = 0.7
FADE_SECONDS = 0.05
"""Seconds at the end in which what still rings is faded out."""
AUDIBLE = 1e-4


@dataclass(frozen=True)
class HitScenes(SceneSource):
    """One stroke of each of `CLASSES` an item, mono, from their very beginning, equally loud at their loudest.

    plan: `seconds` is the length of a stroke; of the others, seed, rate and fonts count.
    """

    plan: Plan = field(default_factory=lambda: Plan(seconds=0.512, rate=RATE, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """The classes."""
        return CLASSES

    def of(self, plan: Plan) -> Self:
        """The same of another plan; the length of a stroke stays."""
        return replace(self, plan=replace(self.plan, seed=plan.seed, fonts=plan.fonts))

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """The strokes, float32 (8, samples)."""
        rng = np.random.default_rng([self.plan.seed, number, 0x817])
        if self.plan.fonts is None:
            fonts = played() if library() is not None else []
        else:
            fonts = [Path(font) for font in self.plan.fonts]
        return np.stack([self._stroke(drums, fonts, rng) for drums in DRUMS.values()])

    def _stroke(self, drums: tuple[int, ...], fonts: list[Path], rng: np.random.Generator) -> np.ndarray:
        """One of these drums, float32 (samples,)."""
        engine_rate = self.rate * -(-LOWEST_RATE // self.rate)
        samples = round(self.plan.seconds * self.rate)
        length = round(1.2 * self.plan.seconds * engine_rate)
        velocity = int(rng.integers(*VELOCITIES))
        own = not fonts or rng.random() < SYNTHESISED_SHARE
        sound = None if own else _sampled(drums, fonts, velocity, length, engine_rate, rng)
        if sound is None:
            sound = kit(rng)[pick(rng, drums)](rng, velocity / 127, engine_rate)
        sound = filtered(sound[None], shelf(between(rng, 2000, 6000), rng.normal(0, 3), True, engine_rate))[0]
        sound = soxr.resample(sound, engine_rate, self.rate, quality="HQ")
        heard = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max(initial=0.0))
        sound = sound[heard[0] if len(heard) else 0 :][:samples]
        sound = np.pad(sound, (0, samples - len(sound)))
        sound[-round(FADE_SECONDS * self.rate) :] *= np.linspace(1, 0, round(FADE_SECONDS * self.rate))
        return (sound * (PEAK / max(float(np.abs(sound).max()), 1e-9))).astype(np.float32)


def _sampled(drums: tuple[int, ...], fonts: list[Path], velocity: int, samples: int, rate: int,
             rng: np.random.Generator) -> np.ndarray | None:
    """One of these drums by one kit of the soundfonts, (samples,); None where the drawn kit lacks them all."""
    font = soundfont(pick(rng, fonts), rate)
    if not font.kits():
        return None
    chosen = pick(rng, font.kits())
    there = [drum for drum in drums if drum in font.hits(chosen)]
    if not there:
        return None
    sound = font.play(chosen, True, [(0, "noteon", font.key(pick(rng, there)), velocity)], samples, {}).mean(axis=0)
    return sound if np.abs(sound).max() > AUDIBLE else None
