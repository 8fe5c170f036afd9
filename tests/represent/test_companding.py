"""μ-law: levels and samples are inverse to each other, finer where it is soft, and as the formula says."""

import numpy as np
import pytest

from onpu.represent.companding import LEVELS, compressed, expanded


@pytest.mark.parametrize("levels", [16, LEVELS])
def test_every_level_comes_back_as_itself(levels):
    numbers = np.arange(levels)
    np.testing.assert_array_equal(compressed(expanded(numbers, levels), levels), numbers)
    np.testing.assert_allclose(expanded(numbers, levels), -expanded(numbers[::-1], levels), atol=1e-12)
    assert expanded(np.array([0, levels - 1]), levels).tolist() == pytest.approx([-1, 1])


def test_the_error_grows_with_the_sample():
    soft, loud = np.linspace(-0.01, 0.01, 5001), np.linspace(0.5, 1, 5001)
    errors = [float(np.abs(expanded(compressed(x)) - x).max()) for x in (soft, loud)]
    assert errors[0] < 4e-4 and errors[0] < errors[1] / 15 and errors[1] < 0.022
    third = 127.5 + 0.5 * 255 * np.log(1 + 255 / 16) / np.log(256)
    assert compressed(np.array([1 / 16])) == pytest.approx(third, abs=0.5)


def test_what_is_too_loud_is_clipped():
    np.testing.assert_array_equal(compressed(np.array([-3.0, 3.0])), [0, LEVELS - 1])
