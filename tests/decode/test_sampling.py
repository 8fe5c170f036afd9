"""The nucleus: the fewest classes with their share of the probability."""

import numpy as np
import pytest

from onpu.decode.sampling import nucleus


@pytest.mark.parametrize(("share", "kept"), [(1.0, 4), (0.95, 4), (0.9, 3), (0.8, 2), (0.5, 1), (0.01, 1)])
def test_the_fewest_classes_that_reach_the_share_stay(share, kept):
    logits = np.log([[0.1, 0.5, 0.3 + 1e-9, 0.1 - 1e-9]])
    inside = np.isfinite(nucleus(logits, share))[0]
    assert inside.sum() == kept and inside[1]
    assert np.array_equal(nucleus(logits, share)[0][inside], logits[0][inside])


def test_rows_are_by_themselves():
    logits = np.random.default_rng(0).standard_normal((5, 9))
    assert np.array_equal(nucleus(logits, 0.6), np.concatenate([nucleus(row[None], 0.6) for row in logits]))
