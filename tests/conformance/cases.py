"""Every task found, with each of its networks made tiny: what the laws are tried on."""

import inspect
from dataclasses import fields, replace

import numpy as np
import torch

from onpu.listen import tasks
from onpu.music import Audio
from onpu.task import Listener, ListenerRecipe
from onpu.trained import TrainedListener

SIZE = 6
"""No width or depth that a task adds to its recipe is larger in these networks."""


def tiny(recipe: ListenerRecipe) -> ListenerRecipe:
    """The recipe with all sizes of its own cut down."""
    own = [f.name for f in fields(recipe) if f.name not in inspect.signature(ListenerRecipe).parameters]
    sizes = {name: min(getattr(recipe, name), SIZE) for name in own if type(getattr(recipe, name)) is int}
    return replace(recipe, **sizes)


def recipes_of(listener: Listener) -> dict[str, ListenerRecipe]:
    """Name of each network that the task's recipes have -> the first recipe that has it."""
    found: dict[str, ListenerRecipe] = {}
    for recipe in listener.recipes.values():
        found.setdefault(getattr(recipe, "network", next(iter(listener.networks))), recipe)
    return found


def cases() -> dict[str, tuple[Listener, ListenerRecipe]]:
    """`task-network` -> listener and tiny recipe, one for each network that a task has."""
    return {f"{listener.name}-{name}": (listener, tiny(recipe))
            for listener in tasks().values() for name, recipe in recipes_of(listener).items()}


def build(listener: Listener, recipe: ListenerRecipe, seed: int = 0) -> TrainedListener:
    """The tiny system, untrained, the same each time and on each machine."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        trained = TrainedListener.build(listener, recipe)
    trained.network.eval()
    return replace(trained, precision="float32")


def sound(seconds: float, rate: int, seed: int = 0) -> Audio:
    """Chords of decaying harmonics on a steady beat over faint noise: the same bytes on every machine."""
    rng = np.random.default_rng(seed)
    samples = 0.001 * rng.standard_normal(round(seconds * rate))
    after = np.arange(round(0.8 * rate)) / rate
    for onset in np.arange(0.2, seconds, 0.5):
        pitch = 110 * 2 ** (rng.integers(0, 24) / 12)
        chord = sum(np.sin(2 * np.pi * pitch * partial * after) / partial for partial in range(1, 6))
        start = round(onset * rate)
        samples[start : start + len(after)] += (0.1 * chord * np.exp(-6 * after))[: len(samples) - start]
    return Audio(samples[None].astype(np.float32), rate)
