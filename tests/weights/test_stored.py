"""Shipped weights answer a fixed sound or picture as they did when `make_stored.py` was last run for them."""

import numpy as np
import pytest
from make_stored import LISTENERS, NETWORKS, STORED, answers

from onpu.inference.collecting import COMPACT_STEPS


@pytest.mark.parametrize("name", [*LISTENERS, *NETWORKS])
def test_answers_are_those_stored(name):
    """Within 1e-5, or within one step of heads that are kept in steps; of networks' outputs, of the largest of them."""
    found = answers(name)
    with np.load(STORED / f"{name}.npz") as stored:
        assert set(stored.files) == set(found)
        for head, values in stored.items():
            assert found[head].shape == values.shape, head
            if values.dtype == np.uint16:
                np.testing.assert_allclose(found[head] * COMPACT_STEPS, values, atol=1.01, rtol=0, err_msg=head)
            else:
                largest = np.abs(values).max() if name in NETWORKS else 1.0
                np.testing.assert_allclose(found[head], values, atol=1e-5 * largest, rtol=0, err_msg=head)
