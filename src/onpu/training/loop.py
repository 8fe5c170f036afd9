"""The one training loop, on Lightning.

RUN/run.json            recipe and data, as resolved
RUN/best.safetensors    the weights with the best validation score so far, with their card
RUN/state.safetensors   everything that is needed to go on after the last whole epoch
RUN/logs, RUN/tensorboard

Batches, dropout and augmentation are pure functions of (seed, step), so a run that was killed and goes on has the same
weights, bit by bit, as one that was never interrupted (without a time budget: that asks the wall clock).
"""

import json
import math
import sys
import warnings
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import Checkpoint, EarlyStopping
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch.utils.data import DataLoader

from onpu.atomic import replacing
from onpu.data.stream import Batch, Batches, Steps
from onpu.data.workers import Progress
from onpu.errors import DataError, OnpuError, WeightsError
from onpu.task import Listener, Recipe, Trained
from onpu.training.checkpoint import save
from onpu.training.data import Data, Prepared, prepare
from onpu.training.learner import Learner
from onpu.training.state import StateFiles
from onpu.weights import Card


class Keeper(Checkpoint):
    """Writes the best weights after each validation and the state of the run after each epoch."""

    def __init__(self, folder: Path, card: Card):
        self.folder, self.card, self.best = folder, card, -math.inf

    def state_dict(self) -> dict[str, Any]:
        """What is stored with the run."""
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Inverse of `state_dict`."""
        self.best = state_dict["best"]

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep the weights when they are the best so far."""
        assert isinstance(pl_module, Learner)
        score = float(trainer.callback_metrics["score"])
        if score <= self.best or not math.isfinite(score):
            return
        self.best = score
        if trainer.is_global_zero:
            facts = {"epoch": trainer.current_epoch, "steps": trainer.global_step, "score": round(score, 4),
                     "minutes": round(pl_module.minutes, 2), "parent": self.card["trained"]["parent"]}
            save(self.folder / "best.safetensors", pl_module.result(), pl_module.rows, self.card | {"trained": facts})

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Keep the state, unless the epoch was cut short."""
        if trainer.global_step % trainer.num_training_batches == 0:
            trainer.save_checkpoint(self.folder / "state.safetensors")


def train(listener: Listener, recipe: Recipe, data: Data, folder: str | Path, *, parent: Trained | None = None,
          devices: int = 1, accelerator: str = "cpu", jobs: int = 1, bar: bool = True,
          progress: Progress | None = None) -> Path:
    """Train a listener, or go on with the run in `folder`; returns the path of the best weights.

    parent: a trained system to start from, whose tensors are taken where they fit. devices: processes (on CPUs) or GPUs
    among which each batch is divided. jobs: processes that compose songs and compute features beforehand; progress is
    called for these. bar: show Lightning's progress bar. Raises `OnpuError` when the data, the recipe or the folder do
    not fit.
    """
    folder = Path(folder)
    if recipe.batch % devices:
        raise OnpuError(f"a batch of {recipe.batch} cannot be divided among {devices} devices; choose a multiple")
    folder.mkdir(parents=True, exist_ok=True)
    card = _begin(listener, recipe, data, folder, parent)
    torch.manual_seed(recipe.seed)
    trained = Trained.build(listener, recipe)
    if parent is not None:
        _inherit(trained, parent)
    prepared = prepare(listener, recipe, trained.features, data, folder, jobs, progress)
    learner = Learner(trained, prepared.validation)
    state = folder / "state.safetensors"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="lightning")
        trainer = pl.Trainer(
            accelerator=accelerator, devices=devices, strategy="ddp_spawn" if devices > 1 else "auto",
            precision=recipe.precision,  # type: ignore[arg-type]
            max_epochs=recipe.epochs, gradient_clip_val=recipe.clip or None, num_sanity_val_steps=0,
            log_every_n_steps=min(20, recipe.steps), use_distributed_sampler=False, plugins=[StateFiles()],
            logger=[CSVLogger(folder, "logs"), TensorBoardLogger(folder, "tensorboard")],
            callbacks=[EarlyStopping("score", mode="max", patience=recipe.patience), Keeper(folder, card)],
            enable_progress_bar=bar, enable_model_summary=False)
        trainer.fit(learner, datamodule=Loaders(prepared, recipe), ckpt_path=state if state.exists() else None,
                    weights_only=False)
    best = folder / "best.safetensors"
    if not best.exists():
        raise OnpuError(f"{folder}: no epoch gave a finite score; lower the learning rate")
    return best


class Loaders(pl.LightningDataModule):
    """Batches of the prepared data, each device its part."""

    def __init__(self, prepared: Prepared, recipe: Recipe):
        super().__init__()
        self.prepared, self.recipe = prepared, recipe

    def train_dataloader(self) -> DataLoader[Batch]:
        """The steps of an epoch."""
        assert self.trainer is not None
        batches = Batches(self.prepared.examples, self.recipe.batch, self.trainer.global_rank, self.trainer.world_size)
        workers = self.recipe.workers
        steps = Steps(self.recipe.steps, partial(getattr, self.trainer, "global_step"))
        return DataLoader(batches, batch_size=None, sampler=steps, num_workers=workers,
                          persistent_workers=workers > 0, generator=torch.Generator())

    def val_dataloader(self) -> DataLoader[tuple[int, int]]:
        """Source and number of each recording that is held out; (-1, 0), none, makes all devices' shares equal."""
        assert self.trainer is not None
        items = [(i, number) for i, stored in enumerate(self.prepared.validation) for number in stored.numbers]
        items += [(-1, 0)] * (-len(items) % self.trainer.world_size)
        own = items[self.trainer.global_rank :: self.trainer.world_size]
        return DataLoader(own, batch_size=None)  # type: ignore[arg-type]


def _inherit(trained: Trained, parent: Trained) -> None:
    """The parent's tensors of the same name and shape, at least half of them all; the others keep initial weights."""
    own, given = trained.network.state_dict(), parent.network.state_dict()
    fitting = {name: tensor for name, tensor in given.items() if name in own and own[name].shape == tensor.shape}
    if 2 * len(fitting) < max(len(own), len(given)):
        raise WeightsError("the weights to start from are of another network than the recipe's; leave out the recipe's "
                           "sizes, or train from the beginning")
    trained.network.load_state_dict(own | fitting)


def _begin(listener: Listener, recipe: Recipe, data: Data, folder: Path, parent: Trained | None) -> Card:
    """Write run.json, or check that the run in the folder is this one; returns the card as far as it is known."""
    run = {"task": listener.name, "recipe": asdict(recipe), "data": data.describe(),
           "parent": parent.card.get("sha256", "unsaved") if parent is not None else ""}
    wanted = json.loads(json.dumps(run))
    path = folder / "run.json"
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        changed = [name for name, value in wanted.items() if found.get(name) != value]
        if changed:
            raise DataError(f"{folder}: holds a run with other {', '.join(changed)}; name another folder")
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(wanted, indent=1, ensure_ascii=False), encoding="utf-8")
    return {"data": wanted["data"], "validation": data.judge(), "trained": {"parent": wanted["parent"]},
            "commercial_use": all(source["commercial_use"] for source in wanted["data"])
            and (parent is None or bool(parent.card.get("commercial_use", False))),
            "command": " ".join(Path(word).name if word.startswith("/") else word for word in sys.argv)}
