"""The pedal folded into the notes."""

import numpy as np
import pytest

from onpu.music import Notes, Pedal
from onpu.music.pedal import sustained


def test_notes_end_with_the_pedal_or_where_their_pitch_begins_again():
    onsets, offsets = np.array([0, 0, 1.2, 2.5, 4]), np.array([0.5, 2.5, 1.4, 3.5, 5])
    pitches = np.array([60.0, 64, 60, 67, 72])
    notes = Notes(onsets, offsets, pitches, np.full(5, 80), np.zeros(5, int), np.ones(5))
    held = sustained(notes, Pedal(np.array([0.4, 3.4]), np.array([2.0, 4.5]), np.ones(2))).validate()
    assert held.offsets.tolist() == pytest.approx([1.2, 2.5, 2.0, 4.5, 5])
    assert np.array_equal(held.onsets, onsets)


def test_without_a_pedal_nothing_changes():
    notes = Notes(np.array([0.0, 0.2]), np.array([0.5, 1.0]), np.array([60.0, 60]), np.full(2, 80), np.zeros(2, int),
                  np.ones(2))
    none = np.zeros(0)
    assert sustained(notes, Pedal(none, none, none)).offsets.tolist() == [0.5, 1.0]
    empty = Notes(none, none, none, none, none, none)
    assert len(sustained(empty, Pedal(none, none, none)).onsets) == 0
