"""Boundaries from activations, on bars of likely lengths, and sections that are alike."""

import numpy as np
import pytest

from onpu.decode.sections import LONGEST_BARS, groups, likeness, on_bars, peaks

FPS = 7.0
FLAT = np.ones(LONGEST_BARS + 1)


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
    np.testing.assert_array_equal(on_bars(chance, FLAT, 1.0), [0, 8, 16])


def test_lengths_decide_where_the_activation_does_not():
    """Two bars are equally likely; a section of eight bars is more so than one of seven."""
    chance = np.full(16, 0.05)
    chance[[7, 8]] = 0.6
    lengths = np.full(LONGEST_BARS + 1, 0.01)
    lengths[8] = 0.5
    np.testing.assert_array_equal(on_bars(chance, lengths, 1.0), [0, 8])


@pytest.mark.parametrize("bars", [1, 2, 7, 100])
def test_every_bar_belongs_to_one_section(bars):
    begun = on_bars(np.random.default_rng(bars).uniform(0.01, 0.99, bars), FLAT, 0.5)
    assert begun[0] == 0 and (np.diff(begun) > 0).all() and begun[-1] < bars
    assert np.diff([*begun, bars]).max() <= LONGEST_BARS


def harmony(*chords, frames=40):
    """Chroma of triads, each so many frames."""
    rows = [np.repeat(np.isin(np.arange(12), [(root + step) % 12 for step in (0, 4, 7)])[:, None], frames, axis=1)
            for root in chords]
    return np.concatenate(rows, axis=1).astype(float)


def test_the_same_harmony_in_another_key_is_alike_and_another_order_is_not():
    verse, lifted, other = [0, 5, 7, 0], [2, 7, 9, 2], [9, 4, 2, 5]
    chroma = harmony(*verse, *lifted, *other)
    alike = likeness(np.array([0, 160, 320, 480]), chroma, chroma, chroma, (1.0, 0.0, 0.0))
    assert alike[0, 1] > 0.95 and alike[0, 2] < 0.7 and np.allclose(alike, alike.T)
    np.testing.assert_array_equal(groups(alike, 0.8), [0, 0, 1])


def test_groups_are_numbered_as_they_are_first_heard():
    alike = np.eye(4) + np.eye(4)[[2, 3, 0, 1]]
    np.testing.assert_array_equal(groups(alike, 0.5), [0, 1, 0, 1])
    np.testing.assert_array_equal(groups(np.ones((1, 1)), 0.5), [0])
