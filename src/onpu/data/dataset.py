"""What a making task learns from: numbered items (`Dataset`), and where they come from (`DatasetSource`).

Aligned sounds are one kind (`onpu.data.scenes.sounds`, composed by a `onpu.data.scenes.base.SceneSource`), a published
set of scores is another (`onpu.data.corpora.chorales`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from onpu.workers import Progress


class Dataset(Protocol):
    """The items `numbers` of something that is finished and can be read."""

    @property
    def description(self) -> Mapping[str, Any]:
        """For cards, as JSON has it: kind, licence, commercial_use, count, and what tells it from others; where weights
        that learn from it have to be under a licence of their own, `weights_licence`."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the items that belong to it."""

    def __len__(self) -> int: ...

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These items of it."""

    def item(self, number: int) -> Any:
        """An item, whole, as the maker's `metric` takes it."""

    def split(self) -> tuple[Self, Self]:
        """What is learned from, and what is held out to be judged by; always the same."""


class DatasetSource(Protocol):
    """Where the dataset of a maker comes from."""

    @property
    def title(self) -> str:
        """What the user is to bring, for help texts."""

    def open(self, path: Path) -> Dataset:
        """What lies at a path that the user names. Raises `DataError` when it is nothing of the sort."""

    def check(self, material: object) -> None:
        """Raise `DataError` when what was opened is not what the maker learns from."""

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Dataset:
        """What is learned from where the user brings nothing, made in `folder`. Raises `DataError` when it cannot be
        composed."""
