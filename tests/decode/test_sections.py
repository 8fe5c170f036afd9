"""Boundaries from activations, on bars of likely lengths, and sections that are alike."""

import numpy as np
import pytest

from onpu.decode.section_boundaries import LONGEST_BARS, SHORTEST_SECONDS, boundaries, on_bars, peaks
from onpu.decode.section_labels import groups, likeness, named
from onpu.music import Clock
from onpu.music.sections import NAMES

FPS = 7.0
FLAT = np.ones(LONGEST_BARS + 1)


def bars(count, seconds=2.0):
    """Where so many bars begin, and the last one ends."""
    return np.arange(count + 1) * seconds


def bump(frames, *centres, height=0.8):
    places = np.arange(frames)[:, None] - np.array(centres)
    return (height * np.exp(-0.5 * (places / 2) ** 2)).sum(axis=1)


def test_peaks_lie_where_the_activation_is_highest_within_reach():
    activation = bump(700, 100, 300, 600) + bump(700, 310, height=0.4)
    np.testing.assert_array_equal(peaks(activation, FPS, 0.1, 5.0), [100, 300, 600])
    assert len(peaks(activation, FPS, 0.9, 5.0)) == 0


def test_a_level_activation_has_no_boundary_however_high():
    assert len(peaks(np.full(500, 0.9), FPS, 0.05, 5.0)) == 0
    assert len(peaks(np.zeros(0), FPS, 0.05, 5.0)) == 0


def test_bars_are_begun_where_the_chance_is_high():
    chance = np.full(24, 0.05)
    chance[[8, 16]] = 0.9
    np.testing.assert_array_equal(on_bars(chance, bars(24), FLAT, 1.0), [0, 8, 16])


def test_lengths_decide_where_the_activation_does_not():
    """Two bars are equally likely; a section of eight bars is more so than one of seven."""
    chance = np.full(16, 0.05)
    chance[[7, 8]] = 0.6
    lengths = np.full(LONGEST_BARS + 1, 0.01)
    lengths[8] = 0.5
    np.testing.assert_array_equal(on_bars(chance, bars(16), lengths, 1.0), [0, 8])


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_every_bar_belongs_to_one_section(count):
    begun = on_bars(np.random.default_rng(count).uniform(0.01, 0.99, count), bars(count), FLAT, 0.5)
    assert begun[0] == 0 and (np.diff(begun) > 0).all() and begun[-1] < count
    assert np.diff([*begun, count]).max() <= LONGEST_BARS


def test_a_short_section_needs_two_boundaries_that_are_nearly_certain():
    chance = np.full(24, 0.05)
    chance[[8, 9, 17]] = 0.9
    assert on_bars(chance, bars(24)).tolist() in ([0, 8, 17], [0, 9, 17])
    chance[[8, 9]] = 0.9999
    np.testing.assert_array_equal(on_bars(chance, bars(24)), [0, 8, 9, 17])


def test_hardly_any_section_is_short_however_restless_the_activation():
    """On 60 bars of two seconds of chance alone."""
    lengths = []
    for seed in range(20):
        chance = np.random.default_rng(seed).uniform(0, 1, 60)
        lengths += np.diff([*on_bars(chance, bars(60)), 60]).tolist()
    assert np.mean(np.array(lengths) < 4) < 0.05


def test_slow_bars_may_be_three():
    chance = np.full(24, 0.05)
    chance[[8, 11]] = 0.95
    np.testing.assert_array_equal(on_bars(chance, bars(24, 5.0), FLAT, 1.0), [0, 8, 11])
    assert len(on_bars(chance, bars(24, 1.5), FLAT, 1.0)) == 2


def test_without_beats_boundaries_are_as_far_apart_as_the_shortest_section():
    clock = Clock(700, 100)
    activation = bump(700, 100, 100 + 7 * 5, 300) + bump(700, 100, height=0.1)
    found, sure = boundaries(activation, clock, np.zeros(0), 0.0, 100.0)
    assert np.diff([0.0, *found, 100.0]).min() >= SHORTEST_SECONDS and len(found) == 2
    assert ((sure > 0) & (sure <= 1)).all()
    certain = bump(700, 100, 100 + 7 * 5, 300, height=1.0)
    assert len(boundaries(certain, clock, np.zeros(0), 0.0, 100.0)[0]) == 3


def test_an_upbeat_belongs_to_the_first_bar():
    """Eight bars after an upbeat are a section of eight bars, whether the upbeat begins a bar or not."""
    clock, activation = Clock(700, 100), bump(400, 7 * 17)
    downbeats = np.arange(1.0, 50, 2.0)
    found, _ = boundaries(activation, clock, downbeats, 0.3, 52.0)
    np.testing.assert_array_equal(found, [17.0])


def test_what_fills_a_piece_is_no_chorus():
    edges, name = np.array([0, 10, 20, 30, 40]), np.full((len(NAMES), 40), 1 / len(NAMES))
    assert named(np.array([0, 1, 1, 1]), edges, name).tolist() == ["A", "B", "B", "B"]
    assert named(np.array([0, 1, 2, 1]), edges, name).tolist() == ["A", "chorus", "B", "chorus"]


def harmony(*chords, frames=40):
    """Chroma of triads, each so many frames."""
    rows = [np.repeat(np.isin(np.arange(12), [(root + step) % 12 for step in (0, 4, 7)])[:, None], frames, axis=1)
            for root in chords]
    return np.concatenate(rows, axis=1).astype(float)


def test_the_same_harmony_in_another_key_is_alike_and_another_order_is_not():
    verse, lifted, other = [0, 5, 7, 0], [2, 7, 9, 2], [9, 4, 2, 5]
    chroma = harmony(*verse, *lifted, *other)
    alike = likeness(np.array([0, 160, 320, 480]), chroma, np.ones((20, 480)))
    assert alike[0, 1] > 0.95 and alike[0, 2] < 0.85 and np.allclose(alike, alike.T)
    np.testing.assert_array_equal(groups(alike, 0.9), [0, 0, 1])


def test_the_same_harmony_by_other_instruments_is_less_alike():
    chroma = harmony(0, 5, 7, 0, 0, 5, 7, 0)
    timbre = np.repeat(np.array([[0.2, 0.8], [0.7, 0.1]]), 160, axis=1)
    edges = np.array([0, 160, 320])
    assert likeness(edges, chroma, np.ones((2, 320)))[0, 1] > likeness(edges, chroma, timbre)[0, 1] + 0.2


def test_groups_are_numbered_as_they_are_first_heard():
    alike = np.eye(4) + np.eye(4)[[2, 3, 0, 1]]
    np.testing.assert_array_equal(groups(alike, 0.5), [0, 1, 0, 1])
    np.testing.assert_array_equal(groups(np.ones((1, 1)), 0.5), [0])
