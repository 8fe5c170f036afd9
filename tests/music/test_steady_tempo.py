import numpy as np
import pytest

from onpu.music.steady import steady_stretches, straightened, tempo_knots

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("seed", range(4))
def test_jittering_beats_of_a_click_come_onto_its_line(seed):
    truth = 0.4 + np.arange(200) * 60 / 128
    found = truth + np.random.default_rng(seed).normal(0, 0.002, 200)
    found[-3:] += [0.02, 0.03, 0.025]  # heard in the reverberation
    straight = straightened(found)
    assert np.ptp(np.diff(straight)) < 1e-9
    assert np.abs(straight - truth).max() < 0.001


def test_a_click_from_the_beginning_begins_at_nought():
    assert straightened(np.arange(64) * 0.5 + 0.003)[0] == 0.0


@pytest.mark.parametrize("times", [
    *(np.cumsum(np.random.default_rng(seed).normal(0.5, 0.012, 100)) for seed in range(6)),  # played
    np.cumsum(0.5 + 0.001 * np.arange(60)),  # ritardando
    np.arange(6) * 0.5 + 0.001 * (np.arange(6) % 2), np.zeros(0)])
def test_what_keeps_no_tempo_is_left_alone(times):
    assert straightened(times) is times


def test_stretches_end_where_the_tempo_changes():
    times = np.concatenate([0.6 * np.arange(32), 19.2 + np.arange(40) * 60 / 140]) + RNG.normal(0, 0.002, 72)
    slow, fast = steady_stretches(np.arange(72), times)
    assert (slow.first, fast.last) == (0, 71) and fast.first - slow.last == 1 and slow.last in (31, 32)
    np.testing.assert_allclose([slow.slope, fast.slope], [0.6, 60 / 140], atol=2e-4)


def test_places_count_so_a_missing_beat_does_not_end_a_stretch():
    places = np.delete(np.arange(40), [13, 14])
    (whole,) = steady_stretches(places, places * 0.5 + RNG.normal(0, 0.001, 38))
    assert (whole.first, whole.last) == (0, 37) and whole.slope == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_each_steady_stretch_comes_onto_its_line_and_what_lies_between_stays(pause):
    truth = np.concatenate([np.arange(40) * 0.6, 24.0 + pause + np.cumsum(np.full(24, 0.43) + RNG.normal(0, 0.02, 24)),
                            np.arange(40) * 0.5 + 40.0])
    found = truth + np.concatenate([RNG.normal(0, 0.002, 40), np.zeros(24), RNG.normal(0, 0.002, 40)])
    straight = straightened(found)
    assert np.abs(straight - truth)[:39].max() < 0.002 and np.abs(straight - truth)[65:].max() < 0.002
    assert np.ptp(np.diff(straight[:39])) < 1e-9 and np.ptp(np.diff(straight[65:])) < 1e-9
    np.testing.assert_array_equal(straight[44:60], found[44:60])


def test_what_is_straight_stays_as_it_is():
    """So that whatever looks for steady stretches once more, as MIDI does, finds these."""
    for truth in (0.4 + np.arange(80) * 0.5, np.concatenate([np.arange(48) * 0.6, 28.8 + np.arange(48) * 0.43])):
        once = straightened(truth + RNG.normal(0, 0.002, len(truth)))
        knots = tempo_knots(np.arange(len(once)), once)
        np.testing.assert_allclose(straightened(once), once, atol=1e-6)
        np.testing.assert_allclose(np.interp(np.arange(len(once)), knots.rows, knots.times), once, atol=1e-6)
