"""Performances as events: there and back, whatever is played."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.music import Notes
from onpu.represent.performance import (
    EVENTS,
    NOTE_OFF,
    NOTE_ON,
    TICKS_PER_SECOND,
    TIME_SHIFT,
    VELOCITIES_PER_BIN,
    VELOCITY,
    decoded,
    encoded,
    kinds,
    lengths,
)


def played(rows) -> Notes:
    """Notes of (onset, length, pitch, velocity), in order."""
    rows = sorted(rows)
    onsets, sizes, pitches, velocities = np.array(rows, np.float64).reshape(-1, 4).T
    count = len(rows)
    return Notes(onsets, onsets + sizes, pitches, velocities.astype(np.int64), np.zeros(count, np.int64),
                 np.ones(count))


def test_the_alphabet_is_the_published_one():
    assert EVENTS == 388 and (NOTE_ON, NOTE_OFF, TIME_SHIFT, VELOCITY) == (0, 128, 256, 356)
    events = encoded(played([(5.0, 0.5, 60, 80), (5.0, 2.25, 64, 81), (6.0, 0.1, 60, 20)]))
    assert events.tolist() == [
        356 + 20, 60, 64,  # both velocities are in bin 20
        256 + 49, 128 + 60, 256 + 49, 356 + 5, 60, 256 + 9, 128 + 60,
        256 + 99, 256 + 14, 128 + 64]  # 1.15 s are two shifts
    assert [kinds(np.array([event]))[0] for event in (0, 127, 128, 255, 256, 355, 356, 387)] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert lengths(np.array([0, 200, 256, 355, 356])).tolist() == [0, 0, 1, 100, 0]


NOTE = st.tuples(st.floats(0, 20), st.floats(0.02, 8), st.integers(0, 127), st.integers(1, 127))


@settings(max_examples=60)
@given(st.lists(NOTE, min_size=1, max_size=40, unique_by=lambda row: (round(row[0], 1), row[2])))
def test_there_and_back_keeps_times_to_the_tick_and_velocities_to_the_bin(rows):
    notes = played(rows)
    back = decoded(encoded(notes)).validate()
    ticks = np.rint(TICKS_PER_SECOND * (notes.onsets - notes.onsets[0])).astype(int)
    expected = {}
    for number in np.lexsort((notes.offsets, ticks)):  # of a pitch at one tick the longest
        expected[int(ticks[number]), int(notes.pitches[number])] = number
    found = {(round(TICKS_PER_SECOND * onset), int(pitch)): number
             for number, (onset, pitch) in enumerate(zip(back.onsets, back.pitches, strict=True))}
    assert found.keys() == expected.keys()
    for place, number in expected.items():
        mine = found[place]
        assert abs(back.onsets[mine] - (notes.onsets[number] - notes.onsets[0])) <= 0.5 / TICKS_PER_SECOND + 1e-9
        assert abs(int(back.velocities[mine]) - int(notes.velocities[number])) < VELOCITIES_PER_BIN
        later = [tick for tick, pitch in expected if pitch == place[1] and tick > place[0]]
        end = max(round(TICKS_PER_SECOND * (notes.offsets[number] - notes.onsets[0])), place[0] + 1)
        assert round(TICKS_PER_SECOND * back.offsets[mine]) == pytest.approx(min([end, *later]), abs=1)


@settings(max_examples=40)
@given(st.lists(st.integers(0, EVENTS - 1), max_size=200))
def test_any_stream_is_a_performance_and_what_it_plays_is_a_fixed_point(events):
    notes = decoded(np.array(events, np.int64)).validate()
    again = decoded(encoded(notes))
    first = notes.onsets.min(initial=np.inf)
    np.testing.assert_allclose(again.onsets, notes.onsets - first, atol=1e-9)
    np.testing.assert_allclose(again.offsets, notes.offsets - first, atol=1e-9)
    assert again.pitches.tolist() == notes.pitches.tolist() and again.velocities.tolist() == notes.velocities.tolist()


def test_streams_that_say_odd_things():
    assert decoded(np.zeros(0, np.int64)).onsets.size == 0 and encoded(played([])).size == 0
    ends_nothing = decoded(np.array([128 + 60, 60, TIME_SHIFT + 99]))
    assert (ends_nothing.onsets.tolist(), ends_nothing.offsets.tolist()) == ([0.0], [1.0])
    struck_again = decoded(np.array([60, TIME_SHIFT + 9, 60, TIME_SHIFT + 9, 128 + 60]))
    assert struck_again.offsets.tolist() == [0.1, 0.2]


def test_transposing_moves_pitches_alone():
    notes = played([(0.0, 0.5, 60, 80), (0.3, 2.25, 64, 50)])
    events, moved = encoded(notes), encoded(replace(notes, pitches=notes.pitches + 2))
    assert np.array_equal(moved, np.where(events < TIME_SHIFT, events + 2, events))
