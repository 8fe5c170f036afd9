"""Training of listening tasks: features that were computed once, crops of them, whole recordings to be judged by."""

import logging
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from onpu.data.corpus import Corpus
from onpu.data.stream import Batch, CorpusCrops
from onpu.errors import OnpuError
from onpu.inference.activations import predict
from onpu.music import Timeline
from onpu.task import Listener, ListenerRecipe
from onpu.trained import TrainedListener
from onpu.training.checkpoint import save
from onpu.training.datasets import TrainingData, prepare
from onpu.training.evaluate import Row
from onpu.training.finetune import alike, score_before, told_before
from onpu.training.loop import begin, buildable, fit, inherit
from onpu.weights import Card
from onpu.workers import Progress

log = logging.getLogger(__name__)

NORMALISATIONS = nn.BatchNorm1d, nn.BatchNorm2d
"""Layers that keep statistics of what they have seen."""


@dataclass(frozen=True, eq=False)
class ListenerTraining:
    """A listener as what the loop trains: one player, judged by whole recordings.

    parent: the network that it began with, of which the recipe's `blend` leaves a part in what is judged and kept.
    """

    trained: TrainedListener
    validation: tuple[CorpusCrops, ...]
    parent: nn.Module | None = None

    @property
    def recipe(self) -> ListenerRecipe:
        """Recipe of the trained system."""
        return self.trained.recipe

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """The one network."""
        return {"network": self.trained.network}

    @property
    def every(self) -> Mapping[str, int]:
        """It learns at each step."""
        return {"network": 1}

    @property
    def lr_ratios(self) -> Mapping[str, float]:
        """The network learns at the recipe's learning rate."""
        return {"network": 1.0}

    @property
    def weight_limits(self) -> Mapping[str, float]:
        """Its parameters may have any size."""
        return {"network": 0.0}

    @property
    def criterion(self) -> tuple[str, ...]:
        """Measures whose mean chooses the best weights."""
        return self.trained.listener.criterion

    def losses(self, player: str, batch: Batch) -> dict[str, Tensor]:
        """Loss of a batch."""
        if self.recipe.keep_statistics:
            for module in self.trained.network.modules():
                if isinstance(module, NORMALISATIONS):
                    module.eval()
        logits = self.trained.network(batch["features"])
        return {"loss": self.trained.listener.loss(logits, batch["targets"], batch["mask"])}

    def judge(self, kept: nn.Module, item: tuple[int, int], device: torch.device) -> Row:
        """Scores of a whole recording; item: source and number."""
        stored, number = self.validation[int(item[0])], int(item[1])
        trained = replace(self.trained, network=self.blended(kept), precision="float32")
        features = torch.from_numpy(stored.crop(number, 0, stored.frames(number)))[None].to(device)
        reference = stored.timeline(number)
        found = trained.decode(predict(trained, [features]), reference.duration)
        return Row(stored.corpus.name(number), trained.listener.metric(reference, found), stored.corpus.kind(number))

    def save(self, path: Path, kept: nn.Module, rows: list[Row], card: Card) -> None:
        """Write the system with these weights."""
        save(path, replace(self.trained, network=self.blended(kept)), rows, card)

    def blended(self, learned: nn.Module) -> nn.Module:
        """The learned weights and the parent's, mixed by the recipe's `blend`."""
        if self.parent is None or self.recipe.blend == 1:
            return learned
        mixed, before = deepcopy(learned), self.parent.state_dict()
        for name, values in mixed.state_dict().items():
            if values.is_floating_point():
                values.lerp_(before[name].to(values), 1 - self.recipe.blend)
        return mixed


def train(listener: Listener, recipe: ListenerRecipe, data: TrainingData, folder: str | Path, *,
          parent: TrainedListener | None = None, devices: int = 1, accelerator: str = "cpu", jobs: int = 1,
          bar: bool = True, progress: Progress | None = None, advanced: Callable[[float], None] | None = None
          ) -> Path:
    """Train a listener, or go on with the run in `folder`; returns the path of the best weights.

    parent: a trained system to start from, whose tensors are taken where they fit. jobs: processes that compose songs
    and compute features beforehand; progress is called for these. advanced, the rest: see `fit`. Raises
    `OnpuError` when the data, the recipe or the folder do not fit.
    """
    if not 0 < recipe.blend <= 1:
        raise OnpuError(f"blend is {recipe.blend:g}; give a share above 0 and up to 1")
    if recipe.blend < 1 and parent is None:
        raise OnpuError(f"blend is {recipe.blend:g}, but there are no weights to blend with; name some with --from")
    folder = Path(folder)
    if listener.completed is not None:
        recipe = listener.completed(recipe, _labels(data))
    card = begin(folder, listener.name, recipe, data.describe(), data.judge(),
                 None if parent is None else dict(parent.card), devices)
    torch.manual_seed(recipe.seed)
    with buildable(listener.name):
        trained = TrainedListener.build(listener, recipe)
    listener = trained.listener
    if parent is not None:
        inherit(trained.network, parent.network)
        if recipe.blend < 1 and not alike(trained.network, parent.network):
            raise OnpuError(f"blend is {recipe.blend:g}, but the weights to blend with have other sizes; "
                            "leave blend at 1")
    prepared = prepare(listener, recipe, trained.features, data, folder, jobs, progress)
    items = [(source, number) for source, stored in enumerate(prepared.validation) for number in stored.numbers]
    if prepared.learned:
        log.warning(f"judged by {prepared.learned}, so that its scores say little of other recordings; name such with "
                    "--validation")
    if parent is not None and _same(parent, trained):
        before = score_before(ListenerTraining(parent, prepared.validation).judge, parent.network, items,
                              listener.criterion, accelerator)
        told_before(before, listener.criterion, len(items))
        card["trained"]["before"] = round(before, 4)
    return fit(ListenerTraining(trained, prepared.validation, None if parent is None else parent.network),
               prepared.examples, items, folder, card, devices, accelerator, bar, advanced)


def _labels(data: TrainingData) -> Iterator[Timeline]:
    """Tags of all recordings that are learned from, but of those composed on the spot."""
    for source in data.sources:
        if isinstance(source, Corpus):
            yield from (source.timeline(number, ("tags",)) for number in range(len(source)))


def _same(parent: TrainedListener, trained: TrainedListener) -> bool:
    """Whether both find the same in the same features, so that one may be judged as the other is."""
    return parent.listener is trained.listener and parent.listener.network(parent.recipe) is \
        trained.listener.network(trained.recipe)
