import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.music import Beats, Metre
from onpu.music.barring import bars_shifted, counted_from, first_downbeat_at, metre_of_bars

MIXED = Beats.of(np.arange(14) * 0.5, np.array([1, 2, 3, 4] * 2 + [1, 2, 3] * 2))


def test_bars_and_changes_of_metre_are_shifted_together():
    metre = metre_of_bars(MIXED)
    assert metre.numerators.tolist() == [4, 3] and metre.times.tolist() == [0.0, 4.0]
    later, signatures = bars_shifted(MIXED, metre, 1)
    assert later.positions.tolist() == [4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 1, 2]
    assert signatures.times.tolist() == [0.0, 4.5]
    back, signatures = bars_shifted(later, signatures, -1)
    np.testing.assert_array_equal(back.positions, MIXED.positions)
    assert signatures.times.tolist() == metre.times.tolist()
    np.testing.assert_array_equal(back.times, MIXED.times)


@pytest.mark.parametrize("beat", range(14))
def test_the_beat_that_begins_a_bar_does_so(beat):
    moved, _ = first_downbeat_at(MIXED, metre_of_bars(MIXED), MIXED.times[beat] + 0.1)
    assert moved.positions[beat] == 1
    steps = np.diff(moved.positions)
    assert ((steps == 1) | (moved.positions[1:] == 1)).all()


def test_where_no_bars_are_known_they_are_counted_in_the_metre():
    taps = Beats.of(np.arange(9) * 0.5, np.zeros(9))
    waltz = Metre(np.zeros(1), np.full(1, 3), np.full(1, 4), np.ones(1))
    assert first_downbeat_at(taps, waltz, 1.0)[0].positions.tolist() == [2, 3, 1, 2, 3, 1, 2, 3, 1]
    with pytest.raises(LabelError, match="no downbeats"):
        bars_shifted(taps, waltz, 1)
    with pytest.raises(LabelError, match="nearest beat"):
        first_downbeat_at(taps, waltz, 30.0)


@pytest.mark.parametrize(("end", "positions", "times"), [
    (9.0, [1, 2, 3, 4, 1, 2, 1, 2, 3, 1, 2, 3, 1, 2], [0.0, 3.0]),
    (5.0, [1, 2, 3, 4, 1, 2, 1, 2, 3, 1, 1, 1, 2, 3], [0.0, 3.0, 5.0])])
def test_another_metre_holds_from_a_beat_on(end, positions, times):
    fours = Beats.of(np.arange(14) * 0.5, np.array([1, 2, 3, 4] * 2 + [1, 2, 3, 1, 2, 3]))
    four = Metre(np.zeros(1), np.full(1, 4), np.full(1, 4), np.ones(1))
    beats, metre = counted_from(fours, four, 6, end, 3, 4)
    assert beats.positions.tolist() == positions and metre.validate().times.tolist() == times
    assert metre.numerators.tolist() == [4, 3, 4][: len(times)] and beats.confidence[6] == 1


def test_six_eighths_are_two_beats_of_a_bar():
    beats, metre = counted_from(MIXED, metre_of_bars(MIXED), 0, 99.0, 6, 8)
    assert beats.positions.tolist() == [1, 2] * 7 and (metre.numerators.tolist(), metre.times.tolist()) == ([6], [0.0])


def test_one_odd_bar_is_no_change_of_metre():
    odd = Beats.of(np.arange(14) * 0.5, np.array([1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 1, 2, 3, 4]))
    assert metre_of_bars(odd).numerators.tolist() == [4]
