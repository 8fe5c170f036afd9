"""Composed songs beside the noise of rooms, weather, people, mains and old media, to learn to take it away."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.compose.draw import draw
from onpu.engine.render import ambience
from onpu.engine.render.media import radio, shellac, tape, vinyl
from onpu.errors import DataError
from onpu.music.audio import rms

RATE = 16_000
TARGET_RMS = 0.1
"""RMS of each sound."""
TWO_NOISES_CHANCE = 0.3
"""Chance that there are two noises at once."""


def carried(medium: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """What a medium adds to silence."""

    def noise(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
        return medium(np.zeros((2, samples), dtype=np.float32), rate, rng)

    return noise


NOISES = {ambience.hiss: 3.0, ambience.hum: 1.5, ambience.room_tone: 1.5, ambience.crackle: 1.5, ambience.rain: 0.5,
          ambience.wind: 0.5, ambience.traffic: 0.5, ambience.babble: 0.7, ambience.applause: 0.5, carried(tape): 1.0,
          carried(vinyl): 1.0, carried(shellac): 2.0, carried(radio): 1.0}
"""Noise -> weight."""


@dataclass(frozen=True)
class NoiseScenes(SceneSource):
    """Two mono sounds an item, `clean` and `noise`, equally loud as a whole: what they are mixed at is the learner's
    business. The songs of a plan, as they are played, before production."""

    plan: Plan = field(default_factory=lambda: Plan(seconds=20.0, rate=RATE, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""
        return "clean", "noise"

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """Clean music and noise, float32 (2, samples)."""
        seed, _, stems, _ = self.plan.performed(number)
        if stems is None:
            raise DataError(f"item {number} is no music; what is to be cleaned needs a plan without negatives")
        rng = np.random.default_rng([seed, 0x2015E])
        clean = stems.mixture().mono()
        noise = np.zeros_like(clean)
        for _ in range(2 if rng.random() < TWO_NOISES_CHANCE else 1):
            noise += _loud(draw(rng, NOISES)(len(clean), self.rate, rng).mean(axis=0))
        return np.stack([_loud(clean), _loud(noise)])


def _loud(sound: np.ndarray) -> np.ndarray:
    """At `TARGET_RMS`, float32; silence stays."""
    return (sound * (TARGET_RMS / max(float(rms(sound, np.float64)), 1e-9))).astype(np.float32)
