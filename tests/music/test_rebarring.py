"""Beats and bar lines set right one by one."""

import numpy as np
import pytest

from onpu.errors import CorrectionError
from onpu.music import Beats
from onpu.music.rebarring import bar_begins, no_bar_begins, with_beat, without_beat

NONE = np.zeros(0)


def begins(beats, time, known, in_bar, heard=None):
    return bar_begins(beats, time, known, in_bar, np.zeros(len(beats)) if heard is None else heard)


def counted(*bars, upbeats=()):
    """Beats half a second apart, in bars of so many beats."""
    positions = [*upbeats, *(position for beats in bars for position in range(1, beats + 1))]
    return Beats(0.5 * np.arange(len(positions)), np.array(positions), np.full(len(positions), 0.5))


def test_a_bar_line_takes_along_all_bars_of_its_stretch():
    found = counted(4, 4, 4, 4)
    right = begins(found, 0.5 * 9, NONE, 4)
    assert right.positions.tolist() == [4] + [1, 2, 3, 4] * 3 + [1, 2, 3]
    assert right.confidence[9] == 1 and right.confidence[1] == 0.5


def test_only_the_side_moves_on_which_what_was_heard_agrees():
    """After the eighth beat, bars were counted on over one of three beats."""
    found = counted(*[4] * 6)
    truth = [0, 4, 8, 11, 15, 19, 23]
    heard = np.isin(np.arange(len(found)), truth) * 1.0
    later = begins(found, 0.5 * 11, NONE, 4, heard)
    assert np.flatnonzero(later.positions == 1).tolist() == truth
    backwards = counted(*[4] * 6)
    early = np.isin(np.arange(24), [1, 5, 9, 12, 16, 20]) * 1.0
    assert np.flatnonzero(begins(backwards, 0.5 * 9, NONE, 4, early).positions == 1).tolist() == [1, 5, 9, 12, 16, 20]


def test_bars_beyond_an_irregular_one_stay():
    found = counted(4, 4, 4, 5, 4, 4, 4)
    right = begins(found, 0.5 * 6, NONE, 4)
    assert np.flatnonzero(right.positions == 1).tolist() == [2, 6, 10, 12, 17, 21, 25]
    later = begins(found, 0.5 * 22, NONE, 4)
    assert np.flatnonzero(later.positions == 1).tolist() == [0, 4, 8, 12, 18, 22, 26]


def test_known_bar_lines_stay_and_bound_the_stretch():
    found = counted(*[4] * 8)
    first = begins(found, 0.5 * 5, NONE, 4)
    second = begins(first, 0.5 * 18, first.times[[5]], 4)
    downbeats = np.flatnonzero(second.positions == 1)
    assert {1, 5, 18, 22, 26, 30} <= set(downbeats.tolist()) and 9 not in downbeats
    assert 17 not in downbeats


def test_a_bar_line_that_is_right_is_only_made_sure():
    found = counted(3, 3, 3)
    right = begins(found, 1.5, NONE, 3)
    assert right.positions.tolist() == found.positions.tolist() and right.confidence[3] == 1


def test_no_bar_begins_joins_two_bars():
    assert no_bar_begins(counted(4, 4, 4), 2.0).positions.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4]


@pytest.mark.parametrize("moved", [-0.12, 0.12])
def test_a_beat_near_a_found_one_moves_it(moved):
    found = counted(4, 4)
    right = with_beat(found, 2.0 + moved)
    assert len(right) == 8 and right.times[4] == 2.0 + moved and right.positions.tolist() == found.positions.tolist()


def test_a_new_beat_is_counted_in_its_bar_and_bar_lines_stay():
    right = with_beat(counted(4, 4), 0.75)
    assert right.times[2] == 0.75 and right.positions.tolist() == [1, 2, 3, 4, 5, 1, 2, 3, 4]


def test_upbeats_count_to_the_end_of_a_bar():
    assert with_beat(counted(4, 4, upbeats=(4,)), -0.5 + 0.001).positions.tolist()[:3] == [3, 4, 1]


def test_a_downbeat_that_is_no_beat_leaves_the_bar_to_the_next():
    assert without_beat(counted(4, 4, 4), 2.0).positions.tolist() == [1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4]
    assert without_beat(counted(4, 4), 0.5).positions.tolist() == [1, 2, 3, 1, 2, 3, 4]


def test_where_there_is_no_beat_this_is_told():
    with pytest.raises(CorrectionError, match="no beat near"):
        begins(counted(4, 4), 9.0, NONE, 4)
    with pytest.raises(CorrectionError, match="add the beat first"):
        without_beat(Beats.empty(), 1.0)
    assert with_beat(Beats.empty(), 1.0).times.tolist() == [1.0]
