"""Optimisers step as their papers say; penalties are on matrices alone; a recipe names no others."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from torch import nn

from onpu.errors import OnpuError
from onpu.listen import tasks
from onpu.make import makers
from onpu.recipe import OPTIMISERS, SCHEDULES
from onpu.training.optimisers import momentum_at, optimiser_for

RATE, L2, L1 = 0.1, 0.2, 0.05
RECIPE = replace(tiny.RECIPE, learning_rate=RATE, momentum=0.8, beta1=0.7, beta2=0.95, rms_decay=0.85, weight_decay=L2)


def sgd(w, g, seen):
    seen["v"] = 0.8 * seen.get("v", 0) + g
    return w - RATE * seen["v"]


def nesterov(w, g, seen):
    seen["v"] = 0.8 * seen.get("v", 0) + g
    return w - RATE * (g + 0.8 * seen["v"])


def adagrad(w, g, seen):
    seen["sum"] = seen.get("sum", 0) + g**2
    return w - RATE * g / np.sqrt(seen["sum"])


def rmsprop(w, g, seen):
    seen["square"] = 0.85 * seen.get("square", 0) + 0.15 * g**2
    seen["v"] = 0.8 * seen.get("v", 0) + g / np.sqrt(seen["square"])
    return w - RATE * seen["v"]


def adam(w, g, seen):
    seen["t"] = seen.get("t", 0) + 1
    seen["m"] = 0.7 * seen.get("m", 0) + 0.3 * g
    seen["square"] = 0.95 * seen.get("square", 0) + 0.05 * g**2
    return w - RATE * (seen["m"] / (1 - 0.7 ** seen["t"])) / np.sqrt(seen["square"] / (1 - 0.95 ** seen["t"]))


FORMULAS = {"sgd": (sgd, replace(RECIPE, optimiser="sgd")),
            "nesterov": (nesterov, replace(RECIPE, optimiser="sgd", nesterov=True)),
            "adagrad": (adagrad, replace(RECIPE, optimiser="adagrad")),
            "rmsprop": (rmsprop, replace(RECIPE, optimiser="rmsprop")),
            "adam": (adam, replace(RECIPE, optimiser="adam")),
            "adamw": (adam, replace(RECIPE, optimiser="adamw"))}


@pytest.mark.parametrize("l1", [0.0, L1])
@pytest.mark.parametrize("name", FORMULAS)
def test_steps_are_those_of_the_formulas_and_only_matrices_are_penalised(name, l1):
    """L2 joins the gradient, in adamw it shrinks the weight itself; L1 joins the gradient; a bias and the gain of a
    normalisation see the gradient alone."""
    formula, recipe = FORMULAS[name]
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2)).double()
    optimiser = optimiser_for(replace(recipe, l1_penalty=l1), network)
    expected = {key: value.detach().numpy().copy() for key, value in network.named_parameters()}
    memory = {key: {} for key in expected}
    rng = np.random.default_rng(2)
    for _ in range(4):
        for key, parameter in network.named_parameters():
            gradient, before = rng.standard_normal(parameter.shape), expected[key]
            parameter.grad = torch.from_numpy(gradient.copy())
            penalised = before.ndim > 1
            gradient = gradient + penalised * l1 * np.sign(before)
            if name == "adamw":
                before = before * (1 - penalised * RATE * L2)
            else:
                gradient = gradient + penalised * L2 * before
            expected[key] = formula(before, gradient, memory[key])
        optimiser.step()
    assert sum(parameter.ndim > 1 for parameter in network.parameters()) == 1
    for key, parameter in network.named_parameters():
        np.testing.assert_allclose(parameter.detach().numpy(), expected[key], rtol=1e-6)


def test_l1_gives_the_weights_of_the_lasso():
    """Of orthonormal inputs, least squares with λ ‖w‖₁ has a solution in closed form (Tibshirani 1996, section 2.2):
    each weight is λ nearer to zero than without, and zero where it was less than λ away."""
    rng = np.random.default_rng(0)
    inputs = torch.from_numpy(np.linalg.qr(rng.standard_normal((40, 6)))[0]).float()
    truth = torch.tensor([[2.0, -1.0, 0.3, -0.2, 0.0, 0.0]])
    targets = inputs @ truth.T + 0.05 * torch.from_numpy(rng.standard_normal((40, 1))).float()
    plain = (inputs.T @ targets).T

    def learned(penalty):
        network = nn.Linear(6, 1, bias=False)
        optimiser = optimiser_for(replace(RECIPE, optimiser="sgd", momentum=0.0, weight_decay=0.0, l1_penalty=penalty),
                                  network)
        for step in range(2000):
            optimiser.param_groups[0]["lr"] = 0.2 * 0.997**step
            optimiser.zero_grad()
            (0.5 * (network(inputs) - targets).square().sum()).backward()
            optimiser.step()
        return network.weight.detach()

    assert torch.allclose(learned(0.0), plain, atol=1e-3)
    found, expected = learned(0.5), plain.sign() * (plain.abs() - 0.5).clamp(min=0)
    assert torch.allclose(found, expected, atol=1e-3) and int((expected == 0).sum()) == 4


def test_momentum_rises_where_the_recipe_says():
    recipe = replace(tiny.RECIPE, momentum=0.9, momentum_start=0.45, momentum_ramp=(10, 20))
    assert [momentum_at(recipe, step) for step in (0, 10, 15, 20, 100)] == pytest.approx([0.45, 0.45, 0.675, 0.9, 0.9])
    assert momentum_at(replace(tiny.RECIPE, momentum=0.9), 0) == 0.9


@pytest.mark.parametrize("changes, said", [
    ({"optimiser": "lion"}, f"lion: no such optimiser; choose from {', '.join(OPTIMISERS)}"),
    ({"schedule": "linear"}, f"linear: no such schedule; choose from {', '.join(SCHEDULES)}"),
    ({"optimiser": "sgd", "momentum": 0.0, "nesterov": True}, "momentum above 0"),
    ({"beta2": 1.0}, "beta2 is 1; give a number from 0 to below 1"),
    ({"lr_decay_steps": 0}, "lr_decay_steps is 0; give a number of 1 or more"),
    ({"weight_decay": -1e-4}, "weight_decay is -0.0001; give a number of 0 or more"),
    ({"momentum_ramp": (20, 10)}, "momentum_ramp is not two steps in order"),
    ({"momentum_ramp": (20,)}, r"momentum_ramp is \(20,\); give 2 whole numbers")])
def test_no_task_takes_a_recipe_that_cannot_be_carried_out(changes, said):
    for task in (*tasks().values(), *makers().values()):
        for recipe in task.recipes.values():
            with pytest.raises(OnpuError, match=said):
                replace(recipe, **changes)
