"""Weights outlive the recipe that they were trained by, but never meet another network: of listeners and of makers."""

import json
from dataclasses import asdict, dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
import tiny
import torch
from torch import nn

from onpu.errors import OnpuError, WeightsError
from onpu.maker import Maker, Player, TrainedMaker
from onpu.recipe import Recipe, setting
from onpu.restoring import recipe_from_card
from onpu.trained import TrainedListener


@dataclass(frozen=True)
class BaseRecipe(Recipe):
    RENAMED: ClassVar[dict[str, str]] = {"rises": "growth"}

    network: str = setting("small", "the only one")
    growth: int = setting(1, "")


@dataclass(frozen=True)
class NewRecipe(BaseRecipe):
    """Today's: `depth` and `tilt` are new, and the network of old had neither their defaults nor one of the names."""

    RENAMED: ClassVar[dict[str, str]] = {"wide": "width"}

    width: int = setting(8, "")
    depth: int = setting(5, "")
    tilt: float = setting(0.5, "")
    steps: int = setting(200, "")
    levels: tuple[int, ...] = setting((4,), "")

    def __post_init__(self):
        if self.tilt > 1:
            raise OnpuError(f"a tilt of {self.tilt} is too steep; give at most 1")


class Small(nn.Module):
    RENAMED: ClassVar[dict[str, str]] = {"wide": "width"}

    def __init__(self, width: int, depth: int, steps: int = 0):
        super().__init__()
        self.width, self.depth, self.steps = width, depth, steps
        self.layer = nn.Linear(width, depth)


MAKER = Maker("small", "nothing", "nobody, 2026", lambda recipe: None,
              lambda recipe: {"one": Player(Small(recipe.width, recipe.depth), lambda *given: {})},
              lambda *given: {}, lambda *given: None, lambda *given: {}, (), {"small": NewRecipe()})
CARD = {"task": "small", "onpu": "0.0", "network": {"class": "Small", "wide": 3, "depth": 2},
        "recipe": {"network": "small", "rises": 7, "wide": 3, "forgotten": "gone", "levels": [1, 2], "steps": 9.0}}


def maker(card):
    return TrainedMaker.restore(MAKER, Small(3, 2).state_dict(), card)


def listener(card):
    torch.manual_seed(0)
    built = TrainedListener.build(tiny.LISTENER, tiny.RECIPE)
    return TrainedListener.restore(tiny.LISTENER, built.network.state_dict(), card)


def tiny_card(**changes):
    card = TrainedListener.build(tiny.LISTENER, tiny.RECIPE).describe() | {"onpu": "0.0"}
    return json.loads(json.dumps({name: value | changes.get(name, {}) if isinstance(value, dict) else value
                                  for name, value in card.items()}))


def test_an_older_recipe_is_completed_and_its_weights_load():
    made = maker(json.loads(json.dumps(CARD)))
    assert made.recipe == NewRecipe(growth=7, width=3, depth=2, tilt=0.5, steps=9, levels=(1, 2))
    assert made.recipe.learning_rate == Recipe().learning_rate
    assert type(made.recipe.steps) is int
    assert torch.equal(made.network.layer.weight.isfinite(), torch.ones(2, 3, dtype=torch.bool))


def test_a_field_that_is_missing_is_what_the_network_has_where_both_share_a_name():
    """The default of `depth` is 5, but the network that was trained has 2; `steps` of the base is never a network's."""
    without = CARD | {"recipe": {"network": "small", "wide": 3}, "network": CARD["network"] | {"steps": 0}}
    recipe = recipe_from_card(MAKER.recipes, without)
    assert recipe.depth == 2 and recipe.steps == 200
    made = maker(without)
    assert made.network.depth == 2 and made.describe()["recipe"]["depth"] == 2


def test_a_listener_does_without_fields_and_with_unknown_ones():
    card = tiny_card(recipe={"note": "later", "patience": 3})
    for name in ("momentum", "workers", "width"):
        del card["recipe"][name]
    trained = listener(card)
    assert trained.recipe == replace(tiny.RECIPE, patience=3, workers=1)
    audio, _ = tiny.clicks(2)
    torch.manual_seed(0)
    expected = TrainedListener.build(tiny.LISTENER, tiny.RECIPE).activations(audio)["beat"]
    np.testing.assert_array_equal(trained.activations(audio)["beat"], expected)


@pytest.mark.parametrize(("change", "message"), [
    ({"network": {"class": "Large"}}, 'class is "Large" on the card and "Small" here'),
    ({"network": {"depth": 4}, "recipe": {"depth": 2}}, "depth is 4 on the card and 2 here"),
    ({"network": {"kernel": 4}}, "kernel is 4 on the card and unknown here"),
    ({"network": {"wide": 4}, "recipe": {"wide": 4}}, r"size mismatch for layer\.weight"),
])
def test_another_network_is_refused_and_said_to_be_one(change, message):
    card = CARD | {part: CARD[part] | value for part, value in change.items()}
    with pytest.raises(WeightsError, match=f"the network of these weights of small .*{message}.*train them again$"):
        maker(card)


@pytest.mark.parametrize(("change", "message"), [
    ({"network": {"class": "Blstm"}}, '"Blstm" on the card and "Tiny" here'),
    ({"network": {"width": 7}, "recipe": {"width": 6}}, "width is 7 on the card and 6 here"),
    ({"network": {"width": 7}, "recipe": {"width": 7}}, "size mismatch"),
])
def test_a_listener_refuses_another_network_too(change, message):
    with pytest.raises(WeightsError, match=f"the network of these weights of tiny .*{message}"):
        listener(tiny_card(**change))


def test_tensors_that_are_missing_are_named():
    with pytest.raises(WeightsError, match=r"network .*Missing key.*layer\.bias"):
        TrainedMaker.restore(MAKER, {"layer.weight": torch.zeros(2, 3)}, CARD)


@pytest.mark.parametrize(("field", "value", "message"), [
    ("tilt", 2.0, "a tilt of 2.0 is too steep"),
    ("growth", "fast", 'growth is "fast", and should be like 1'),
    ("growth", 1.5, "growth is 1.5"),
])
def test_a_recipe_that_is_refused_is_said_to_be_the_recipe(field, value, message):
    with pytest.raises(WeightsError, match=f"the recipe of these weights of small .*{message}") as caught:
        maker(CARD | {"recipe": CARD["recipe"] | {field: value}})
    assert "network" not in str(caught.value)


def test_the_new_name_holds_where_a_card_has_both():
    assert maker(CARD | {"recipe": CARD["recipe"] | {"growth": 5}}).recipe.growth == 5


def test_what_older_cards_call_momentum_is_beta1_and_the_momentum_of_sgd_comes_back():
    card = tiny_card(recipe={"momentum": 0.5})
    del card["recipe"]["beta1"]
    older = listener(card).recipe
    assert older.beta1 == 0.5 and older.momentum == 0.0
    sgd = replace(tiny.RECIPE, optimiser="sgd", momentum=0.8, momentum_ramp=(3, 9), nesterov=True, beta1=0.6)
    assert listener(tiny_card(recipe=json.loads(json.dumps(asdict(sgd))))).recipe == sgd
