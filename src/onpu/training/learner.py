"""One step, one validation: what Lightning calls."""

import logging
import math
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import lightning.pytorch as pl
import numpy as np
import torch
from torch import Tensor

from onpu.data.stream import Batch, Stored
from onpu.task import Recipe, Trained
from onpu.training.evaluate import Row, mean_scores

logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)  # here, so that it holds in every process of a run


class Learner(pl.LightningModule):
    """A trained system in the making: its network learns, a moving average of the weights is judged and kept.

    rows: the scores of the recordings of the last validation.
    """

    def __init__(self, trained: Trained, validation: Sequence[Stored]):
        super().__init__()
        self.trained, self.validation = trained, tuple(validation)
        self.network = trained.network
        self.average = deepcopy(trained.network).requires_grad_(False)
        self.rows: list[Row] = []
        self.spent, self.started = 0.0, time.monotonic()

    @property
    def recipe(self) -> Recipe:
        """Of the system."""
        return self.trained.recipe

    @property
    def minutes(self) -> float:
        """Time that the run has taken so far, interruptions not counted."""
        return (self.spent + time.monotonic() - self.started) / 60

    def result(self) -> Trained:
        """The system with the weights that are kept."""
        return replace(self.trained, network=self.average)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW (Loshchilov & Hutter 2019); gains and biases do not decay."""
        groups: dict[bool, list[Tensor]] = {True: [], False: []}
        for parameter in self.network.parameters():
            groups[parameter.ndim > 1].append(parameter)
        return torch.optim.AdamW([{"params": groups[True], "weight_decay": self.recipe.weight_decay},
                                  {"params": groups[False], "weight_decay": 0.0}], self.recipe.learning_rate)

    def on_fit_start(self) -> None:
        """Time counts from here."""
        self.started = time.monotonic()

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """Learning rate and random numbers of this step."""
        if batch["step"] != self.global_step:
            raise RuntimeError(f"step {self.global_step} was given the batch of step {batch['step']}")
        optimizer = self.optimizers()
        for group in optimizer.param_groups:  # type: ignore[union-attr]
            group["lr"] = self.recipe.learning_rate * pace(self.recipe, self.global_step, self.minutes)
        seed = np.random.SeedSequence([self.recipe.seed, self.global_step, self.global_rank])
        torch.manual_seed(int(seed.generate_state(1)[0]))

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Loss of a batch."""
        loss = self.trained.listener.loss(self.network(batch["features"]), batch["targets"], batch["mask"])
        self.log("loss", loss, prog_bar=True, batch_size=len(batch["mask"]))
        return loss

    @torch.no_grad()
    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Moving average, whose memory is short at first; counts as batch normalisation has them are copied."""
        share = 1 - min(self.recipe.average, (1 + self.global_step) / (10 + self.global_step))
        now = self.network.state_dict()
        for name, mean in self.average.state_dict().items():
            if mean.is_floating_point():
                mean.lerp_(now[name], share)
            else:
                mean.copy_(now[name])
        if self.recipe.minutes and self.trainer.strategy.reduce_boolean_decision(
                self.minutes >= self.recipe.minutes, all=False):
            self.trainer.should_stop = True

    def on_validation_epoch_start(self) -> None:
        """Forget the last validation."""
        self.rows = []

    def validation_step(self, batch: tuple[int, int], batch_idx: int) -> None:
        """Scores of one whole recording, in full precision."""
        if batch[0] < 0:
            return
        stored, number = self.validation[int(batch[0])], int(batch[1])
        trained = self.result()
        features = torch.from_numpy(stored.crop(number, 0, stored.frames(number)))[None].to(self.device)
        with torch.autocast(self.device.type, enabled=False):
            activations = trained.activate([features])
        reference = stored.timeline(number)
        scores = trained.listener.metric(reference, trained.decode(activations, reference.duration))
        self.rows.append(Row(stored.corpus.name(number), scores))

    def on_validation_epoch_end(self) -> None:
        """Means over all recordings, of all devices."""
        if self.trainer.world_size > 1:
            parts: list[list[Row]] = [[] for _ in range(self.trainer.world_size)]
            torch.distributed.all_gather_object(parts, self.rows)
            self.rows = sorted((row for part in parts for row in part), key=lambda row: row.name)
        means = mean_scores(self.rows)
        judged = [means[name] for name in self.trained.listener.criterion if name in means]
        score = float(np.mean(judged)) if judged else 0.0
        self.log_dict({f"validation/{name}": value for name, value in means.items()}, sync_dist=True)
        self.log("score", score, prog_bar=True, sync_dist=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Remember the time."""
        checkpoint["spent"] = self.spent + time.monotonic() - self.started

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Inverse of `on_save_checkpoint`."""
        self.spent = checkpoint["spent"]


def pace(recipe: Recipe, step: int, minutes: float) -> float:
    """Learning rate over its peak: linear warm-up, then half a cosine until the last step or the end of the time."""
    done = step / (recipe.steps * recipe.epochs)
    if recipe.minutes:
        done = max(done, minutes / recipe.minutes)
    return min(1.0, (step + 1) / max(1, recipe.warmup)) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
