"""Chorales as numbers and back."""

import numpy as np
import pytest
from chorale_files import write_chorales

from onpu.data.corpora.chorales import Chorales
from onpu.errors import DataError
from onpu.music.chorale import RANGES
from onpu.represent.voices import FIRST, LOWEST, NOTES, OUTSIDE, REST, allowed, decoded, encoded, sounding


@pytest.fixture(scope="module")
def chorale(tmp_path_factory):
    found = Chorales.open(write_chorales(tmp_path_factory.mktemp("voices") / "chorales.json.gz", 2)).item(0)
    found.pitches[2, 8:12], found.attacks[2, 8:12] = 0, False  # a rest
    found.attacks[3, 2] = True  # a repeated note
    return found.validate()


def test_tokens_say_all_that_a_chorale_is(chorale):
    again = decoded(encoded(chorale)["tokens"], chorale)
    assert np.array_equal(again.pitches, chorale.pitches) and np.array_equal(again.attacks, chorale.attacks)


def test_a_rest_is_a_note_that_begins_and_is_held(chorale):
    score = encoded(chorale, 3)
    assert score["tokens"][2, 3 + 7 : 3 + 13].tolist()[1:5] == [REST] + [NOTES[2]] * 3
    assert (score["tokens"][:, :3] == OUTSIDE).all() and (score["notes"][:, -3:] == OUTSIDE).all()
    assert score["place"][:8].tolist() == [9, 10, 11, 12, 13, 14, 15, 0]
    assert np.array_equal(sounding(score["tokens"])[2], score["notes"][2])


def test_only_pitches_of_the_range_and_hold_may_be_made_up():
    for voice, possible in enumerate(allowed()):
        low, high = RANGES[voice]
        pitches = np.flatnonzero(possible[:-1]) - FIRST + LOWEST[voice]
        assert pitches.tolist() == list(range(low, high + 1)) and possible[-1] and len(possible) == NOTES[voice] + 1


def test_a_voice_far_out_of_its_range_is_refused(chorale):
    with pytest.raises(DataError, match="leaves MIDI pitches"):
        encoded(chorale.transposed(24))
