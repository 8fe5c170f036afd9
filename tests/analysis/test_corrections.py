"""What is set right stands, and the rest is decided around it."""

from dataclasses import replace

import numpy as np
import pytest
from test_agreement import BPM, SECONDS, TIMES, heard, truth

from onpu.analysis.agreement import agree
from onpu.analysis.correcting import corrected
from onpu.analysis.corrections import KINDS, corrections_of
from onpu.errors import CorrectionError
from onpu.music import Drums, Melody, Notes, Timeline
from onpu.music.sections import Sections

QUIET = np.zeros((0, 2))
EXAMPLES = {
    "beat": {"time": 3.6}, "no_beat": {"time": 4.0}, "downbeat": {"time": 5.0}, "no_downbeat": {"time": 4.5},
    "metre": {"numerator": 3, "denominator": 4}, "tempo_octave": {"factor": 0.5}, "shift_bars": {"beats": 1},
    "shift_beats": {"by": 0.5},
    "chord": {"start": 4.5, "end": 6.5, "label": "F#m7"}, "key": {"start": 0, "end": 32, "label": "E major"},
    "section": {"start": 8, "end": 16, "label": "bridge"}, "boundary": {"time": 12.0}, "no_boundary": {"time": 16.0},
    "note": {"start": 1.0, "end": 2.0, "pitch": 60}, "no_note": {"start": 3.0, "pitch": 64},
    "metre_here": {"start": 16.0, "end": 32.0, "numerator": 3, "denominator": 4},
    "melody_line": {"start": 1.0, "end": 2.0, "points": [[1.0, 60], [1.5, 62.5]]},
    "melody": {"start": 1.0, "end": 2.0, "pitch": None}, "drum": {"time": 2.0, "drum": 38},
    "no_drum": {"time": 1.0, "drum": 36}, "lyric": {"start": 1.0, "end": 2.0, "label": "la　la"},
    "no_lyric": {"start": 1.0, "end": 2.0}}


def listened(phase, sureness=0.7):
    """What was heard of a song, and what was decided first."""
    predictions = heard(truth(phase), sureness)
    notes = Notes(np.array([3.0]), np.array([4.0]), np.array([64.0]), np.array([80.0]), np.array([0]), np.ones(1))
    drums = Drums(np.array([1.0]), np.array([36]), np.array([90.0]), np.ones(1))
    form = Sections(np.array([0.0, 16]), np.array([16.0, 32]), np.array(["A", "B"]), np.ones(2))
    return replace(agree(list(predictions)), notes=notes, drums=drums, sections=form), predictions


def right(before, predictions, *corrections):
    return corrected(before, predictions, QUIET, [{"kind": kind} | EXAMPLES[kind] | said
                                                  for kind, said in corrections]).validate()


def test_every_kind_has_an_example_here():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("phase", range(4))
@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_one_bar_line_sets_all_bars_right_and_chords_change_on_them(phase, wrong):
    """The bars were decided wrongly throughout."""
    before, predictions = listened(phase, sureness=0.7)
    shifted = replace(before, beats=replace(before.beats, positions=(before.beats.positions - 1 + wrong) % 4 + 1))
    downbeat = float(before.beats.downbeats[3])
    found = right(shifted, predictions, ("downbeat", {"time": downbeat}))
    np.testing.assert_array_equal(found.beats.downbeats, before.beats.downbeats)
    assert set(found.chords.starts[1:]) <= set(found.beats.times)


@pytest.mark.parametrize("factor", [2, 0.5])
def test_one_click_sets_the_tempo_octave_right(factor):
    before, predictions = listened(0)
    found = right(before, predictions, ("tempo_octave", {"factor": factor}))
    assert found.tempo.bpm[0] == pytest.approx(BPM * factor, rel=0.02)
    assert len(found.beats) == pytest.approx(len(TIMES) * factor, abs=3)


def test_a_metre_is_counted_throughout():
    before, predictions = listened(0)
    found = right(before, predictions, ("metre", {}))
    assert found.metre.numerators.tolist() == [3] and set(np.diff(np.flatnonzero(found.beats.positions == 1))) == {3}


def test_another_metre_holds_from_here_on_and_the_beats_stay():
    before, predictions = listened(0)
    found = right(before, predictions, ("metre_here", {}))
    here = int(np.abs(before.beats.times - 16.0).argmin())
    assert found.metre.numerators.tolist() == [4, 3] and found.metre.times[1] == before.beats.times[here]
    assert found.beats.positions[here:].tolist() == [1 + n % 3 for n in range(len(before.beats) - here)]
    np.testing.assert_array_equal(found.beats.positions[:here], before.beats.positions[:here])
    np.testing.assert_array_equal(found.beats.times, before.beats.times)


def test_a_melody_goes_from_point_to_point():
    before, predictions = listened(0)
    heard_first = replace(before, melody=Melody(np.arange(32) / 8, np.full(32, 110.0), np.full(32, 0.3)))
    found = right(heard_first, predictions, ("melody_line", {}), ("melody", {"start": 2.0, "end": 3.0}))
    pitches = 69 + 12 * np.log2(np.maximum(found.melody.frequencies, 1) / 440)
    np.testing.assert_allclose(pitches[8:16], [60, 60.625, 61.25, 61.875, 62.5, 62.5, 62.5, 62.5])
    assert found.melody.frequencies[16:24].tolist() == [0] * 8 and found.melody.frequencies[24] == 110
    assert found.melody.confidence[[7, 8, 23, 24]].tolist() == [0.3, 1, 1, 0.3]


@pytest.mark.parametrize("by", [0.5, -0.5])
def test_off_beats_become_beats(by):
    before, predictions = listened(0)
    off = replace(before, beats=replace(before.beats, times=before.beats.times - by * 60 / BPM))
    found = right(off, predictions, ("shift_beats", {"by": by}))
    np.testing.assert_allclose(found.beats.times, before.beats.times, atol=0.02)
    assert found.tempo.bpm[0] == pytest.approx(BPM, rel=0.01)


def test_a_beat_stands_where_it_was_put_and_those_far_away_stay():
    before, predictions = listened(0)
    found = right(before, predictions, ("beat", {"time": 10.1}))
    assert 10.1 in found.beats.times and found.beats.confidence[found.beats.times == 10.1] == 1
    far = before.beats.times[np.abs(before.beats.times - 10.1) > 3]
    assert np.abs(found.beats.times[:, None] - far).min(axis=0).max() < 0.02
    gone = right(before, predictions, ("no_beat", {"time": 10.0}))
    assert np.abs(gone.beats.times - 10.0).min() > 0.2


def test_a_chord_stands_as_it_was_typed_and_moves_its_neighbours_alone():
    before, predictions = listened(1)
    found = right(before, predictions, ("chord", {}))
    row = int(np.flatnonzero(found.chords.starts == 4.5)[0])
    assert found.chords.labels[row] == "F#:min7" and found.chords.ends[row] == 6.5 and found.chords.confidence[row] == 1
    assert found.beats is before.beats
    later = before.chords.starts > 9
    assert set(before.chords.starts[later]) <= set(found.chords.starts)


def test_a_key_respells_the_chords_but_not_those_that_were_typed():
    before, predictions = listened(0)
    typed = {"start": 4.5, "end": 6.5, "label": "Ab:7"}
    found = right(before, predictions, ("chord", typed), ("key", {"label": "E major"}))
    assert found.keys.labels.tolist() == ["E:major"] and found.key.labels[0] == "E:major"
    assert found.chords.labels[found.chords.starts == 4.5].tolist() == ["Ab:7"]
    blue = replace(truth(0), chords=replace(truth(0).chords, labels=np.full(len(truth(0).chords), "G#:maj")))
    flats = heard(blue, 0.7)
    first = agree(list(flats))
    assert set(first.chords.labels) - {"N"} == {"Ab:maj"}
    assert set(right(first, flats, ("key", {"label": "E major"})).chords.labels) - {"N"} == {"G#:maj"}


def test_sections_notes_and_drums_are_put_in_without_touching_the_rest():
    before, predictions = listened(0)
    found = right(before, predictions, ("section", {}), ("note", {}), ("no_note", {}), ("drum", {}), ("no_drum", {}))
    assert found.sections.labels.tolist() == ["A", "bridge", "B"] and found.notes.pitches.tolist() == [60]
    assert found.drums.pitches.tolist() == [38] and found.beats is before.beats


def test_undoing_the_last_gives_what_stood_before():
    before, predictions = listened(2)
    some = [("chord", {}), ("downbeat", {"time": 8.0}), ("shift_bars", {"beats": -1})]
    once, again = right(before, predictions, *some[:2]), right(before, predictions, *some[:2])
    all_of_them = right(before, predictions, *some)
    assert all(np.array_equal(once.arrays()[name], again.arrays()[name]) for name in once.arrays())
    assert not np.array_equal(all_of_them.beats.positions, once.beats.positions)


def test_what_was_not_listened_for_cannot_be_set_right():
    before, predictions = listened(0)
    with pytest.raises(CorrectionError, match="no melody to be set right"):
        right(before, predictions, ("melody", {}))


@pytest.mark.parametrize(("wrong", "text"), [
    ({"kind": "chrod"}, "did you mean chord"), ({"kind": "beat"}, "lacks its time"), ({}, "give an object with a kind"),
    ("beat", "give an object"), ({"kind": "beat", "time": "1"}, "must be seconds"),
    ({"kind": "beat", "time": float("nan")}, "must be seconds"), ({"kind": "beat", "time": True}, "must be seconds"),
    ({"kind": "beat", "time": 40}, "the recording ends at 32.000"),
    ({"kind": "beat", "time": 1, "label": "x"}, "a beat has no label"),
    ({"kind": "chord", "start": 1, "end": 1, "label": "C"}, "not after its start"),
    ({"kind": "chord", "start": 1, "end": 2, "label": "H"}, "no chord"),
    ({"kind": "chord", "start": 1, "end": 2, "label": "C" * 99}, "at most 60 characters"),
    ({"kind": "section", "start": 1, "end": 2, "label": "a\nb"}, "must be a text"),
    ({"kind": "key", "start": 1, "end": 2, "label": "H moll"}, "key"),
    ({"kind": "tempo_octave", "factor": 3}, "one of 2, 0.5"),
    ({"kind": "metre", "numerator": 0, "denominator": 4}, "from 1"),
    ({"kind": "note", "start": 0, "end": 1, "pitch": 200}, "MIDI pitch"),
    ({"kind": "melody_line", "start": 0, "end": 1, "points": []}, "pairs of seconds and pitch"),
    ({"kind": "melody_line", "start": 0, "end": 1, "points": [[0, 60], [0, 61]]}, "times that go on"),
    ({"kind": "melody_line", "start": 0, "end": 1, "points": [[0, "high"]]}, "MIDI pitch"),
    ({"kind": "drum", "time": 0, "drum": 38.5}, "percussion number")])
def test_what_is_no_correction_is_refused_in_one_line(wrong, text):
    with pytest.raises(CorrectionError, match=text) as raised:
        corrections_of([{"kind": "beat", "time": 1.0}, wrong], SECONDS)
    assert str(raised.value).startswith("correction 2") and "\n" not in str(raised.value)


def test_people_write_chords_and_keys_as_they_do():
    chord, key = corrections_of([{"kind": "chord", "start": 0, "end": 1, "label": "B♭m7"},
                                 {"kind": "key", "start": 0, "end": 1, "label": "F# minor"}], SECONDS)
    assert (chord.label, key.label) == ("Bb:min7", "F#:minor")
    assert isinstance(Timeline(1.0), Timeline)


def test_words_are_set_right_where_no_voice_was_listened_for():
    before, predictions = listened(0.0)
    found = right(before, predictions, ("lyric", {}), ("lyric", {"start": 3.0, "end": 4.0, "label": "down-"}))
    assert found.voice.labels.tolist() == ["la la", "down-"] and found.voice.confidence.tolist() == [1.0, 1.0]
    found = right(found, predictions, ("no_lyric", {"start": 0.0, "end": 3.5}))
    assert found.voice.starts.tolist() == [3.5] and found.beats is before.beats
