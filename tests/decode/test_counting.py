from dataclasses import replace

import numpy as np
import pytest

from onpu.decode.bars import BarModel
from onpu.decode.beat_decision import BeatOptions, decide_given
from onpu.decode.counting import count_bars
from onpu.decode.pulse import HeardPulse
from onpu.music import Beats, Clock

METRES = (2, 3, 4, 5, 6, 7)
MODEL = BarModel(50.0, METRES)


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("phase", [0, 1])
def test_bars_are_counted_from_what_stands_out(metre, phase):
    truth = (np.arange(40) - phase) % metre + 1
    chance = np.where(truth == 1, 0.75, 0.1)
    positions, metres = count_bars(chance, np.zeros(40, int), MODEL)
    np.testing.assert_array_equal(positions, truth)
    assert set(metres) == {metre}


def test_what_is_known_holds_against_what_is_heard():
    chance = np.where(np.arange(32) % 4 == 0, 0.9, 0.1)
    known = np.zeros(32, int)
    known[10] = 1
    positions, _ = count_bars(chance, known, MODEL)
    assert positions[10] == 1
    known[:] = (np.arange(32) + 2) % 4 + 1
    np.testing.assert_array_equal(count_bars(chance, known, MODEL)[0], known)


def test_one_loud_beat_does_not_move_the_bars_and_another_metre_does():
    truth = np.concatenate([np.tile([1, 2, 3, 4], 8), np.tile([1, 2, 3], 10)])
    chance = np.where(truth == 1, 0.75, 0.1)
    chance[6] = 0.9
    np.testing.assert_array_equal(count_bars(chance, np.zeros(len(truth), int), MODEL)[0], truth)


@pytest.mark.parametrize("metre", [3, 4])
def test_what_comes_round_counts_as_it_does_for_beats_that_are_found(metre):
    """The same favour in nats a beat; where nothing is heard, three beats are half as common as four."""
    unheard = np.full(48, MODEL.downbeats)
    favoured = replace(MODEL, favour=((metre, 0.3),))
    assert set(count_bars(unheard, np.zeros(48, int), favoured)[1]) == {metre}
    assert set(count_bars(unheard, np.zeros(48, int), MODEL)[1]) == {4}


@pytest.mark.parametrize("first", range(4))
def test_bars_of_given_beats_begin_with_the_music(first):
    """Of beats of which none stands out the first that sounds begins a bar, whatever was tapped before it."""
    frames = 10.0 + 25 * np.arange(40)
    beat = np.zeros(1100)
    beat[frames.astype(int)] = 0.8
    pulse = HeardPulse(beat, 0.25 * beat, 50.0, start=frames[first])
    taps = Beats.of(frames / 50, np.zeros(40, int))
    _, positions, _, signatures = decide_given(pulse, BeatOptions(given=taps), Clock(50, 1))
    np.testing.assert_array_equal(positions, (np.arange(40) - first) % 4 + 1)
    assert set(signatures) == {(4, 4, 4)}
