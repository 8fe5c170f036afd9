"""Something known put into what was found."""

import numpy as np
import pytest

from onpu.errors import CorrectionError
from onpu.music import Chords, Drums, Melody, Notes
from onpu.music.sections import Sections
from onpu.music.splicing import (
    joined_at,
    spliced,
    split_at,
    with_hit,
    with_line,
    with_note,
    with_tone,
    without_hit,
    without_note,
)

CHORDS = Chords(np.array([0.0, 2, 4]), np.array([2.0, 4, 6]), np.array(["C:maj", "F:maj", "G:7"]), np.full(3, 0.6),
                np.array([["A:min", "N"], ["D:min", "N"], ["B:dim", "N"]]), np.tile([0.3, 0.1], (3, 1)))
NOTES = Notes(np.array([0.0, 1]), np.array([1.0, 2]), np.array([60.0, 64]), np.array([50.0, 90]), np.array([0, 24]),
              np.full(2, 0.5))
DRUMS = Drums(np.array([0.5, 1.0]), np.array([36, 38]), np.array([70.0, 100]), np.full(2, 0.5))
FORM = Sections(np.array([0.0, 10, 18]), np.array([10.0, 18, 30]), np.array(["A", "B", "A"]), np.full(3, 0.5))


def rows(segments):
    return list(zip(segments.starts.tolist(), segments.ends.tolist(), segments.labels.tolist(), strict=True))


@pytest.mark.parametrize(("start", "end", "expected"), [
    (2, 4, [(0, 2, "C:maj"), (2, 4, "D:7"), (4, 6, "G:7")]),
    (1, 3, [(0, 1, "C:maj"), (1, 3, "D:7"), (3, 4, "F:maj"), (4, 6, "G:7")]),
    (2.5, 3.5, [(0, 2, "C:maj"), (2, 2.5, "F:maj"), (2.5, 3.5, "D:7"), (3.5, 4, "F:maj"), (4, 6, "G:7")]),
    (0, 6, [(0, 6, "D:7")]), (0.02, 5.97, [(0.02, 5.97, "D:7")]), (7, 8, [*rows(CHORDS), (7, 8, "D:7")])])
def test_a_chord_takes_its_place_and_the_rest_is_cut(start, end, expected):
    found = spliced(CHORDS, start, end, "D:7").validate()
    assert rows(found) == expected
    assert found.confidence[found.labels == "D:7"].tolist() == [1]


def test_slivers_beside_it_go_but_not_what_is_certain():
    parts = spliced(spliced(CHORDS, 1.8, 2, "A:min"), 2, 3.8, "D:7", 0.3)
    assert rows(parts) == [(0, 1.8, "C:maj"), (1.8, 2, "A:min"), (2, 3.8, "D:7"), (3.8, 6, "G:7")]
    assert rows(spliced(CHORDS, 1.8, 3.9, "D:7", 0.3)) == [(0, 1.8, "C:maj"), (1.8, 3.9, "D:7"), (3.9, 6, "G:7")]


def test_what_stood_there_is_the_first_alternative_but_not_the_same_chord_again():
    assert spliced(CHORDS, 2, 4, "D:7").alternatives[1].tolist() == ["F:maj", "D:min"]
    assert spliced(CHORDS, 2, 4, "E#:maj").alternatives[1].tolist() == ["D:min", "N"]


def test_into_nothing_it_stands_alone():
    assert rows(spliced(Chords.empty(), 1, 2, "D:7")) == [(1, 2, "D:7")]


def test_a_note_takes_the_place_of_those_of_its_pitch():
    found = with_note(NOTES, 0.8, 1.5, 60, None, None).validate()
    assert found.onsets.tolist() == [0.8, 1.0] and found.programs.tolist() == [0, 24]
    assert with_note(NOTES, 0.9, 1.5, 67, 40, 99).programs.tolist() == [0, 40, 24]
    assert without_note(NOTES, 1.05, 64).pitches.tolist() == [60]
    with pytest.raises(CorrectionError, match=r"no note of pitch 65 begins at 1.000 s"):
        without_note(NOTES, 1.0, 65)


def test_hits_come_and_go():
    assert with_hit(DRUMS, 0.52, 36).times.tolist() == [0.52, 1.0]
    assert with_hit(DRUMS, 0.52, 42).pitches.tolist() == [36, 42, 38]
    assert without_hit(DRUMS, 1.0, 38).pitches.tolist() == [36]
    with pytest.raises(CorrectionError, match="not hit"):
        without_hit(DRUMS, 1.0, 36)


def test_a_tone_of_the_melody():
    melody = Melody(np.arange(4) / 10, np.array([220.0, 220, -220, 0]), np.full(4, 0.5))
    assert with_tone(melody, 0.1, 0.3, 69).frequencies.tolist() == [220, 440, 440, 0]
    assert with_tone(melody, 0.0, 0.2, None).frequencies.tolist() == [0, 0, -220, 0]
    line = with_line(melody, 0.1, 0.35, [(0.1, 57), (0.2, 69), (0.3, 57)]).validate()
    assert line.frequencies.tolist() == [220, 220, 440, 220] and line.confidence.tolist() == [0.5, 1, 1, 1]


def test_sections_are_cut_joined_and_their_edges_moved():
    assert rows(split_at(FORM, 25, 3)) == [(0, 10, "A"), (10, 18, "B"), (18, 25, "A"), (25, 30, "A")]
    assert rows(split_at(FORM, 16, 3)) == [(0, 10, "A"), (10, 16, "B"), (16, 30, "A")]
    assert rows(joined_at(FORM, 10.5, 3)) == [(0, 18, "A"), (18, 30, "A")]
    assert rows(joined_at(FORM, 18, 3)) == [(0, 10, "A"), (10, 30, "A")]
    assert rows(joined_at(FORM, 25, 3)) == rows(FORM)
