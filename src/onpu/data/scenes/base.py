"""What items of aligned sounds are composed of: the songs of a plan, each made into sounds in its own way."""

from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from onpu.data.plan import Plan
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.errors import DataError
from onpu.files import Json
from onpu.workers import Progress

DEFAULT_ITEMS = 64
"""Items that are composed where nobody brings sounds."""


class SceneSource(ABC):
    """Composes items of sounds: item n is a pure function of the values and n. See `DatasetSource`.

    A subclass is a frozen dataclass with a plan.
    """

    plan: Plan

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Names of the sounds of each item."""

    @abstractmethod
    def item(self, number: int) -> np.ndarray:
        """The sounds of an item, float32 (names, samples)."""

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.plan.rate

    @property
    def title(self) -> str:
        """What the user may bring instead; see `DatasetSource`."""
        return f"a corpus of sounds: {', '.join(self.names)}"

    @property
    def licence(self) -> str:
        """Licence of the sounds."""
        return self.plan.licence

    def of(self, plan: Plan) -> Self:
        """The same of another plan's songs; what the scenes themselves decide of a plan stays: the rate, and that all
        of it is music."""
        return replace(self, plan=replace(plan, rate=self.rate, negatives=0.0))  # type: ignore[type-var]

    def named(self) -> Json:
        """For cards: the values as JSON has them, files by their names; `kind`, where scenes come in several."""
        return self.plan.named()

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that would be played here."""
        return self.plan.soundfonts()

    def sample_sets(self) -> list[dict[str, str]]:
        """Name, source and hash of the sample sets that are played."""
        return self.plan.sample_sets()

    def open(self, path: Path) -> AlignedSounds:
        """A corpus that was written of such scenes."""
        return AlignedSounds.open(path)

    def check(self, material: Any) -> None:
        """Names, rate and kind must be these scenes'."""
        if material.names != self.names or material.rate != self.rate:
            raise DataError(f"{material.folder}: holds {', '.join(material.names)} at {material.rate} Hz, where "
                            f"{', '.join(self.names)} at {self.rate} are learned from; compose those")
        kind, wanted = (told.get("kind") for told in (material.description["plan"], self.named()))
        if kind != wanted:
            raise DataError(f"{material.folder}: holds sounds of the kind {kind}, not {wanted}; compose those, or name "
                            "the kind that is there")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> AlignedSounds:
        """The first `DEFAULT_ITEMS` of them."""
        return write_sounds(folder, self, DEFAULT_ITEMS, jobs, progress)
