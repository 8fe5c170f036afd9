"""Training of making tasks: examples drawn from corpora of sounds, players in turns, whole items to be judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.sounds import Sounds, write_sounds
from onpu.data.stream import Batch
from onpu.data.workers import Progress
from onpu.errors import DataError
from onpu.maker import Made, Maker, Player
from onpu.task import Training
from onpu.training.checkpoint import save
from onpu.training.evaluate import Row
from onpu.training.loop import begin, fit, inherit
from onpu.weights import Card

ITEMS = 64
"""Items that are composed where nobody brings sounds."""
HELD_OUT = 10
"""Each so-manieth item is kept to be judged by where there is no corpus for it."""


@dataclass(frozen=True)
class Drawn:
    """Examples of a maker, each from one of several corpora; example n is a pure function of seed and n."""

    maker: Maker
    recipe: Training
    corpora: tuple[Sounds, ...]

    def example(self, index: int) -> Batch:
        """See `Indexed`."""
        generator = np.random.default_rng([self.recipe.seed, index])
        shares = np.array([len(sounds) for sounds in self.corpora], dtype=np.float64)
        sounds = self.corpora[int(generator.choice(len(self.corpora), p=shares / shares.sum()))]
        return self.maker.example(sounds, generator, self.recipe)


@dataclass(frozen=True, eq=False)
class Playing:
    """A maker as what the loop trains: its players, judged by what the first one makes of held-out items."""

    made: Made
    players: Mapping[str, Player]
    judge_by: Sounds

    @property
    def recipe(self) -> Training:
        """Of the system."""
        return self.made.recipe

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Of all players."""
        return {name: player.network for name, player in self.players.items()}

    @property
    def every(self) -> Mapping[str, int]:
        """Of all players."""
        return {name: player.every for name, player in self.players.items()}

    @property
    def paces(self) -> Mapping[str, float]:
        """Of all players."""
        return {name: player.pace for name, player in self.players.items()}

    @property
    def criterion(self) -> Sequence[str]:
        """Of the maker."""
        return self.made.maker.criterion

    def losses(self, player: str, batch: Batch) -> dict[str, Tensor]:
        """What the player says."""
        return self.players[player].loss(self.networks, batch, self.recipe)

    @torch.no_grad()
    def judge(self, kept: nn.Module, item: Any, device: torch.device) -> Row:
        """Scores of a whole item; item: anything and its number."""
        number = int(item[1])
        made = replace(self.made, network=kept.eval())
        scores = made.maker.metric(made, self.judge_by.item(number), np.random.default_rng(number))
        return Row(f"{number:05d}", scores)

    def save(self, path: Path, kept: nn.Module, rows: list[Row], card: Card) -> None:
        """Write the system with these weights."""
        save(path, replace(self.made, network=kept), rows, card)


def train_maker(maker: Maker, recipe: Training, corpora: Sequence[Sounds], folder: str | Path, *,
                validation: Sounds | None = None, parent: Made | None = None, devices: int = 1,
                accelerator: str = "cpu", jobs: int = 1, bar: bool = True, progress: Progress | None = None) -> Path:
    """Train a maker, or go on with the run in `folder`; returns the path of the best weights.

    corpora: sounds as the maker's scenes have them; none: its scenes are composed, in `jobs` processes. validation:
    what is judged by; None: a part of the corpora. parent: a trained system to start from. The rest: see `fit`. Raises
    `OnpuError` when the sounds, the recipe or the folder do not fit.
    """
    folder = Path(folder)
    scenes = maker.scenes(recipe)
    corpora = tuple(corpora) or (write_sounds(folder / "data" / "composed", scenes, ITEMS, jobs, progress),)
    for sounds in (*corpora, *(() if validation is None else (validation,))):
        if sounds.names != scenes.names or sounds.rate != scenes.rate:
            raise DataError(f"{sounds.folder}: holds {', '.join(sounds.names)} at {sounds.rate} Hz, but {maker.name} "
                            f"learns from {', '.join(scenes.names)} at {scenes.rate}; compose those")
        kind, wanted = (told.get("kind") for told in (sounds.description["plan"], scenes.named()))
        if kind != wanted:
            raise DataError(f"{sounds.folder}: holds sounds of the kind {kind}, not {wanted}; compose those, or name "
                            "the kind that is there")
    judge = validation
    if judge is None:
        first = corpora[0]
        judge = first.only(first.numbers[::HELD_OUT])
        rest = [number for number in first.numbers if number not in judge.numbers]
        corpora = (first.only(rest or first.numbers), *corpora[1:])
    card = begin(folder, maker.name, recipe, [_told(sounds) for sounds in corpora], _told(judge),
                 None if parent is None else dict(parent.card), devices)
    torch.manual_seed(recipe.seed)
    players = maker.players(recipe)
    made = Made(maker, recipe, next(iter(players.values())).network)
    if parent is not None:
        inherit(made.network, parent.network)
    items = [(0, number) for number in judge.numbers]
    return fit(Playing(made, players, judge), Drawn(maker, recipe, corpora), items, folder, card, devices, accelerator,
               bar)


def _told(sounds: Sounds) -> dict[str, Any]:
    """The entry of a card."""
    return sounds.description | {"share": len(sounds)}
