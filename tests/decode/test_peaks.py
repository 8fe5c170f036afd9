"""Peaks that are drawn are found again, where they were and as high as they were."""

import numpy as np
import pytest

from onpu.decode.peaks import pick, refine
from onpu.decode.targets import gaussian_targets


@pytest.mark.parametrize("spread", [0.85, 1.0, 1.7])
def test_hills_are_found_between_the_frames(spread):
    centres = np.cumsum(np.random.default_rng(0).uniform(5, 12, 200))
    found, heights = pick(gaussian_targets(centres, 2500, spread), 0.3, 3)
    assert len(found) == len(centres)
    assert np.abs(found - centres).max() < 0.08
    assert heights.min() > 0.8 and heights.max() <= 1


def test_a_hill_is_as_high_as_its_distance_says():
    found = gaussian_targets(np.array([10.25]), 21, 1.0)[9:12]
    np.testing.assert_allclose(found, np.exp(-np.array([1.25, 0.25, 0.75]) ** 2 / 2), rtol=1e-6)


def test_hills_outside_leave_their_slope_inside():
    assert gaussian_targets(np.array([-1.0, 30.0]), 20, 1.0)[:2] == pytest.approx([np.exp(-0.5), np.exp(-2)])
    assert gaussian_targets(np.zeros(0), 4, 1.0).tolist() == [0, 0, 0, 0]
    assert gaussian_targets(np.array([2.0]), 0, 1.0).shape == (0,)


def test_of_near_peaks_the_highest_stays():
    activation = np.zeros(30)
    activation[[10, 12, 20]] = 0.6, 0.9, 0.5
    assert pick(activation, 0.4, 3)[1].tolist() == [0.9, 0.5]
    assert pick(activation, 0.4, 1)[1].tolist() == [0.6, 0.9, 0.5]
    assert pick(activation, 0.55, 1)[1].tolist() == [0.6, 0.9]


def test_peaks_at_the_edges_and_plateaus():
    assert pick(np.array([1.0, 0.5, 0.0, 0.5, 1.0]), 0.4, 1)[0].tolist() == [0, 4]
    assert pick(np.array([0.0, 1.0, 1.0, 1.0, 0.0]), 0.4, 1)[0].tolist() == [2]
    assert pick(np.array([0.7]), 0.4, 1)[0].tolist() == [0]
    assert pick(np.zeros(0), 0.4, 1)[0].shape == (0,)


def test_refining_looks_no_farther_than_it_is_told():
    activation = np.array([0, 0, 1, 0, 0, 3, 0, 0], dtype=float)
    assert refine(activation, np.array([3]), 1).tolist() == [2]
    assert refine(activation, np.array([3]), 2).tolist() == [5]
