"""Stretches in which something is heard."""

import numpy as np

from onpu.decode.runs import runs
from onpu.music import Clock

CLOCK = Clock(10, 1)


def test_runs_are_ordered_and_none_ends_beyond_the_recording():
    values = np.zeros((2, 101))
    values[0, 40:101], values[1, 10:30] = 0.8, 0.6
    assert [row[2] for row in runs(values, ("late", "early"), CLOCK, 0.5, 0.5)] == ["early", "late"]
    early, late = runs(values, ("late", "early"), CLOCK, 0.5, 0.5)
    assert late[1] == 10.0 and early[:2] == (0.95, 2.95)
    assert np.allclose([early[3], late[3]], [0.6, 0.8])


def test_a_flicker_is_no_run_and_a_gap_is_bridged():
    values = np.zeros((1, 100))
    values[0, 20], values[0, 50:90], values[0, 70] = 1.0, 1.0, 0.0
    assert len(runs(values, ("x",), CLOCK, 0.5, 0.5)) == 1 and not runs(values[:, :40], ("x",), CLOCK, 0.5, 0.5)
