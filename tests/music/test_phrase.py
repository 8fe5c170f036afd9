"""Melodies with chords: the vocabulary, transposition, and what a timeline says of them."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.music.harte import parse
from onpu.music.phrase import CHORDS, NONE, Phrase, chord_label, chord_number, chord_tones


def phrase(quarters=4, bars=2):
    steps = 4 * quarters * bars
    pitches = np.repeat(np.tile([60, 0, 64, 67], steps // 16 + 1), 4)[:steps]
    attacks = (np.arange(steps) % 4 == 0) & (pitches > 0)
    chords = np.array([0, 0, chord_number("G:7"), NONE] * bars)[: steps // (8 if quarters == 4 else 12)]
    return Phrase(pitches, attacks, chords, quarters, "C:major", "x")


@pytest.mark.parametrize(("label", "name"), [
    ("C:maj", "C:maj"), ("C", "C:maj"), ("D:min7/b3", "D:min"), ("G:7", "G:7"), ("G:9", "G:7"), ("G:13/3", "G:7"),
    ("F:maj7", "F:maj"), ("A:sus4", "A:maj"), ("B:dim", "B:min"), ("B:hdim7", "B:min"), ("C:minmaj7", "C:min"),
    ("C:aug", "C:maj"), ("E:5", "E:maj"), ("A:maj6", "A:maj"), ("N", "N")])
def test_every_chord_has_one_that_stands_for_it(label, name):
    assert chord_label(chord_number(label), "C:major") == name


def test_numbers_and_labels_are_each_others_inverse():
    for number in range(CHORDS):
        assert chord_number(chord_label(number, "Eb:minor")) == number
    tones = chord_tones()
    assert {int(tone) for tone in np.flatnonzero(tones[chord_number("G:7")])} == {7, 11, 2, 5} and not tones[NONE].any()
    assert all(set(np.flatnonzero(tones[n])) == parse(chord_label(n, "C:major")).classes for n in range(NONE))


def test_transposing_moves_melody_chords_and_key_together():
    moved = phrase().transposed(3).validate()
    assert moved.key == "Eb:major" and moved.pitches[:8].tolist() == [63] * 4 + [0] * 4
    assert [chord_label(int(n), moved.key) for n in moved.chords[:4]] == ["Eb:maj", "Eb:maj", "Bb:7", "N"]
    back = moved.transposed(-3)
    assert np.array_equal(back.chords, phrase().chords) and np.array_equal(back.pitches, phrase().pitches)


def test_a_timeline_says_each_chord_where_it_changes():
    timeline = phrase().timeline(120, 73).validate()
    assert timeline.duration == 4.0 and timeline.beats.positions.tolist() == [1, 2, 3, 4] * 2
    assert timeline.chords.labels.tolist() == ["C:maj", "G:7", "N"]
    assert timeline.chords.starts.tolist() == [0, 2, 3] and timeline.chords.ends.tolist() == [2, 3, 4]
    assert timeline.notes.onsets.tolist() == [0, 1, 1.5, 2, 3, 3.5] and (timeline.notes.programs == 73).all()
    assert timeline.notes.offsets.tolist() == [0.5, 1.5, 2, 2.5, 3.5, 4]


def test_bars_are_cut_with_their_chords():
    part = phrase(3, 4).cut(1, 2).validate()
    assert part.steps == 24 and part.chords.tolist() == phrase(3, 4).chords[1:3].tolist()


@pytest.mark.parametrize("wrong", [{"quarters": 5}, {"pitches": np.zeros(31, int)}, {"chords": np.full(4, CHORDS)},
                                   {"attacks": np.ones(32, bool)}, {"key": "H"}, {"chords": np.zeros(3, int)}])
def test_what_is_no_phrase_is_refused_in_one_line(wrong):
    with pytest.raises(LabelError) as error:
        replace(phrase(), **wrong).validate()
    assert "\n" not in str(error.value)
