"""Measures of what was made up: perfect for copies, telling for collapse, for noise and for what is missing."""

import numpy as np
import pytest

from onpu.metrics.generation import evaluate, frechet_distance, mode_coverage, precision_recall

DICE = np.random.default_rng(0)
REAL = np.concatenate([DICE.normal(centre, 1, (200, 4)) for centre in (0, 20)])


def test_copies_are_perfect_and_other_draws_nearly():
    assert evaluate(REAL, REAL) == {"Precision": 1.0, "Recall": 1.0, "Fréchet distance": pytest.approx(0, abs=1e-4)}
    again = np.concatenate([DICE.normal(centre, 1, (200, 4)) for centre in (0, 20)])
    precision, recall = precision_recall(REAL, again)
    assert min(precision, recall) > 0.75 and frechet_distance(REAL, again) < 1


def test_a_generator_that_makes_one_kind_has_precision_without_recall():
    half = DICE.normal(0, 1, (400, 4))
    precision, recall = precision_recall(REAL, half)
    assert precision > 0.75 and recall < 0.55
    precision, recall = precision_recall(REAL, REAL[:1] + 1e-9 * DICE.normal(size=(400, 4)))
    assert precision == 1 and recall < 0.02


def test_noise_has_recall_without_precision_and_what_is_elsewhere_neither():
    noise = DICE.uniform(-30, 50, (400, 4))
    precision, recall = precision_recall(REAL, noise)
    assert precision < 0.1 and recall > 0.8
    assert precision_recall(REAL, REAL + 100) == (0.0, 0.0)


def test_frechet_distance_of_normal_distributions_is_known():
    first, second = DICE.normal(0, 1, (200_000, 1)), DICE.normal(3, 2, (200_000, 1))
    assert frechet_distance(first, second) == pytest.approx(9 + 1, rel=0.02)


def test_coverage_counts_classes_that_are_there_at_least_half_as_often_as_they_should_be():
    assert mode_coverage(np.arange(80) % 8, 8) == 1
    assert mode_coverage(np.zeros(80), 8) == 1 / 8
    assert mode_coverage(np.r_[np.zeros(76), 1, 2, 3, 4], 8) == 1 / 8
    assert mode_coverage(np.zeros(0), 8) == 0


def test_what_is_no_features():
    for real, made in ((REAL, REAL[:, :2]), (REAL[:2], REAL), (REAL, REAL * np.nan), (REAL[0], REAL)):
        with pytest.raises(ValueError):
            evaluate(real, made)
