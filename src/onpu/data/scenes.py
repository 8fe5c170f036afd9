"""What items of aligned sounds are composed of: the songs of a plan, each made into sounds in its own way."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, Self

import numpy as np

from onpu.data.plan import Plan


class Scenes(ABC):
    """Item n is a pure function of the values and n. A subclass is a frozen dataclass with a plan."""

    plan: Plan

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Of the sounds of each item."""

    @abstractmethod
    def item(self, number: int) -> np.ndarray:
        """The sounds of an item, float32 (names, samples)."""

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.plan.rate

    @property
    def licence(self) -> str:
        """Of the sounds."""
        return self.plan.licence

    def of(self, plan: Plan) -> Self:
        """The same of another plan's songs; what the scenes themselves decide of a plan stays: the rate, and that all
        of it is music."""
        return replace(self, plan=replace(plan, rate=self.rate, negatives=0.0))  # type: ignore[type-var]

    def named(self) -> dict[str, Any]:
        """For cards: the values as JSON has them, files by their names; `kind`, where scenes come in several."""
        return self.plan.named()

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that would be played here."""
        return self.plan.soundfonts()
