"""Performed notes come back to where the score has them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.music import Beats, Metre, Timeline
from onpu.music.bars import bars
from onpu.music.quantise import TICKS, quantise


def grid(beats=32, bpm=110.0, in_bar=4, metre=(4, 4), bend=0.0):
    """Bars of beats whose tempo wavers by a share `bend`."""
    periods = 60 / bpm * (1 + bend * np.sin(np.arange(beats)))
    times = 1.0 + np.concatenate([[0], np.cumsum(periods)])[:beats]
    one = np.array([metre[0]]), np.array([metre[1]])
    return bars(Timeline(times[-1] + 2, Beats.of(times, np.arange(beats) % in_bar + 1),
                         Metre(times[:1], *one, np.ones(1))))


def played(ticks, found, seed=0, jitter=0.012):
    """Seconds at which a human plays twelfths of beats."""
    exact = np.interp(ticks / TICKS, np.arange(len(found.grid)), found.grid)
    return exact + np.clip(np.random.default_rng(seed).normal(0, jitter, len(ticks)), -2 * jitter, 2 * jitter)


PATTERNS = {
    "quarters": [0], "eighths": [0, 6], "sixteenths": [0, 3, 6, 9], "triplets": [0, 4, 8], "dotted": [0, 9],
}


@pytest.mark.parametrize("bpm", [60.0, 100.0, 140.0])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_jitter_is_taken_out(pattern, bpm):
    found = grid(bpm=bpm, bend=0.05)
    ticks = (np.arange(30)[:, None] * TICKS + np.array(PATTERNS[pattern])).ravel()
    ends = np.append(ticks[1:], 30 * TICKS)
    result = quantise(played(ticks, found), played(ends, found, 1), found)
    assert (result.starts == ticks).mean() > 0.98
    assert (result.ends == ends).mean() > 0.9
    assert not result.swung.any()


def test_each_beat_has_its_own_grid():
    inside = [np.array([0, 4, 8] if beat // 4 % 2 else [0, 3, 6, 9]) for beat in range(32)]
    ticks = np.concatenate([beat * TICKS + steps for beat, steps in enumerate(inside)])
    found = grid()
    assert (quantise(played(ticks, found), played(ticks + 3, found), found).starts == ticks).all()


@pytest.mark.parametrize("ratio", [0.6, 0.63, 0.66])
def test_swung_eighths_are_known_and_written_even(ratio):
    found = grid(bpm=150.0)
    places = (np.arange(30)[:, None] + np.array([0, ratio])).ravel()
    times = played(places * TICKS, found, jitter=0.006)
    result = quantise(times, np.append(times[1:], times[-1] + 0.2), found)
    assert result.swung[:29].mean() > 0.9
    assert list(result.evened().starts[:40] % TICKS) == [0, 6] * 20
    assert (result.evened().ends > result.evened().starts).all()


def test_compound_beats_have_three_parts():
    found = grid(in_bar=2, metre=(6, 8), bpm=70.0)
    ticks = np.arange(0, 30 * TICKS, 4)
    assert (quantise(played(ticks, found), played(ticks + 4, found, 1), found).starts == ticks).all()


def test_chords_stay_together_and_lie_on_one_place():
    found = grid(bpm=90.0)
    ticks = np.repeat(np.arange(0, 120, 6), 4)
    spread = np.tile([0.0, 0.008, 0.016, 0.024], 20)
    starts = quantise(played(ticks, found, jitter=0) + spread, played(ticks + 6, found, jitter=0), found).starts
    assert (starts.reshape(-1, 4) == ticks.reshape(-1, 4)).all()


def test_before_and_after_the_bars_counting_goes_on():
    found = grid(beats=8)
    period = 60 / 110
    result = quantise(np.array([found.grid[0] - period, found.grid[-1] + period]), np.array([0.9, 99.0]), found)
    assert list(result.starts) == [-TICKS, (len(found.grid)) * TICKS]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 20), max_size=30), st.floats(0, 2), st.sampled_from([(4, 4), (6, 8), (7, 8), (3, 4)]))
def test_whatever_is_played_can_be_written(onsets, length, metre):
    """Whole steps, never empty, never further than half a beat from the sound, in the order of the onsets."""
    found = grid(in_bar=metre[0] if metre[1] == 4 or metre[0] == 7 else 2, metre=metre)
    times = np.array(onsets, dtype=np.float64)
    result = quantise(times, times + length, found)
    assert (result.ends > result.starts).all()
    inside = (times >= found.grid[0]) & (times <= found.grid[-1])
    assert (np.abs(result.starts[inside] / TICKS - found.beats_at(times[inside])) <= 0.5).all()


def test_no_beats_no_places():
    found = bars(Timeline(3.0, Beats.of(np.zeros(0), np.zeros(0))))
    assert len(quantise(np.array([1.0]), np.array([2.0]), found).starts) == 1
