"""Distances of spectra: figures counted by hand, and what each of them is deaf to."""

import numpy as np
import pytest

from onpu.metrics.spectra import FLOOR_DB, evaluate, log_spectral_distance, spectral_convergence


def magnitudes(seed: int = 0) -> np.ndarray:
    return np.abs(np.random.default_rng(seed).normal(size=(33, 20))) + 0.1


def test_figures_counted_by_hand():
    reference, estimate = np.array([[3.0, 1.0], [4.0, 1.0]]), np.array([[3.0, 10.0], [4.0, 1.0]])
    assert spectral_convergence(reference, estimate) == pytest.approx(20 * np.log10(9 / 27**0.5))
    assert log_spectral_distance(reference, estimate) == pytest.approx((0 + np.sqrt(20**2 / 2)) / 2)


@pytest.mark.parametrize("decibels", [-20, -6, 0, 6])
def test_a_gain_is_as_many_decibels_away(decibels):
    gain = 10 ** (decibels / 20)
    assert log_spectral_distance(magnitudes(), gain * magnitudes()) == pytest.approx(abs(decibels))
    if decibels:
        assert spectral_convergence(magnitudes(), gain * magnitudes()) == pytest.approx(20 * np.log10(abs(1 - gain)))


def test_a_tenth_of_error_is_20_db():
    wanted, error = magnitudes(), magnitudes(1)
    error *= 0.1 * np.linalg.norm(wanted) / np.linalg.norm(error)
    assert spectral_convergence(wanted, wanted + error) == pytest.approx(-20)


def test_levels_count_nothing():
    one, other = evaluate(magnitudes(), magnitudes(1)), evaluate(1e-6 * magnitudes(), 1e-6 * magnitudes(1))
    assert other == pytest.approx(one)


def test_what_is_right_is_as_near_as_can_be():
    assert evaluate(magnitudes(), magnitudes()) == {"Spectral convergence": -np.inf, "Log-spectral distance": 0}
    assert evaluate(np.zeros((3, 4)), np.zeros((3, 4))) == {"Spectral convergence": -np.inf, "Log-spectral distance": 0}


def test_nothing_is_near_silence_but_silence():
    assert set(evaluate(np.zeros((3, 4)), np.ones((3, 4))).values()) == {np.inf}
    scores = evaluate(np.ones((3, 4)), np.zeros((3, 4)))
    assert scores == pytest.approx({"Spectral convergence": 0, "Log-spectral distance": FLOOR_DB})


def test_loud_bins_rule_one_measure_and_inaudible_ones_neither():
    reference = np.full((100, 5), 1e-3)
    reference[0] = 1
    quiet, loud = reference.copy(), reference.copy()
    quiet[1:] *= 3
    loud[0] *= 1.1
    assert spectral_convergence(reference, quiet) < spectral_convergence(reference, loud)
    assert log_spectral_distance(reference, quiet) > log_spectral_distance(reference, loud)
    beneath = reference.copy()
    beneath[1:], reference[1:] = 1e-9, 1e-5
    assert log_spectral_distance(reference, beneath) == 0


@pytest.mark.parametrize(("reference", "estimate", "text"), [
    (np.ones((2, 3)), np.ones((2, 4)), r"\(2, 3\) and \(2, 4\)"), (np.ones(3), np.ones(3), "bins, frames"),
    (np.ones((1, 1)), -np.ones((1, 1)), "estimate must be finite and not negative"),
    (np.full((1, 1), np.nan), np.ones((1, 1)), "reference must be finite")])
def test_what_is_wrong_is_named(reference, estimate, text):
    with pytest.raises(ValueError, match=text):
        evaluate(reference, estimate)
