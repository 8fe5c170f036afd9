import numpy as np
import pytest

from onpu.decode.unsure_beats import leaning


@pytest.mark.parametrize("drift", [0.0, 0.2])
def test_what_is_hardly_heard_lies_between_its_neighbours_and_all_else_stays(drift):
    truth = 35.0 * np.arange(24) + drift * np.arange(24) ** 2
    rng = np.random.default_rng(0)
    unsure = rng.random(24) < 0.3
    heard = truth + np.where(unsure, rng.normal(0, 5, 24), 0)
    found = leaning(heard, np.where(unsure, 0.2, 0.95))
    np.testing.assert_array_equal(found[~unsure], heard[~unsure])
    assert np.abs(found - truth)[unsure].mean() < 0.5 * np.abs(heard - truth)[unsure].mean()


def test_the_order_of_beats_and_few_beats_stay():
    few = np.array([3.0, 40.0])
    assert leaning(few, np.array([0.1, 0.1])) is not None and leaning(few, np.array([0.1, 0.1])).tolist() == [3.0, 40.0]
    assert leaning(np.zeros(0), np.zeros(0)).shape == (0,)
