"""Every field of a recipe is read: those of a task while it builds, draws an example and computes its loss, those that
all tasks share by the training loop. What only copies or checks a field does not read it."""

from dataclasses import asdict, dataclass, fields, replace

import numpy as np
import pytest
import tiny as clicks
import torch
from maker_cases import batch_of, built, material, tiny
from reading import remembering

from onpu.engine.compose import compose
from onpu.listen import tasks
from onpu.make import makers
from onpu.recipe import Recipe, setting
from onpu.task import Listener, ListenerRecipe
from onpu.trained import TrainedListener
from onpu.training.datasets import TrainingData
from onpu.training.listeners import train

SHARED = {field.name for field in fields(ListenerRecipe)}
"""Fields that the loop and the examples of every listener read."""
VARIANTS = (
    {"optimiser": "sgd", "momentum": 0.9, "momentum_start": 0.5, "momentum_ramp": (0, 3), "nesterov": True,
     "schedule": "step", "batch_growth": 2},
    {"optimiser": "rmsprop", "schedule": "plateau", "l1_penalty": 1e-4},
    {"optimiser": "adamw", "schedule": "cosine", "minutes": 5.0, "lr_floor": 0.1})
"""Between them they ask for all that a recipe can be learned by."""


def names_of(recipe: Recipe) -> set[str]:
    return {field.name for field in fields(recipe)}


def read_by_listener(listener: Listener) -> set[str]:
    """Fields that networks, front ends and augmentation read, over all recipes."""
    read: set[str] = set()
    labels = compose(1, "eurodance", 8.0).timeline
    for recipe in listener.recipes.values():
        watched = remembering(recipe, read)
        front = TrainedListener.build(listener, watched).features
        for seed in range(3):
            if listener.augment is not None:
                spectra = np.random.default_rng(seed).random((front.channels, front.bins, 40), dtype=np.float32)
                listener.augment(spectra, labels, np.random.default_rng(seed), watched)
    return read


def read_by_training(folder, corpus, listener: Listener) -> set[str]:
    """Fields that a run from features to weights reads, over all variants."""
    read: set[str] = set()
    recipe = replace(next(iter(listener.recipes.values())), steps=2, epochs=1)
    for number, changes in enumerate(VARIANTS):
        watched = remembering(replace(recipe, **changes), read)
        train(listener, watched, TrainingData((corpus,)), folder / str(number), bar=False)
    return read


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return clicks.click_corpus(tmp_path_factory.mktemp("clicks"))


@pytest.mark.parametrize("task", tasks())
def test_all_fields_of_a_listener_are_read(task):
    listener = tasks()[task]
    own = names_of(next(iter(listener.recipes.values()))) - SHARED
    assert own - read_by_listener(listener) == set()


@pytest.mark.parametrize("task", makers())
def test_all_fields_of_a_maker_are_read(task, tmp_path_factory):
    maker, read = makers()[task], set()
    found = {}
    for recipe in maker.recipes.values():
        watched = remembering(tiny(recipe), read)
        key = getattr(recipe, "kind", "")
        if key not in found:
            found[key] = material(maker, watched, tmp_path_factory.mktemp("material"))
        players, networks = built(maker, watched)
        batch = batch_of(maker, watched, found[key])
        for player in players.values():
            player.loss(networks, batch, watched)
    assert names_of(recipe) - names_of(Recipe()) - read == set()


def test_all_fields_that_tasks_share_are_read_by_a_run(tmp_path, corpus):
    assert SHARED - read_by_training(tmp_path, corpus, clicks.LISTENER) == set()


@dataclass(frozen=True)
class IdleRecipe(clicks.TinyRecipe):
    """A recipe with a field that nothing reads."""

    idle: int = setting(1, "nothing")


def test_a_field_that_nothing_reads_is_found(tmp_path, corpus):
    """The law can fail: copies, cards, checks and comparisons of a recipe do not hide such a field."""
    idle = replace(clicks.LISTENER, recipes={"small": IdleRecipe(**asdict(clicks.RECIPE))})
    read = read_by_training(tmp_path, corpus, idle)
    assert names_of(idle.recipes["small"]) - read == {"idle"} and "width" in read


def test_only_what_uses_a_field_reads_it():
    read: set[str] = set()
    recipe = remembering(clicks.RECIPE, read)
    assert asdict(replace(recipe, width=7)) == asdict(clicks.RECIPE) | {"width": 7}
    assert recipe == recipe and "width" in repr(recipe) and isinstance(recipe, clicks.TinyRecipe)
    assert read == set()
    torch.zeros(recipe.batch)
    assert read == {"batch"}
