"""A cropped timeline says the same of every moment as the whole one."""

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.errors import LabelError
from onpu.music import Beats, Metre, Notes, Tempo, Timeline
from onpu.music.crop import crop


@pytest.fixture(scope="module")
def song():
    return compose(11, "rock", 40.0).timeline


@pytest.mark.parametrize(("start", "end"), [(0.0, 9.7), (3.21, 12.5), (7.0, 7.3), (20.0, 400.0)])
def test_labels_agree_with_the_whole(song, start, end):
    part = crop(song, start, end).validate()
    inside = (song.beats.times >= start) & (song.beats.times < end)
    np.testing.assert_allclose(part.beats.times + start, song.beats.times[inside], atol=1e-9)
    np.testing.assert_array_equal(part.beats.positions, song.beats.positions[inside])
    assert part.duration == end - start
    for name in ("chords", "keys", "sections"):
        whole, piece = getattr(song, name), getattr(part, name)
        for begin, finish, label in zip(piece.starts, piece.ends, piece.labels, strict=True):
            middle = start + (begin + finish) / 2
            index = np.searchsorted(whole.starts, middle) - 1
            assert whole.labels[index] == label and whole.ends[index] > middle
        assert piece.ends.max(initial=0) <= end - start + 1e-9


def test_crops_of_crops_are_crops(song):
    once, twice = crop(song, 5.0, 11.0), crop(crop(song, 2.0, 20.0), 3.0, 9.0)
    for name, column in once.arrays().items():
        if column.dtype.kind == "U":
            np.testing.assert_array_equal(column, twice.arrays()[name])
        else:
            np.testing.assert_allclose(column, twice.arrays()[name], atol=1e-9)


def test_metre_and_tempo_in_force_at_the_start_are_kept():
    ones = np.ones(3)
    metre = Metre(np.array([0.0, 5.0, 9.0]), np.array([4, 3, 6]), np.array([4, 4, 8]), ones)
    tempo = Tempo(np.array([100.0]), np.ones(1), np.array([0.0, 5.0, 9.0]), np.array([100.0, 120.0, 90.0]))
    part = crop(Timeline(20.0, metre=metre, tempo=tempo), 6.0, 9.5)
    np.testing.assert_allclose(part.metre.times, [0.0, 3.0])
    np.testing.assert_array_equal(part.metre.numerators, [3, 6])
    np.testing.assert_allclose(part.tempo.curve, [120.0, 90.0])


def test_a_sounding_note_goes_on():
    notes = Notes(np.array([1.0, 4.0]), np.array([3.0, 9.0]), np.array([60.0, 62.0]), np.full(2, 80.0), np.zeros(2),
        np.ones(2))
    part = crop(Timeline(10.0, notes=notes), 2.0, 5.0).notes
    np.testing.assert_allclose(part.onsets, [0.0, 2.0])
    np.testing.assert_allclose(part.offsets, [1.0, 3.0])


def test_nothing_in_nothing_out():
    empty = Timeline(5.0, beats=Beats.of(np.zeros(0), np.zeros(0)))
    assert len(crop(empty, 1.0, 2.0).beats.times) == 0
    assert crop(empty, 1.0, 2.0).chords is None
    with pytest.raises(LabelError, match="empty"):
        crop(empty, 2.0, 2.0)
