"""One step, one validation: what Lightning calls."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import lightning.pytorch as pl
import numpy as np
import torch
from lightning.pytorch.core.optimizer import LightningOptimizer
from torch import Tensor, nn

from onpu.data.stream import Batch
from onpu.recipe import Recipe
from onpu.training.evaluate import Row, by_kind, criterion_score, mean_scores
from onpu.training.optimisers import momentum_at, optimiser_for
from onpu.training.schedules import Plateau, batches, decay, warm_up
from onpu.weights import Card

logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)  # here, so that it holds in every process of a run


class Trainable(Protocol):
    """What is trained: one player with a loss, or several that play against each other."""

    @property
    def recipe(self) -> Recipe:
        """Hyper-parameters of the training."""

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Of the players, in the order of their turns; the first is the one that is kept."""

    @property
    def every(self) -> Mapping[str, int]:
        """Player -> it is updated at every n-th step of the run."""

    @property
    def lr_ratios(self) -> Mapping[str, float]:
        """Player -> its learning rate over the recipe's."""

    @property
    def weight_limits(self) -> Mapping[str, float]:
        """Player -> its parameters are clipped to ± this after each step; 0: they are not."""

    @property
    def criterion(self) -> Sequence[str]:
        """The measures whose mean chooses the best weights, higher is better."""

    def losses(self, player: str, batch: Batch) -> dict[str, Tensor]:
        """Part -> scalar; a player minimises their sum."""

    def judge(self, kept: nn.Module, item: Any, device: torch.device) -> Row:
        """Scores of one held-out item with these weights of the first player."""

    def save(self, path: Path, kept: nn.Module, rows: list[Row], card: Card) -> None:
        """Write these weights of the first player with their card."""


class Learner(pl.LightningModule):
    """The players in the making: they learn in turns; a moving average of the first one's weights is judged and kept.

    rows: the scores of the items of the last validation. done: steps of the run so far.
    """

    def __init__(self, subject: Trainable):
        super().__init__()
        self.automatic_optimization = False
        self.subject = subject
        self.networks = nn.ModuleDict(subject.networks)
        self.average = deepcopy(self.kept).requires_grad_(False)
        self.rows: list[Row] = []
        self.done = 0
        self.gathered = dict.fromkeys(subject.networks, 0)  # batches whose gradients wait for the rest
        self.plateau = Plateau()
        self.spent, self.started = 0.0, time.monotonic()

    @property
    def recipe(self) -> Recipe:
        """Hyper-parameters of the training."""
        return self.subject.recipe

    @property
    def kept(self) -> nn.Module:
        """The first player's network."""
        return next(iter(self.subject.networks.values()))

    @property
    def minutes(self) -> float:
        """Time that the run has taken so far, interruptions not counted."""
        return (self.spent + time.monotonic() - self.started) / 60

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """The recipe's, one a player."""
        return [optimiser_for(self.recipe, network) for network in self.networks.values()]

    def on_fit_start(self) -> None:
        """Time counts from here."""
        self.started = time.monotonic()

    def training_step(self, batch: Batch, batch_idx: int) -> None:
        """The gradient of each player whose turn it is; its step, as soon as it has gathered enough of them. No epoch
        ends with some left, so that a run that goes on lacks nothing."""
        if batch["step"] != self.done:
            raise RuntimeError(f"step {self.done} was given the batch of step {batch['step']}")
        seed = np.random.SeedSequence([self.recipe.seed, self.done, self.global_rank])
        torch.manual_seed(int(seed.generate_state(1)[0]))
        minutes = self.minutes
        left = decay(self.recipe, self.done, minutes, self.plateau.falls)
        rate = self.recipe.learning_rate * (warm_up(self.recipe, self.done) * left)
        wanted = batches(self.recipe, left)
        optimizers = self.optimizers()
        for name, optimizer in zip(self.networks, optimizers if isinstance(optimizers, list) else [optimizers],
                                   strict=True):
            if (self.done + 1) % self.subject.every[name]:
                continue
            with self._turn(name):
                parts = self.subject.losses(name, batch)
                if not self.gathered[name]:
                    optimizer.zero_grad()
                self.manual_backward(sum(parts.values(), torch.zeros((), device=self.device)))
                self.gathered[name] += 1
                following = self.done + self.subject.every[name]
                if self.gathered[name] >= wanted or following // self.recipe.steps > self.done // self.recipe.steps:
                    self._step(name, optimizer, rate * self.subject.lr_ratios[name])
            self.log_dict({part if len(self.networks) == 1 else f"{name}/{part}": value.detach()
                           for part, value in parts.items()}, prog_bar=True, batch_size=1)

    def _step(self, player: str, optimizer: LightningOptimizer, rate: float) -> None:
        """By the mean of the gradients that were gathered; rate: of each of them."""
        count, self.gathered[player] = self.gathered[player], 0
        for group in optimizer.param_groups:
            group["lr"] = rate * count
            if "momentum" in group:
                group["momentum"] = momentum_at(self.recipe, self.done)
        if count > 1:
            for parameter in self.networks[player].parameters():
                if parameter.grad is not None:
                    parameter.grad /= count
        if self.recipe.gradient_clip:
            self.clip_gradients(optimizer, self.recipe.gradient_clip, "norm")  # type: ignore[arg-type]
        optimizer.step()
        if limit := self.subject.weight_limits[player]:
            with torch.no_grad():
                for parameter in self.networks[player].parameters():
                    parameter.clamp_(-limit, limit)

    @contextmanager
    def _turn(self, player: str) -> Iterator[None]:
        """Only this player's parameters learn."""
        others = [parameter for name, network in self.networks.items() if name != player
                  for parameter in network.parameters() if parameter.requires_grad]
        for parameter in others:
            parameter.requires_grad_(False)
        yield
        for parameter in others:
            parameter.requires_grad_(True)

    @torch.no_grad()
    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Moving average, whose memory is short at first; counts as batch normalisation has them are copied."""
        share = 1 - min(self.recipe.ema_decay, (1 + self.done) / (10 + self.done))
        self.done += 1
        now = self.kept.state_dict()
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

    def validation_step(self, batch: Any, batch_idx: int) -> None:
        """Scores of one whole item, in full precision."""
        if batch[0] < 0:
            return
        with torch.autocast(self.device.type, enabled=False):
            self.rows.append(self.subject.judge(self.average, batch, self.device))

    def on_validation_epoch_end(self) -> None:
        """Means over all items, of all devices, balanced where these are of several kinds."""
        if self.trainer.world_size > 1:
            parts: list[list[Row]] = [[] for _ in range(self.trainer.world_size)]
            torch.distributed.all_gather_object(parts, self.rows)
            self.rows = sorted((row for part in parts for row in part), key=lambda row: row.name)
        means = mean_scores(self.rows)
        score = self._score(means)
        self.plateau.see(score, self.recipe.lr_patience)
        self.log_dict({f"validation/{name}": value for name, value in means.items()}, sync_dist=True)
        self.log_dict({f"kind/{kind}": self._score(mean_scores(rows)) for kind, rows in by_kind(self.rows).items()
                       if kind}, sync_dist=True)
        self.log("score", score, prog_bar=True, sync_dist=True)

    def _score(self, means: Mapping[str, float]) -> float:
        return criterion_score(means, self.subject.criterion)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Remember steps, time and what the plateau schedule has seen."""
        checkpoint["done"] = self.done
        checkpoint["spent"] = self.spent + time.monotonic() - self.started
        checkpoint["plateau"] = asdict(self.plateau)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Inverse of `on_save_checkpoint`."""
        self.done, self.spent = checkpoint["done"], checkpoint["spent"]
        self.plateau = Plateau(**checkpoint["plateau"])
