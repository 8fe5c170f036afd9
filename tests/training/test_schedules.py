"""The learning rate at a step is what the schedule's formula says; batches grow by what it would have fallen by."""

from dataclasses import replace

import numpy as np
import pytest
import tiny

from onpu.training.schedules import Plateau, batches, decay, warm_up

RECIPE = replace(tiny.RECIPE, warmup=10, steps=100, epochs=10, lr_decay=0.5, lr_decay_steps=300)


def rates(recipe, falls=0):
    """Learning rate over its peak at each of the 1000 steps."""
    return np.array([warm_up(recipe, step) * decay(recipe, step, 0.0, falls) for step in range(1000)])


@pytest.mark.parametrize("schedule, expected", [
    ("constant", lambda steps: np.ones(1000)),
    ("cosine", lambda steps: np.cos(np.pi * steps / 2000) ** 2),
    ("step", lambda steps: np.repeat([1, 0.5, 0.25, 0.125], 300)[:1000]),
    ("plateau", lambda steps: np.full(1000, 0.5**3))])
def test_rates_are_those_of_the_formula_after_a_linear_warm_up(schedule, expected):
    steps = np.arange(1000)
    found = rates(replace(RECIPE, schedule=schedule), falls=3)
    np.testing.assert_allclose(found, np.minimum(1, (steps + 1) / 10) * expected(steps), rtol=0, atol=1e-12)


@pytest.mark.parametrize("schedule", ["cosine", "step", "plateau"])
def test_the_rate_never_falls_below_its_floor(schedule):
    recipe = replace(RECIPE, schedule=schedule, lr_floor=0.3, warmup=0)
    found = rates(recipe, falls=9)
    assert found.min() == 0.3
    assert np.array_equal(found, np.maximum(0.3, rates(replace(recipe, lr_floor=0.0), falls=9)))


def test_a_time_budget_stands_for_the_steps():
    """Half of the time is half of the steps, where fewer steps than that were made."""
    cosine, step = (replace(RECIPE, minutes=4.0, schedule=schedule) for schedule in ("cosine", "step"))
    assert decay(cosine, 0, 2.0, 0) == pytest.approx(0.5) and decay(cosine, 0, 4.0, 0) == 0
    assert decay(step, 0, 2.0, 0) == 0.5 and decay(step, 0, 2.5, 0) == 0.25 and decay(step, 950, 2.5, 0) == 0.125
    assert decay(replace(cosine, schedule="constant"), 0, 4.0, 0) == 1


def test_a_plateau_is_patience_epochs_without_a_better_score():
    plateau, falls = Plateau(), []
    for score in (0.1, 0.3, 0.3, 0.2, 0.3, 0.4, 0.3, 0.3, 0.3, 0.3):
        plateau.see(score, patience=2)
        falls.append(plateau.falls)
    assert falls == [0, 0, 0, 1, 1, 1, 1, 2, 2, 3] and plateau.best == 0.4


def test_batches_grow_as_the_learning_rate_would_fall():
    """The rate of a step, rate × batches, stays above half its peak until the batch has its full size."""
    recipe = replace(RECIPE, batch_growth=8)
    sizes = np.array([batches(recipe, decay(recipe, step, 0.0, 0)) for step in range(1000)])
    steps = rates(recipe) * sizes
    assert sizes[0] == 1 and sizes[-1] == 8 and (np.diff(sizes) >= 0).all()
    assert steps.max() <= 1 and steps[9 : list(sizes).index(8)].min() > 0.5 and steps[-1] < 1e-4
    assert {batches(RECIPE, decay(RECIPE, step, 0.0, 0)) for step in range(1000)} == {1}
    assert batches(replace(recipe, minutes=1.0), decay(replace(recipe, minutes=1.0), 0, 0.5, 0)) == 2


def test_in_place_of_falling_stepwise_batches_grow_stepwise():
    recipe = replace(RECIPE, schedule="step", batch_growth=4, warmup=0)
    sizes = np.array([batches(recipe, decay(recipe, step, 0.0, 0)) for step in range(1000)])
    assert np.array_equal(sizes, np.repeat([1, 2, 4, 4], 300)[:1000])
    assert np.array_equal(rates(recipe) * sizes, np.repeat([1, 1, 1, 0.5], 300)[:1000])
