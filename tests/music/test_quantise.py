"""Performed notes come back to where the score has them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import Beats, Metre, Timeline
from onpu.music.bars import bars
from onpu.music.quantise import SUNG_SECONDS, TICKS, Grid, quantise, seconds_at


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
    "quarters": [0], "eighths": [0, 12], "sixteenths": [0, 6, 12, 18], "triplets": [0, 8, 16], "dotted": [0, 18],
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
    inside = [np.array([0, 8, 16] if beat // 4 % 2 else [0, 6, 12, 18]) for beat in range(32)]
    ticks = np.concatenate([beat * TICKS + steps for beat, steps in enumerate(inside)])
    found = grid()
    assert (quantise(played(ticks, found), played(ticks + 6, found), found).starts == ticks).all()


@pytest.mark.parametrize("ratio", [0.6, 0.63, 0.66])
def test_swung_eighths_are_known_and_written_even(ratio):
    found = grid(bpm=150.0)
    places = (np.arange(30)[:, None] + np.array([0, ratio])).ravel()
    times = played(places * TICKS, found, jitter=0.006)
    result = quantise(times, np.append(times[1:], times[-1] + 0.2), found)
    assert result.swung[:29].mean() > 0.9
    assert list(result.evened().starts[:40] % TICKS) == [0, 12] * 20
    assert (result.evened().ends > result.evened().starts).all()


def test_a_few_late_eighths_do_not_make_music_swing():
    """Straight eighths, one beat in five of which is played long and short."""
    found = grid(bpm=110.0)
    places = (np.arange(30)[:, None] + np.array([0, 0.5])).ravel()
    places[1::10] += 0.1
    result = quantise(np.interp(places, np.arange(len(found.grid)), found.grid), np.zeros(60), found)
    assert not result.swings and (result.evened().starts == result.starts).all()
    assert np.isin(result.starts % TICKS, (0, 12)).mean() >= 0.9


@pytest.mark.parametrize(("finest", "allowed"), [(1, {0}), (2, {0, 8, 12, 16}), (4, {*range(0, 24, 2)}),
                                                    (8, {*range(24)})])
@pytest.mark.parametrize("metre", [(4, 4), (6, 8)])
def test_nothing_is_written_finer_than_the_grid(finest, allowed, metre):
    found = grid(in_bar=4 if metre == (4, 4) else 2, metre=metre)
    times = np.sort(np.random.default_rng(1).uniform(1.0, 15.0, 200))
    result = quantise(times, times + 0.1, found, Grid(finest))
    assert set((result.starts % TICKS).tolist()) | set((result.ends % TICKS).tolist()) <= allowed
    assert len(set((result.starts % TICKS).tolist())) > min(finest, 2) - 1
    with pytest.raises(LabelError, match="3"):
        Grid(3)


def test_drums_tell_that_a_singer_swings():
    """A singer's few late notes are read as swung eighths because the drums are."""
    found = grid(bpm=120.0)
    drums = (np.arange(30)[:, None] + np.array([0, 0.64])).ravel()
    sung = np.array([0, 1.66, 4, 5.66, 6, 10.66, 12])
    times = [np.interp(places, np.arange(len(found.grid)), found.grid) for places in (sung, drums)]
    result = quantise(times[0], times[0] + 0.2, found, heard=np.concatenate(times), timing_seconds=SUNG_SECONDS)
    assert result.swings and list(result.evened().starts) == [0, 36, 96, 132, 144, 252, 288]


def test_places_have_their_seconds():
    found = grid(bend=0.1)
    times = np.linspace(0, 25, 40)
    placed = quantise(times, times + 1, found)
    assert np.abs(seconds_at(placed.starts, found) - times).max() < 0.2 * 60 / 110
    ticks = np.arange(-48, 1000, 6)
    again = seconds_at(ticks, found)
    assert (np.diff(again) > 0).all() and (quantise(again, again + 0.1, found).starts == ticks).all()


def test_thirty_seconds_are_written_where_there_are_many_and_not_of_what_was_heard():
    found = grid(bpm=60.0)
    ticks = np.concatenate([np.arange(8 * TICKS, 12 * TICKS, 3), np.arange(16 * TICKS, 24 * TICKS, 6)])
    times = played(ticks, found)
    assert (quantise(times, times + 0.1, found).starts == ticks).mean() > 0.97
    assert not (quantise(times, times + 0.1, found, Grid().suiting(known=False)).starts % 2).any()


def test_compound_beats_have_three_parts():
    found = grid(in_bar=2, metre=(6, 8), bpm=70.0)
    ticks = np.arange(0, 30 * TICKS, 8)
    assert (quantise(played(ticks, found), played(ticks + 8, found, 1), found).starts == ticks).all()


def test_chords_stay_together_and_lie_on_one_place():
    found = grid(bpm=90.0)
    ticks = np.repeat(np.arange(0, 240, 12), 4)
    spread = np.tile([0.0, 0.008, 0.016, 0.024], 20)
    starts = quantise(played(ticks, found, jitter=0) + spread, played(ticks + 12, found, jitter=0), found).starts
    assert (starts.reshape(-1, 4) == ticks.reshape(-1, 4)).all()


def test_before_and_after_the_bars_counting_goes_on():
    found = grid(beats=8)
    period = 60 / 110
    result = quantise(np.array([found.grid[0] - period, found.grid[-1] + period]), np.array([0.9, 99.0]), found)
    assert list(result.starts) == [-TICKS, (len(found.grid)) * TICKS]


@settings(max_examples=60)
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
