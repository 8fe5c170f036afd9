"""What is told of a line: which key, how long since it began and ended."""

import numpy as np

from onpu.represent.line_frames import CHANNELS, FADES, KEYS, line_frames

STEP = 0.005


def test_keys_are_told_until_the_next_one_and_times_fade():
    keys = np.zeros(60)
    keys[10:30], keys[30:40] = 60, 67
    velocities = np.where(keys == 60, 100, 64) * (keys > 0)
    told = line_frames(keys, velocities, STEP)
    assert told.shape == (CHANNELS, 60) and not told[:, :10].any()
    named = [KEYS[place] if column.any() else 0 for column, place in zip(told[: len(KEYS)].T,
             told[: len(KEYS)].argmax(axis=0), strict=True)]
    assert named == [0] * 10 + [60] * 20 + [67] * 30  # rings on
    held, loud = told[len(KEYS) : len(KEYS) + 2]
    np.testing.assert_array_equal(held, keys > 0)
    np.testing.assert_allclose(loud[[15, 45]], [100 / 127, 64 / 127], rtol=1e-6)
    since, gone = np.split(told[len(KEYS) + 2 :], 2)
    np.testing.assert_allclose(since[:, 34], np.exp(-4 * STEP / np.array(FADES)), rtol=1e-6)
    np.testing.assert_allclose(gone[:, 50], np.exp(-10 * STEP / np.array(FADES)), rtol=1e-6)
    assert not gone[:, :40].any()


def test_a_note_that_is_struck_again_begins_anew_and_other_keys_are_silent():
    keys = np.array([60, 60, 0, 60, 60, 20, 20, 1000], float)
    told = line_frames(keys, np.full(8, 90.0), STEP)
    np.testing.assert_allclose(told[len(KEYS) + 2], np.exp(-np.array([0, 1, 2, 0, 1, 2, 3, 4]) * STEP / FADES[0]))
    np.testing.assert_array_equal(told[len(KEYS)], [1, 1, 0, 1, 1, 0, 0, 0])
