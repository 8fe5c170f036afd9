"""Chord labels and key names: mir_eval is the judge of what a label means."""

import mir_eval
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import harte
from onpu.music.spelling import MODES, key_label, names, parse_key, pitch_class, signature

ROOTS = st.sampled_from(["C", "Db", "F#", "B", "Cb", "E#", "G", "Abb"])
SHORTHANDS = st.sampled_from(sorted(harte.QUALITIES.keys() - {"aug7", "maj11"}))  # JAMS has it, mir_eval not
LABELS = st.builds(
    lambda root, quality, degrees, bass: f"{root}:{quality}{degrees}{bass}", ROOTS, SHORTHANDS,
    st.sampled_from(["", "(9)", "(b9,#11)", "(*5)", "(4,*3)"]), st.sampled_from(["", "/b3", "/3", "/5", "/b7", "/2"]))


@given(LABELS)
def test_a_label_means_what_mir_eval_reads_in_it(label):
    chord = harte.parse(label)
    root, bitmap, bass = mir_eval.chord.encode(label, reduce_extended_chords=True)
    assert chord.root == root and chord.bass == bass
    assert {*chord.tones, chord.bass} >= set(np.flatnonzero(bitmap)) - {1, 2, 5, 6, 9}
    classes = harte.to_class(label)
    if classes < harte.NONE:
        assert classes // len(harte.VOCABULARY) == root


@pytest.mark.parametrize("label", ["N", "X", "C:maj", "F#:min7", "Bb:sus4", "Eb:dim7", "A:hdim7", "Ab:aug",
                                   "E:5"])
def test_a_class_writes_the_chord_that_it_came_from(label):
    number = harte.to_class(label)
    again = harte.class_label(number)
    assert harte.to_class(again) == number
    assert harte.parse(again).classes == harte.parse(label).classes


@pytest.mark.parametrize(("label", "reduced"), [
    ("C:9", "C:7"), ("C:maj13/3", "C:maj7"), ("G:7(b9)", "G:7"), ("D:(1,b3,5)", "D:min"), ("C:1", "X"),
    ("C", "C:maj"), ("E:min11", "E:min7"), ("F:maj(9)", "F:maj"), ("A:aug7", "A:aug"), ("C:5/5", "C:5"),
    ("C:maj(*3)", "C:5"), ("C:5(3)", "C:maj"), ("C:5(b3,b7)", "C:min7"), ("C:5(9)", "C:sus2"), ("C:5(b7)", "X"),
    ("C:(b9,5)", "X"), ("C:(1,5)", "C:5")])
def test_the_vocabulary_takes_in_what_lies_beyond_it(label, reduced):
    assert harte.to_class(label) == harte.to_class(reduced)


@given(LABELS, st.integers(-11, 11))
def test_transposition_moves_every_tone(label, semitones):
    moved = harte.parse(harte.transposed(label, semitones))
    assert moved.classes == {(tone + semitones) % 12 for tone in harte.parse(label).classes}


def test_the_key_spells_the_chord():
    assert harte.transposed("G#:maj", 0, "Eb:major") == "Ab:maj"
    assert harte.transposed("Ab:dim", 0, "E:major") == "G#:dim"
    assert harte.class_label(harte.to_class("Gb:maj"), "D:major") == "F#:maj"


@pytest.mark.parametrize(("label", "note"), [
    ("C:min7/b3", "Eb"), ("Ab:maj/3", "C"), ("E:maj/3", "G#"), ("F#:dim7/bb7", "Eb"), ("G:7/b7", "F"), ("D", "D"),
    ("N", "")])
def test_the_bass_is_spelled_from_the_root(label, note):
    assert harte.bass_name(label) == note


@pytest.mark.parametrize("label", ["H:maj", "C:major", "C:maj/", "Cmaj7", "", "C:maj(99)", "C:min/b"])
def test_what_is_no_chord_is_named(label):
    with pytest.raises(LabelError, match=r"chord|degree"):
        harte.parse(label)


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_a_key_names_twelve_notes_once(tonic, mode):
    spelled = names(tonic, mode)
    assert [pitch_class(name) for name in spelled] == list(range(12))
    assert parse_key(key_label(tonic, mode)) == (tonic, mode)
    own = [spelled[(tonic + step) % 12] for step in MODES[mode]]
    assert sorted(name[0] for name in own) == list("ABCDEFG")
    assert -6 <= signature(tonic, mode) <= 6
