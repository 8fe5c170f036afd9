"""Spelling by harmony: tones of chords, leading tones, chromatic lines; names stay while a pitch does."""

import numpy as np
import pytest

from onpu.music.spelled import spelled, written
from onpu.music.spelling import key_label, name_of


def names(key, *chords):
    """Of each chord, soprano first."""
    return [[name_of(int(place)) for place in column] for column in spelled(np.array(chords).T, key).T]


def test_chords_of_other_keys_are_spelled_as_chords():
    tonic, dominant = (72, 67, 64, 48), (71, 68, 64, 52)
    assert names("C:major", tonic, dominant, (72, 69, 64, 57))[1] == ["B", "G#", "E", "E"]
    assert names("A:minor", (69, 64, 60, 57), (68, 64, 59, 52), (69, 64, 60, 57))[1] == ["G#", "E", "B", "E"]
    assert names("A:minor", (69, 64, 60, 57), (71, 66, 63, 47), (71, 64, 59, 52))[1] == ["B", "F#", "D#", "B"]
    assert names("C:major", tonic, (72, 68, 65, 53), tonic)[1] == ["C", "Ab", "F", "F"]
    assert names("C:minor", (72, 67, 63, 48), (71, 68, 62, 53), (72, 67, 63, 48))[1] == ["B", "Ab", "D", "F"]


@pytest.mark.parametrize("semitones", range(12))
def test_the_fifth_degrees_leading_tone_is_a_letter_below_its_tonic_in_every_key(semitones):
    chords = np.array([(69, 64, 60, 57), (68, 64, 59, 52), (69, 64, 60, 57)]) + semitones
    first, leading, last = (row[0] for row in names(key_label((9 + semitones) % 12, "minor"), *chords))
    assert first == last and (ord(first[0]) - ord(leading[0])) % 7 == 1


def test_rests_are_no_tones_and_a_repeated_pitch_keeps_its_name():
    found = names("C:major", (0, 68, 64, 52), (71, 68, 64, 52), (72, 68, 65, 53))
    assert found[0][1:] == ["G#", "E", "E"] and found[0][1] == found[1][1] == found[2][1]
    assert spelled(np.zeros((4, 3), np.int64), "C:major").shape == (4, 3)
    assert spelled(np.zeros((4, 0), np.int64), "C:major").shape == (4, 0)


def test_octaves_are_those_of_the_letters():
    assert written(0, 60) == ("C", 0, 4) and written(12, 60) == ("B", 1, 3) and written(-7, 59) == ("C", -1, 4)
