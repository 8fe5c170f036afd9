"""Rolls: notes come back, repeated ones apart; what leaves the roll comes in another octave; keys are told or found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.formats.midi import read_midi, write_midi
from onpu.music import Beats, Notes, Timeline
from onpu.music.roll import LOWEST, PITCHES, STEPS, Roll, roll_of, within

LINE = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4)), min_size=1, max_size=8)


def rolled(notes, steps=64, quarters=4, key="C:major"):
    starts, ends, pitches = (np.array(column, dtype=float) for column in zip(*notes, strict=True))
    return Roll.of(starts / STEPS, ends / STEPS, pitches, steps, quarters, key).validate()


@given(st.lists(LINE, min_size=1, max_size=3))
def test_notes_with_a_rest_between_them_come_back(lines):
    """A line: so many steps of a note, then of rest; each on a pitch of its own."""
    notes = []
    for pitch, line in enumerate(lines, 60):
        now = 0
        for length, rest in line:
            notes.append((now, now + length, pitch))
            now += length + rest + 1
    notes = sorted((note for note in notes if note[1] <= 64), key=lambda note: (note[0], note[2]))
    if notes:
        found = rolled(notes).notes()
        assert [tuple(note) for note in np.transpose(found).tolist()] == notes


def test_a_note_that_is_repeated_at_once_is_shorter_by_a_step():
    roll = rolled([(0, 4, 60), (4, 8, 60), (4, 8, 64), (8, 9, 60), (9, 12, 60)])
    assert np.transpose(roll.notes()).tolist() == [[0, 3, 60], [4, 7, 60], [4, 8, 64], [8, 12, 60]]


def test_a_note_that_begins_while_it_sounds_ends_the_one_before():
    assert np.transpose(rolled([(0, 8, 60), (4, 6, 60)]).notes()).tolist() == [[0, 3, 60], [4, 6, 60]]


def test_notes_are_put_on_the_grid_and_none_is_lost():
    roll = Roll.of(np.array([0.02, 0.24, 5.0]), np.array([0.2, 0.27, 6.0]), np.array([60, 62, 64]), 16, 4, "C:major")
    assert np.transpose(roll.notes()).tolist() == [[0, 1, 60], [1, 2, 62]]


@given(st.integers(-40, 120))
def test_octaves_keep_the_pitch_class(column):
    inside = int(within(np.array([column]))[0])
    assert 0 <= inside < PITCHES and inside % 12 == column % 12
    assert inside == column or not 0 <= column < PITCHES


def test_moving_up_moves_notes_and_key():
    roll = rolled([(0, 4, 60), (2, 5, LOWEST + PITCHES - 1)], key="A:minor").transposed(3)
    assert roll.key == "C:minor"
    assert np.transpose(roll.notes()).tolist() == [[0, 4, 63], [2, 5, LOWEST + PITCHES - 1 + 3 - 12]]


@pytest.mark.parametrize("quarters", [3, 4])
def test_a_roll_written_as_midi_is_read_as_the_same(quarters, tmp_path):
    roll = rolled([(0, 4, 60), (1, 3, 64), (6, 23, 67)], 24 if quarters == 3 else 32, quarters, "Eb:major")
    write_midi(roll.timeline(90, 0), tmp_path / "roll.mid")
    again = roll_of(read_midi(tmp_path / "roll.mid"), "roll.mid")
    assert again.key == "Eb:major" and again.quarters == quarters
    assert np.array_equal(again.sounding, roll.sounding)


def timeline(onsets, pitches, beats=8, in_bar=4):
    count = len(onsets)
    notes = Notes(np.array(onsets, float), np.array(onsets) + 0.4, np.array(pitches, float), np.full(count, 80),
                  np.zeros(count, int), np.ones(count))
    return Timeline(beats / 2, notes=notes, beats=Beats.of(np.arange(beats) / 2, np.arange(beats) % in_bar + 1))


def test_the_key_is_the_one_that_fits_best_where_none_is_told():
    assert roll_of(timeline(np.arange(8) / 2, [67, 69, 71, 72, 74, 76, 78, 79]), "x").key == "G:major"


def test_it_begins_with_the_bar_of_the_first_note():
    roll = roll_of(timeline([2.5], [60]), "x")
    assert roll.steps == 16 and np.transpose(roll.notes()).tolist() == [[4, 7, 60]]


@pytest.mark.parametrize("wrong", [timeline([], []), timeline([0.0], [60], in_bar=5), timeline([0.0], [60], beats=0),
                                   timeline([0.0, 130.0], [60, 60], beats=264)])
def test_what_is_no_roll_is_said_in_one_line(wrong):
    with pytest.raises(LabelError) as error:
        roll_of(wrong, "x.mid")
    assert str(error.value).startswith("x.mid") and "\n" not in str(error.value)


def test_a_roll_that_contradicts_itself_is_refused():
    for wrong in (Roll(np.zeros((4, 3), bool), 4, "C:major"), Roll(np.zeros((4, PITCHES), bool), 0, "C:major"),
                  Roll(np.zeros((4, PITCHES), bool), 4, "H")):
        with pytest.raises(LabelError):
            wrong.validate()
