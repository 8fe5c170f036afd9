import numpy as np
import pytest

from onpu.decode.counting import count_bars

METRES = (2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("phase", [0, 1])
def test_bars_are_counted_from_what_stands_out(metre, phase):
    truth = (np.arange(40) - phase) % metre + 1
    chance = np.where(truth == 1, 0.7, 0.15)
    positions, metres = count_bars(chance, np.zeros(40, int), METRES)
    np.testing.assert_array_equal(positions, truth)
    assert set(metres) == {metre}


def test_what_is_known_holds_against_what_is_heard():
    chance = np.where(np.arange(32) % 4 == 0, 0.9, 0.1)
    known = np.zeros(32, int)
    known[10] = 1
    positions, _ = count_bars(chance, known, METRES)
    assert positions[10] == 1
    known[:] = (np.arange(32) + 2) % 4 + 1
    np.testing.assert_array_equal(count_bars(chance, known, METRES)[0], known)


def test_one_loud_beat_does_not_move_the_bars_and_another_metre_does():
    truth = np.concatenate([np.tile([1, 2, 3, 4], 8), np.tile([1, 2, 3], 10)])
    chance = np.where(truth == 1, 0.75, 0.1)
    chance[6] = 0.9
    np.testing.assert_array_equal(count_bars(chance, np.zeros(len(truth), int), METRES)[0], truth)
