"""Two recordings of the same composed song: in other keys and tempi, by other bands, with other sounds.

They begin with the same bar and are otherwise not aligned. What learns or is tested to find the one by the other takes
them in mono at the rate of most listeners.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
from threadpoolctl import threadpool_limits

from onpu.data.corpora.versions import arrange, compose_work
from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.render import perform, produce

RATE = 22_050


@dataclass(frozen=True)
class VersionScenes(SceneSource):
    """Two sounds an item, `first` and `second`, each of `plan.seconds`, silent where the song is over before.

    plan: songs are composed, none arranged from data sets; of its values seed, seconds, fonts and sounds count.
    """

    plan: Plan = field(default_factory=lambda: Plan(seconds=25.0, rate=RATE, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""
        return "first", "second"

    def of(self, plan: Plan) -> Self:
        """See `SceneSource`."""
        return replace(self, plan=replace(plan.unarranged(), rate=self.rate, negatives=0.0, styles=()))

    @threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
    def item(self, number: int) -> np.ndarray:
        """The two recordings, float32 (2, samples)."""
        seed = int(np.random.default_rng([self.plan.seed, number]).integers(2**31))
        work = compose_work(seed, self.plan.seconds)
        fonts = None if self.plan.fonts is None else [Path(font) for font in self.plan.fonts]
        sounds = Path(self.plan.sounds) if self.plan.sounds else None
        out = np.zeros((2, round(self.plan.seconds * self.rate)), np.float32)
        for row, version in zip(out, range(2), strict=True):
            song = arrange(work, seed, version)
            stems, labels = perform(song, song.seed, self.rate, fonts, sounds=sounds)
            heard = produce(stems, song.seed, labels).mono()[: len(row)]
            row[: len(heard)] = heard
        return out
