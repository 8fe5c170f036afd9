"""The one training loop, on Lightning, for whatever is a `Trainable`.

RUN/run.json            recipe and data, as resolved
RUN/best.safetensors    the weights with the best validation score so far, with their card
RUN/last.safetensors    those of the last validation
RUN/state.safetensors   everything that is needed to go on after the last whole epoch
RUN/logs, RUN/tensorboard

Batches, dropout and augmentation are pure functions of (seed, step), so a run that was killed and goes on has the same
weights, bit by bit, as one that was never interrupted (without a time budget: that asks the wall clock).
"""

import json
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import Checkpoint, EarlyStopping
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch import Tensor, nn
from torch.utils.data import DataLoader

from onpu.data.stream import Batch, BatchDataset, ExampleSource, StepSampler
from onpu.errors import DataError, OnpuError, WeightsError
from onpu.files import Json, replacing
from onpu.inference.precision import multiplies_bfloat16
from onpu.recipe import Recipe
from onpu.training.learner import Learner, Trainable
from onpu.training.sources import explained
from onpu.training.state import StateFiles
from onpu.weights import Card


class Keeper(Checkpoint):
    """Writes the weights after each validation, the best ones also under their own name, and the state of the run after
    each epoch."""

    def __init__(self, folder: Path, card: Card):
        self.folder, self.card, self.best = folder, card, -math.inf

    def state_dict(self) -> dict[str, Any]:
        """What is stored with the run."""
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Inverse of `state_dict`."""
        self.best = state_dict["best"]

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep the weights."""
        assert isinstance(pl_module, Learner)
        score = float(trainer.callback_metrics["score"])
        if not math.isfinite(score):
            return
        best, self.best = score > self.best, max(score, self.best)
        if trainer.is_global_zero:
            facts = {"epoch": trainer.current_epoch, "steps": pl_module.done, "score": round(score, 4),
                     "minutes": round(pl_module.minutes, 2)} | self.card["trained"]
            for name in ("last", "best") if best else ("last",):
                pl_module.subject.save(self.folder / f"{name}.safetensors", pl_module.average, pl_module.rows,
                                       self.card | {"trained": facts})

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep the state, unless the epoch was cut short."""
        assert isinstance(pl_module, Learner)
        if pl_module.done % trainer.num_training_batches == 0:
            trainer.save_checkpoint(self.folder / "state.safetensors")


class Advancing(pl.Callback):
    """Tells the finished share of a run after each step."""

    def __init__(self, advanced: Callable[[float], None]):
        self.advanced = advanced

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *batch: object) -> None:
        """By steps, or by minutes where the run has so many."""
        assert isinstance(pl_module, Learner)
        recipe = pl_module.recipe
        spent = pl_module.minutes / recipe.minutes if recipe.minutes else 0.0
        self.advanced(min(1.0, max(spent, pl_module.done / (recipe.steps * recipe.epochs))))


def fit(subject: Trainable, examples: ExampleSource, items: Sequence[Any], folder: Path, card: Card, devices: int,
        accelerator: str, bar: bool, advanced: Callable[[float], None] | None = None) -> Path:
    """Train a subject, or go on with the run in `folder`; returns the path of the best weights.

    examples: what is learned from. items: what is judged by, as `Trainable.judge` takes it. devices: processes (on
    CPUs) or GPUs among which each batch is divided. bar: show a progress bar. advanced: called with the finished share
    of the run, of its steps or of its minutes, whichever is more. Raises `OnpuError` when nothing could be
    learned.
    """
    recipe, state = subject.recipe, folder / "state.safetensors"
    learner = Learner(subject)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="lightning")
        trainer = pl.Trainer(
            accelerator=accelerator, devices=devices, strategy="ddp_spawn" if devices > 1 else "auto",
            precision=computed_in(recipe.precision, accelerator),  # type: ignore[arg-type]
            max_epochs=recipe.epochs, num_sanity_val_steps=0,
            log_every_n_steps=min(20, recipe.steps), use_distributed_sampler=False, plugins=[StateFiles()],
            logger=[CSVLogger(folder, "logs"), TensorBoardLogger(folder, "tensorboard")],
            callbacks=[EarlyStopping("score", mode="max", patience=recipe.patience), Keeper(folder, card),
                       *([] if advanced is None else [Advancing(advanced)])],
            enable_progress_bar=bar, enable_model_summary=False)
        trainer.fit(learner, datamodule=Loaders(examples, items, recipe), ckpt_path=state if state.exists() else None,
                    weights_only=False)
    best = folder / "best.safetensors"
    if not best.exists():
        raise OnpuError(f"{folder}: no epoch gave a finite score; lower the learning rate")
    return best


def computed_in(precision: str, accelerator: str) -> str:
    """The precision of a recipe; float32 where it asks bfloat16 of a processor without instructions for it, which would
    take several times as long there. That is told in a warning."""
    if precision != "bf16-mixed" or accelerator != "cpu" or multiplies_bfloat16(torch.device("cpu")):
        return precision
    warnings.warn("this processor does not multiply bfloat16: the run is computed in float32, which is faster here",
                  stacklevel=2)
    return "32-true"


class Loaders(pl.LightningDataModule):
    """Batches of examples, each device its part, and items to be judged by."""

    def __init__(self, examples: ExampleSource, items: Sequence[Any], recipe: Recipe):
        super().__init__()
        self.examples, self.items, self.recipe = examples, items, recipe

    def train_dataloader(self) -> DataLoader[Batch]:
        """The steps of an epoch."""
        assert self.trainer is not None
        batches = BatchDataset(self.examples, self.recipe.batch, self.trainer.global_rank, self.trainer.world_size)
        workers = self.recipe.workers
        steps = StepSampler(self.recipe.steps, partial(getattr, self.trainer.lightning_module, "done"))
        return DataLoader(batches, batch_size=None, sampler=steps, num_workers=workers,
                          persistent_workers=workers > 0, generator=torch.Generator())

    def val_dataloader(self) -> DataLoader[tuple[int, int]]:
        """Source and number of each item that is held out; (-1, 0), none, makes all devices' shares equal."""
        assert self.trainer is not None
        items = [*self.items, *[(-1, 0)] * (-len(self.items) % self.trainer.world_size)]
        own = items[self.trainer.global_rank :: self.trainer.world_size]
        return DataLoader(own, batch_size=None)  # type: ignore[arg-type]


@runtime_checkable
class Expandable(Protocol):
    """A network that can begin with the tensors of one of its kind that has fewer classes."""

    def expand_state_dict(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """These tensors, with rows for the classes that they lack."""


@contextmanager
def buildable(task: str) -> Iterator[None]:
    """Raise `OnpuError` where a network cannot be built by its recipe: sizes that do not divide, or too large ones."""
    try:
        yield
    except (ArithmeticError, AssertionError, IndexError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise OnpuError(f"no network of {task} can be built by this recipe ({reason}); change its sizes") from error


def inherit(network: nn.Module, parent: nn.Module) -> None:
    """The parent's tensors of the same name and shape, at least half of them all; the others keep initial weights. A
    `Expandable` network takes those of a parent of its class that has fewer classes as well."""
    own, given = network.state_dict(), parent.state_dict()
    if isinstance(network, Expandable) and isinstance(parent, type(network)):
        given = network.expand_state_dict(given)
    fitting = {name: tensor for name, tensor in given.items() if name in own and own[name].shape == tensor.shape}
    if 2 * len(fitting) < max(len(own), len(given)):
        raise WeightsError("the weights to start from are of another network than the recipe's; leave out the recipe's "
                           "sizes, or train from the beginning")
    network.load_state_dict(own | fitting)


def begin(folder: Path, task: str, recipe: Recipe, data: list[Json], judge: Json,
          parent: Card | None, devices: int) -> Card:
    """Make the folder and write run.json, or check that the run there is this one; returns the card as far as it is
    known. data, judge: descriptions of what is learned from and judged by; parent: card of the weights to start from.
    Raises `OnpuError`, also when a batch cannot be divided among so many devices."""
    if recipe.batch % devices:
        raise OnpuError(f"a batch of {recipe.batch} cannot be divided among {devices} devices; choose a multiple")
    folder.mkdir(parents=True, exist_ok=True)
    run = {"task": task, "recipe": asdict(recipe), "data": data,
           "parent": parent.get("sha256", "unsaved") if parent is not None else ""}
    wanted = json.loads(json.dumps(run))
    path = folder / "run.json"
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        changed = [name for name, value in wanted.items() if found.get(name) != value]
        if changed:
            raise DataError(f"{folder}: holds a run with other {', '.join(changed)}; name another folder")
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(wanted, indent=1, ensure_ascii=False), encoding="utf-8")
    return {"data": wanted["data"] + _inherited(wanted["data"], parent), "validation": judge,
            "trained": {"parent": wanted["parent"]},
            "command": " ".join(Path(word).name if word.startswith("/") else word for word in sys.argv)}


def _inherited(own: list[Json], parent: Card | None) -> list[Json]:
    """What the weights to start from had learned from, beside one's own data: what it asks for is passed on."""
    if parent is None:
        return []
    known = [source | {"share": 0} for source in own]
    return [source for each in explained(parent) if (source := each | {"share": 0}) not in known]
