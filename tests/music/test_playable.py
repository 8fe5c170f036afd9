"""What is printed of heard notes and hits: what is known stays, what is doubtful goes with what explains it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import Drums, Notes
from onpu.music.playable import playable_hits, playable_notes


def notes(*rows):
    """rows: onset, offset, pitch, confidence."""
    table = np.array(sorted(rows), float).reshape(-1, 4)
    return Notes(table[:, 0], table[:, 1], table[:, 2], np.full(len(table), 80), np.zeros(len(table), int), table[:, 3])


def rows(found):
    return list(zip(found.onsets.tolist(), found.pitches.astype(int).tolist(), strict=True))


TUNE = [(0.5 * i, 0.5 * i + 0.5, 60 + i, 0.9) for i in range(8)]


@pytest.mark.parametrize(("doubtful", "why"), [
    ((1.0, 1.4, 74, 0.5), "the octave of 62, which is surer and longer"),
    ((1.0, 1.4, 81, 0.5), "its third partial"),
    ((1.2, 1.25, 65, 0.45), "a moment"),
    ((2.0, 2.6, 66, 0.34), "hardly heard"),
    ((2.0, 2.6, 100, 0.7), "alone by two octaves"),
])
def test_what_is_doubtful_is_left_out_and_what_is_sure_stays(doubtful, why):
    heard = notes(*TUNE, doubtful)
    assert rows(playable_notes(heard)) == rows(notes(*TUNE)), why
    assert rows(playable_notes(heard, level=0)) == rows(heard)
    sure = (*doubtful[:3], 0.95)
    assert rows(playable_notes(notes(*TUNE, sure))) == rows(notes(*TUNE, sure)), "whoever is sure is printed"


def test_a_note_in_pieces_is_one():
    found = playable_notes(notes(*TUNE, (4.0, 4.5, 50, 0.9), (4.51, 5.0, 50, 0.4), (5.3, 6.0, 50, 0.44)))
    low = [(onset, offset) for onset, offset, pitch in zip(found.onsets, found.offsets, found.pitches, strict=True)
           if pitch == 50]
    assert low == [(4.0, 5.0), (5.3, 6.0)], "what begins after a pause is struck again"


def test_known_notes_and_hits_stay_whatever_they_are():
    known = notes(*((*row[:3], 1.0) for row in [*TUNE, (1.0, 1.02, 74, 1), (3.0, 3.3, 108, 1)]))
    assert playable_notes(known, 2) is known
    hits = Drums(np.arange(5.0), np.array([36, 38, 36, 51, 54]), np.full(5, 90), np.ones(5))
    assert playable_hits(hits, 2) is hits


def test_faint_hits_and_sounds_that_hardly_occur_are_left_out():
    times, pitches = np.arange(12.0), np.array([36, 38] * 4 + [51, 51, 49, 57])
    sure = np.array([0.7, 0.4] * 4 + [0.13, 0.2, 0.35, 0.8])
    found = playable_hits(Drums(times, pitches, np.full(12, 90), sure))
    assert found.pitches.tolist() == [36, 38] * 4 + [57]


def test_one_stroke_that_was_heard_as_hi_hat_ride_and_tambourine_is_one_hit():
    times = np.repeat(np.arange(0, 8, 0.25), 3) + np.tile([0.0, 0.01, 0.02], 32)
    sure = np.tile([0.7, 0.4, 0.3], 32)
    sure[3:5] = 0.3, 0.8  # the ride is surer of once
    hits = Drums(times, np.tile([42, 51, 54], 32), np.full(96, 90), sure)
    found = playable_hits(hits)
    assert found.pitches.tolist() == [42] * 32
    both = Drums(np.repeat(np.arange(0, 8, 0.25), 2), np.tile([36, 42], 32), np.full(64, 90), np.full(64, 0.7))
    assert len(playable_hits(both)) == 64, "hands and feet strike together"


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0.02, 2), st.integers(30, 100), st.floats(0, 1)), max_size=40))
def test_more_simplification_prints_no_note_that_less_does_not(table):
    heard = notes(*((onset, onset + length, pitch, sure) for onset, length, pitch, sure in table))
    counts = [len(playable_notes(heard, level)) for level in range(3)]
    assert counts == sorted(counts, reverse=True) or not (heard.confidence < 1).any()
    assert set(rows(playable_notes(heard, 1))) <= set(rows(heard))


def test_other_levels_are_refused():
    with pytest.raises(LabelError, match="levels 0 to 2, not 3"):
        playable_notes(notes(*TUNE), 3)
