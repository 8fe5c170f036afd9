"""Training of making tasks: examples drawn from material, players in turns, whole items to be judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.dataset import Dataset
from onpu.data.stream import Batch
from onpu.files import Json
from onpu.maker import Maker, Player, TrainedMaker
from onpu.recipe import Recipe
from onpu.training.checkpoint import save
from onpu.training.evaluate import Row
from onpu.training.finetune import alike, score_before, told_before
from onpu.training.loop import begin, buildable, fit, inherit
from onpu.weights import Card
from onpu.workers import Progress


@dataclass(frozen=True)
class MakerExamples:
    """Examples of a maker, each from one of several corpora; example n is a pure function of seed and n."""

    maker: Maker
    recipe: Recipe
    corpora: tuple[Dataset, ...]

    def example(self, index: int) -> Batch:
        """Example `index`, the same whenever it is asked for."""
        rng = np.random.default_rng([self.recipe.seed, index])
        shares = np.array([len(material) for material in self.corpora], dtype=np.float64)
        material = self.corpora[int(rng.choice(len(self.corpora), p=shares / shares.sum()))]
        return self.maker.example(material, rng, self.recipe)


@dataclass(frozen=True, eq=False)
class MakerTraining:
    """A maker as what the loop trains: its players, judged by what the first one makes of held-out items."""

    trained: TrainedMaker
    players: Mapping[str, Player]
    judge_by: Dataset

    @property
    def recipe(self) -> Recipe:
        """Recipe of the trained system."""
        return self.trained.recipe

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Networks of all players."""
        return {name: player.network for name, player in self.players.items()}

    @property
    def every(self) -> Mapping[str, int]:
        """Steps from one update of each player to its next."""
        return {name: player.every for name, player in self.players.items()}

    @property
    def lr_ratios(self) -> Mapping[str, float]:
        """Learning rate of each player over the recipe's."""
        return {name: player.lr_ratio for name, player in self.players.items()}

    @property
    def weight_limits(self) -> Mapping[str, float]:
        """How large a parameter of each player may be; 0: any."""
        return {name: player.weight_limit for name, player in self.players.items()}

    @property
    def criterion(self) -> Sequence[str]:
        """Measures whose mean chooses the best weights."""
        return self.trained.maker.criterion

    def losses(self, player: str, batch: Batch) -> dict[str, Tensor]:
        """What the player says."""
        return self.players[player].loss(self.networks, batch, self.recipe)

    @torch.no_grad()
    def judge(self, kept: nn.Module, item: Any, device: torch.device) -> Row:
        """Scores of a whole item; item: anything and its number."""
        number = int(item[1])
        made = replace(self.trained, network=kept.eval())
        scores = made.maker.metric(made, self.judge_by.item(number), np.random.default_rng(number))
        return Row(f"{number:05d}", scores)

    def save(self, path: Path, kept: nn.Module, rows: list[Row], card: Card) -> None:
        """Write the system with these weights."""
        save(path, replace(self.trained, network=kept), rows, card)


def train_maker(maker: Maker, recipe: Recipe, corpora: Sequence[Dataset], folder: str | Path, *,
                validation: Dataset | None = None, parent: TrainedMaker | None = None, devices: int = 1,
                accelerator: str = "cpu", jobs: int = 1, bar: bool = True, progress: Progress | None = None) -> Path:
    """Train a maker, or go on with the run in `folder`; returns the path of the best weights.

    corpora: what `maker.scenes` opens; none: what it composes, in `jobs` processes. validation: what is judged by;
    None: what the first corpus holds out. parent: a trained system to start from. The rest: see `fit`. Raises
    `OnpuError` when the material, the recipe or the folder do not fit.
    """
    folder = Path(folder)
    scenes = maker.scenes(recipe)
    corpora = tuple(corpora) or (scenes.composed(folder / "data" / "composed", jobs, progress),)
    for material in (*corpora, *(() if validation is None else (validation,))):
        scenes.check(material)
    judge, name = validation, {}
    if judge is None:
        first, judge = corpora[0].split()
        corpora = (first, *corpora[1:])
        name = {"name": f"held out of {first.description.get('source', 'the corpus')}"}
    card = begin(folder, maker.name, recipe, [_told(material) for material in corpora], name | _told(judge),
                 None if parent is None else dict(parent.card), devices)
    torch.manual_seed(recipe.seed)
    with buildable(maker.name):
        players = maker.players(recipe)
    trained = TrainedMaker(maker, recipe, next(iter(players.values())).network)
    if parent is not None:
        inherit(trained.network, parent.network)
    items = [(0, number) for number in judge.numbers]
    training = MakerTraining(trained, players, judge)
    if parent is not None and parent.maker.name == maker.name and alike(parent.network, trained.network):
        before = score_before(replace(training, trained=parent).judge, parent.network, items, maker.criterion,
                              accelerator)
        told_before(before, maker.criterion, len(items))
        card["trained"]["before"] = round(before, 4)
    return fit(training, MakerExamples(maker, recipe, corpora), items, folder, card,
               devices, accelerator, bar)


def _told(material: Dataset) -> Json:
    """The entry of a card."""
    return {**material.description, "share": len(material)}
