"""Filters and groups in NumPy are those of SciPy."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d
from scipy.signal import find_peaks
from scipy.spatial.distance import squareform

from onpu.decode.filters import linked, local_maxima, moving_maximum, moving_mean


@pytest.mark.parametrize("size", [1, 3, 9, 41])
@pytest.mark.parametrize("length", [0, 1, 5, 300])
def test_running_means_and_maxima(size, length):
    values = np.random.default_rng(length).random(length)
    np.testing.assert_allclose(moving_maximum(values, size), maximum_filter1d(values, size, mode="constant"))
    if length:
        np.testing.assert_allclose(moving_mean(values, size), uniform_filter1d(values, size, mode="nearest"))
        likely = (values > 0.6).astype(np.uint8)
        assert np.array_equal(moving_mean(likely, size) > 0.5, median_filter(likely, size, mode="nearest") > 0)
        rows = np.stack([values, values[::-1]])
        np.testing.assert_allclose(moving_mean(rows, size), uniform_filter1d(rows, size, axis=-1, mode="nearest"))


@pytest.mark.parametrize("apart", [1.0, 2.5, 7.0])
@pytest.mark.parametrize("seed", range(4))
def test_local_maxima(seed, apart):
    rng = np.random.default_rng(seed)
    values = np.pad(np.repeat(rng.permutation(200) / 200, rng.integers(1, 4, 200)), 1)  # plateaus, no equal heights
    assert np.array_equal(local_maxima(values, 0.3, apart), find_peaks(values, height=0.3, distance=apart)[0])
    assert len(local_maxima(np.zeros(9), 0.0, apart)) == 0


@pytest.mark.parametrize("seed", range(6))
def test_groups_by_average_linkage(seed):
    places = np.random.default_rng(seed).random((14, 2))
    distance = np.linalg.norm(places[:, None] - places, axis=2)
    for most in (0.1, 0.3, 0.5, 2.0):
        found = linked(distance, most)
        truth = fcluster(linkage(squareform(distance, checks=False), "average"), most, "distance")
        assert np.array_equal(found[:, None] == found, truth[:, None] == truth)
