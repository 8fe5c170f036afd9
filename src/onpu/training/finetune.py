"""Correct, then learn: going on from trained weights with a user's own recordings.

    train(parent.listener, gentle(parent.recipe, corpus.seconds), Data((corpus,)), folder, parent=parent)
"""

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

import torch
from torch import nn

from onpu.errors import OnpuError
from onpu.recipe import Recipe
from onpu.task import ListenerRecipe
from onpu.training.evaluate import Row, criterion_score, mean_scores
from onpu.weights import Card

log = logging.getLogger(__name__)

LEARNING_RATE_SHARE = 0.1
"""Share of the learning rate that is left."""
VIEWS_PER_EPOCH = 4
"""How often each moment is seen in an epoch."""


def gentle(recipe: ListenerRecipe, seconds: float) -> ListenerRecipe:
    """A recipe changed for going on with recordings of `seconds` in all; an epoch has the recipe's steps at most."""
    seen = math.ceil(VIEWS_PER_EPOCH * seconds / (recipe.crop_seconds * recipe.batch))
    return replace(recipe, learning_rate=LEARNING_RATE_SHARE * recipe.learning_rate,
                   steps=max(10, min(recipe.steps, seen)), warmup=10, epochs=min(recipe.epochs, 20))


def same_network(recipe: Recipe, parent: Recipe, build: Callable[[Any], nn.Module]) -> None:
    """Raise `OnpuError` that names the settings which make of a recipe another network than the parent's is. build: a
    recipe -> its network, untrained."""
    differing = [field.name for field in fields(recipe) if getattr(recipe, field.name) != getattr(parent, field.name)]
    for name in differing:
        changed = replace(parent, **{name: getattr(recipe, name)})
        with torch.random.fork_rng(devices=[]):
            kept = alike(build(changed), build(parent))
        if not kept:
            raise OnpuError(f"{name} is {_said(getattr(recipe, name))}, but the weights to start from have "
                            f"{_said(getattr(parent, name))}: another network; leave it out, or name the recipe of a "
                            "new one, which takes of them what fits")


def alike(network: nn.Module, other: nn.Module) -> bool:
    """Whether two networks are of one class and have tensors of the same names and shapes."""
    return type(network) is type(other) and _shapes(network) == _shapes(other)


def _shapes(network: nn.Module) -> dict[str, torch.Size]:
    return {name: values.shape for name, values in network.state_dict().items()}


def _said(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def score_before(judge: Callable[[nn.Module, tuple[int, int], torch.device], Row], network: nn.Module,
                 items: Iterable[tuple[int, int]],
                 criterion: Sequence[str], accelerator: str) -> float:
    """What a trained network scores on the items of the validation, by the measures that choose the best weights."""
    device = torch.device({"gpu": "cuda"}.get(accelerator, accelerator))
    network.to(device)
    with torch.no_grad():
        rows = [judge(network, item, device) for item in items]
    network.to("cpu")
    return criterion_score(mean_scores(rows), criterion)


def told_before(before: float, criterion: Sequence[str], items: int) -> None:
    """Tell the score of the weights to start from."""
    log.info(f"before: {before:.3f} ({', '.join(criterion)}; {items} recordings)")


def verdict(card: Card) -> str:
    """What fine-tuning came to, in words, by the card of the best weights; empty where they began with none that could
    be judged."""
    before, after = card["trained"].get("before"), card["trained"]["score"]
    if before is None:
        return ""
    if after <= before:
        return f"no better than before: {after:.3f} after, {before:.3f} before; keep the weights that these began with"
    return f"better than before: {after:.3f} after, {before:.3f} before"
