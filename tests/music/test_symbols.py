import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.music import Chords
from onpu.music.harte import QUALITIES, bass_name, parse
from onpu.music.spelling import MODES, key_label, parse_key, signature, written_signature
from onpu.music.symbols import QUALITIES as WRITTEN
from onpu.music.symbols import label_of, symbol
from onpu.music.voicing import block_chords


@pytest.mark.parametrize(("label", "text"), [
    ("C", "C"), ("C:min7/b3", "Cm7/Eb"), ("F#:hdim7", "F#m7b5"), ("D:7(b9,#11)", "D7(b9,#11)"), ("N", "N.C."),
    ("X", "?"), ("Bb:maj/5", "Bb/F"), ("B:(1,b2)", "B(1,b2)"), ("A:sus4(b7)", "Asus4(b7)")])
def test_chords_as_musicians_write_them(label, text):
    assert symbol(label) == text


@pytest.mark.parametrize(("text", "label"), [
    ("Am", "A:min"), ("F♯m7♭5", "F#:hdim7"), ("G/B", "G:maj/3"), ("D5", "D:5"), ("Cm7/Eb", "C:min7/b3"), ("N.C.", "N"),
    ("B♭△7", "Bb:maj7"), ("C7(b9)", "C:7(b9)"), ("Gsus", "G:sus4"), ("E°7", "E:dim7"), ("C6/9", "C:maj6(9)"),
    ("C6/9/E", "C:maj6(9)/3"), ("Ebm/Gb", "Eb:min/b3"), ("F/E#", "F:maj/#7"), ("A:min7/b3", "A:min7/b3"), ("E", "E")])
def test_chords_are_read_as_musicians_write_them(text, label):
    assert label_of(text) == label


def test_what_is_written_of_a_label_is_read_as_the_same_chord():
    qualities = {*QUALITIES} - {"1"}
    labels = [f"{root}:{quality}{bass}" for root in ("C", "F#", "Bb", "Eb") for quality in sorted(qualities)
              for bass in ("", "/b3", "/5", "/b7")]
    for label in labels:
        again, chord = parse(label_of(symbol(label))), parse(label)
        assert (again.root, again.tones, again.bass) == (chord.root, chord.tones, chord.bass), label
    for text in WRITTEN:
        assert parse(label_of(f"Ab{text}")).root == 8
    for text in ("H7", "Dno3no5x", "", "am", "hello", "A:minor", "C/H"):
        with pytest.raises(LabelError):
            label_of(text)


def test_block_chords_sound_what_the_label_says():
    labels = [f"{root}:{quality}{bass}" for root in ("C", "F#", "Bb") for quality in QUALITIES for bass in ("", "/b3")]
    starts = np.arange(len(labels), dtype=float)
    notes = block_chords(Chords(starts, starts + 1, np.array(labels), np.ones(len(labels)))).validate()
    for start, label in zip(starts, labels, strict=True):
        pitches = notes.pitches[notes.onsets == start].astype(int)
        assert {int(pitch) % 12 for pitch in pitches} == parse(label).classes, label
        lowest = parse(bass_name(label)).root
        assert pitches[0] == pitches.min() and pitches[0] % 12 == lowest, label
        assert len(set(pitches)) == len(pitches) and (pitches[1:] >= 55).all() and pitches.max() < 67


def test_nothing_sounds_without_a_chord():
    none = Chords(np.array([0.0, 1.0]), np.array([1.0, 2.0]), np.array(["N", "X"]), np.ones(2))
    assert len(block_chords(none).onsets) == 0
    with pytest.raises(LabelError, match="Cmaj"):
        block_chords(Chords(np.zeros(1), np.ones(1), np.array(["Cmaj"]), np.ones(1)))


def test_signatures_are_those_of_the_spelling():
    assert [written_signature(label) for label in ("F#:major", "Gb:major", "C#:major", "G#:major", "A:dorian")] == [
        6, -6, 7, -4, 1]
    for mode in MODES:
        for tonic in range(12):
            label = key_label(tonic, mode)
            assert (written_signature(label) - signature(*parse_key(label))) % 12 == 0
