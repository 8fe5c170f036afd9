"""Frames and the beats they begin: what is put on the grid is found there, to the instant."""

import numpy as np
import pytest

from onpu.decode import targets
from onpu.decode.grid import edge_times
from onpu.decode.targets import BEAT, BETWEEN, DOWNBEAT, HALF, UNKNOWN, frame_of, half_beats, metrical_positions
from onpu.music import Beats, Clock

CLOCKS = [Clock(22050, 2048), Clock(22050, 2205), Clock(22050, 4410)]


def beats(start=1.03, step=0.55, count=16, metre=4, first=1):
    return Beats.of(start + step * np.arange(count), (np.arange(count) + first - 1) % metre + 1)


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_frame_that_begins_a_time_is_the_next_one(clock):
    """Or one that lies no more than `EARLY_FRAMES` frames before it."""
    times = np.random.default_rng(0).uniform(0, 60, 500)
    ahead = frame_of(times, clock) - clock.frames(times)
    assert ahead.min() >= -targets.EARLY_FRAMES - 1e-9 and ahead.max() < 1 - targets.EARLY_FRAMES
    np.testing.assert_array_equal(frame_of(clock.seconds(np.arange(50)), clock), np.arange(50))


def test_places_are_what_the_frames_begin():
    clock, line = Clock(22050, 2205), beats(first=4)
    found = metrical_positions(line, clock, 120)
    at = frame_of(line.times, clock)
    assert found.dtype == np.float32 and set(found.tolist()) == {BETWEEN, HALF, BEAT, DOWNBEAT, UNKNOWN}
    np.testing.assert_array_equal(found[at], np.where(line.positions == 1, DOWNBEAT, BEAT))
    halves = frame_of(half_beats(line), clock)
    np.testing.assert_array_equal(found[halves], HALF)
    others = np.setdiff1d(np.arange(at[0], at[-1]), np.concatenate([at, halves]))
    assert (found[others] == BETWEEN).all()


def test_nothing_is_known_without_beats_and_beyond_them():
    clock = Clock(22050, 2205)
    for none in (None, Beats.of(np.zeros(0), np.zeros(0)), Beats.of(np.ones(1), np.ones(1))):
        assert (metrical_positions(none, clock, 30) == UNKNOWN).all()
    line = beats()
    found = metrical_positions(line, clock, 200)
    assert (found[: int(clock.frames(line.times[0])) - 1] == UNKNOWN).all()
    assert (found[int(clock.frames(line.times[-1])) + 2 :] == UNKNOWN).all()
    assert metrical_positions(line, clock, 0).shape == (0,)
    assert metrical_positions(beats(start=100.0), clock, 30).tolist() == [UNKNOWN] * 30


def test_a_beat_outweighs_the_half_beat_of_its_frame():
    """Beats closer than frames, as at 5 frames a second."""
    clock, line = Clock(22050, 4410), beats(step=0.3, count=40)
    np.testing.assert_array_equal(metrical_positions(line, clock, 80)[frame_of(line.downbeats, clock)], DOWNBEAT)


@pytest.mark.parametrize("clock", CLOCKS)
def test_segments_that_start_with_beats_do_so_exactly(clock):
    line = beats()
    chosen = line.times[[3, 4, 8, 12]]
    starts = np.concatenate([[0], frame_of(chosen, clock)])
    frames = int(clock.frames(12.0))
    edges = edge_times(starts, np.concatenate([half_beats(line), line.times]), clock, frames)
    np.testing.assert_array_equal(edges[1:-1], chosen)
    assert edges[0] == 0 and edges[-1] == pytest.approx(clock.seconds(frames - 1))
    assert (np.diff(edges) > 0).all()


def test_segments_that_start_elsewhere_do_so_between_frames():
    clock = Clock(22050, 2205)
    edges = edge_times(np.array([0, 7, 20]), np.zeros(0), clock, 31)
    np.testing.assert_allclose(edges, [0, 0.65, 1.95, 3.0])


def test_one_frame_has_a_length():
    clock = Clock(22050, 2205)
    assert edge_times(np.array([0]), np.zeros(0), clock, 1).tolist() == [0.0, pytest.approx(0.1)]
    assert (np.diff(edge_times(np.arange(3), np.zeros(0), clock, 3)) > 0).all()
