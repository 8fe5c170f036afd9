import json
import re
from dataclasses import replace

import jams
import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import assert_same, timelines

from onpu.errors import FormatError, LabelError
from onpu.formats.jams import read_jams, write_jams
from onpu.formats.jams.writing import CHORD, KEY
from onpu.music import (
    Beats,
    Chords,
    Drums,
    Key,
    Keys,
    Melody,
    Metre,
    Notes,
    Onsets,
    Pedal,
    Sections,
    Tags,
    Tempo,
    Timeline,
    Tuning,
    Voice,
)


def full_timeline() -> Timeline:
    array, one = np.array, np.ones(1)
    return Timeline(
        10.0,
        beats=Beats(array([0.1, 0.6, 1.1]), array([4, 1, 0]), array([0.5, 1.0, 0.0])),
        metre=Metre(array([0.0, 3.0]), array([4, 6]), array([4, 8]), array([0.5, 1.0])),
        tempo=Tempo(array([120.0, 60.0]), array([0.6, 0.3]), array([0.0, 1.0]), array([120.0, 121.0])),
        key=Key(array(["F:dorian", "C:minor"]), array([0.6, 0.3])),
        keys=Keys(array([0.0]), array([10.0]), array(["Eb:major"]), one, array([["F:dorian"]]), array([[0.2]])),
        chords=Chords(array([0.0, 1.0]), array([1.0, 2.0]), array(["C:min7/b3", "N"]), array([0.3, 1.0]),
                      array([["Eb:maj6", "C:min"], ["G:5", "X"]]), array([[0.3, 0.1], [0.0, 0.0]])),
        tuning=Tuning(array([-40.0]), array([0.8])),
        melody=Melody(np.arange(4) * 0.01, array([0.0, 440.0, 441.0, 0.0]), np.ones(4)),
        notes=Notes(array([0.1, 0.2]), array([0.3, 0.7]), array([60.0, 61.5]), array([80, 90]), array([0, 5]),
                    array([0.3, 0.4])),
        drums=Drums(array([0.1, 0.1, 0.5]), array([36, 42, 38]), array([100, 90, 80]), array([0.9, 0.2, 1.0])),
        voice=Voice(array([0.1]), array([0.2]), array(["la"]), one),
        sections=Sections(array([0.0]), array([9.0]), array(["verse"]), one),
        tags=Tags(array(["genre:jazz"]), array([0.4])),
    )


@settings(max_examples=80)
@given(timeline=timelines())
def test_round_trip_is_lossless(tmp_path_factory, timeline):
    path = tmp_path_factory.getbasetemp() / "round.jams"
    write_jams(timeline, path)
    assert_same(timeline, read_jams(path))


@settings(max_examples=15)
@given(timeline=timelines())
def test_written_files_fulfil_the_schema_and_survive_the_jams_package(tmp_path_factory, timeline):
    path = tmp_path_factory.getbasetemp() / "schema.jams"
    write_jams(timeline, path, title="題", source="曲 1.mp3")
    loaded = jams.load(str(path), validate=True, strict=True)
    loaded.save(str(path))
    assert_same(timeline, read_jams(path))


def test_namespaces_values_and_metadata(tmp_path):
    path = tmp_path / "song.jams"
    assert write_jams(full_timeline(), path, title="Song", source="song.mp3") == [path]
    content = json.loads(path.read_text())
    data = {}
    for annotation in content["annotations"]:
        key = (annotation["namespace"], annotation["annotation_metadata"]["data_source"])
        data[key] = annotation["data"]
    assert content["file_metadata"]["duration"] == 10.0
    assert content["file_metadata"]["title"] == "Song"
    assert content["sandbox"]["source"] == "song.mp3"
    assert [o["value"] for o in content["sandbox"]["metre"]] == ["4/4", "6/8"]
    assert [(o["time"], o["value"], o["confidence"]) for o in data["beat", ""]] == [
        (0.1, 4, 0.5), (0.6, 1, 1.0), (1.1, None, 0.0)]
    assert [(o["value"], o["confidence"]) for o in data["tempo", ""]] == [(120.0, 0.6), (60.0, 0.3)]
    assert data["segment_open", "voice"][0]["value"] == "voice"
    assert data["lyrics", "voice"][0]["value"] == "la"
    assert data["pitch_contour", ""]["value"][1] == {"index": 0, "frequency": 440.0, "voiced": True}
    # Onsets of notes and drums together, the surer of two at one time.
    assert [(o["time"], o["confidence"]) for o in data["onset", ""]] == [(0.1, 0.9), (0.2, 0.4), (0.5, 1.0)]
    assert [o["value"] for o in data["onset", "drums"]] == [36, 42, 38]
    assert data["tag_open", ""][0]["duration"] == 10.0


def test_onsets_that_were_listened_for_take_the_place_of_those_of_notes_and_hits(tmp_path):
    path = tmp_path / "song.jams"
    own = Onsets(np.array([0.1, 0.35]), np.array([0.8, 0.6]))
    for onsets, times in ((own, [0.1, 0.35]), (None, [0.1, 0.2, 0.5])):
        timeline = replace(full_timeline(), onsets=onsets)
        write_jams(timeline, path)
        plain = [a for a in json.loads(path.read_text())["annotations"]
                 if a["namespace"] == "onset" and not a["annotation_metadata"]["data_source"]]
        assert [[o["time"] for o in a["data"]] for a in plain] == [times]
        assert_same(timeline, read_jams(path))


def test_the_pedal_is_no_section_and_no_singing(tmp_path):
    path = tmp_path / "song.jams"
    timeline = Timeline(9.0, pedal=Pedal(np.array([1.0, 2.5]), np.array([2.0, 3.0]), np.array([0.5, 0.7])))
    write_jams(timeline, path)
    got = read_jams(path)
    assert list(got.found()) == ["pedal"]
    assert_same(timeline, got)


def test_the_key_of_the_whole_comes_first_as_major_or_minor(tmp_path):
    path = tmp_path / "song.jams"
    write_jams(full_timeline(), path)
    content = json.loads(path.read_text())
    whole, regions = (a for a in content["annotations"] if a["namespace"] == "key_mode")
    assert whole["data"] == [{"time": 0.0, "duration": 10.0, "value": "F:minor", "confidence": 0.6}]
    assert whole["sandbox"] == {"scope": "whole", "candidates": {"value": ["F:dorian", "C:minor"],
                                                                 "confidence": [0.6, 0.3]}}
    assert [o["value"] for o in regions["data"]] == ["Eb:major"]
    assert regions["sandbox"]["alternatives"] == {"value": [["F:dorian"]], "confidence": [[0.2]]}
    assert content["sandbox"]["tuning"] == {"cents": [-40.0], "confidence": [0.8]}
    chords = next(a for a in content["annotations"] if a["namespace"] == "chord")
    assert chords["sandbox"]["alternatives"]["value"][0] == ["Eb:maj6", "C:min"]
    assert mir_eval.key.weighted_score("F minor", whole["data"][0]["value"].replace(":", " ")) == 1.0


@pytest.mark.parametrize("kept", ["key", "keys"])
def test_one_of_key_and_keys_alone_comes_back_as_itself(tmp_path, kept):
    timeline = Timeline(10.0, **{kept: getattr(full_timeline(), kept)})
    write_jams(timeline, tmp_path / "song.jams")
    got = read_jams(tmp_path / "song.jams")
    assert list(got.found()) == [kept]
    assert_same(timeline, got)


def test_a_key_corrected_by_hand_holds_and_alternatives_go_with_their_segments(tmp_path):
    path = tmp_path / "song.jams"
    write_jams(full_timeline(), path)
    content = json.loads(path.read_text())
    whole, _ = (a for a in content["annotations"] if a["namespace"] == "key_mode")
    chords = next(a for a in content["annotations"] if a["namespace"] == "chord")
    whole["data"][0]["value"], whole["data"][0]["confidence"] = "Bb:minor", 1.0
    chords["data"][0]["duration"] = 0.0
    path.write_text(json.dumps(content))
    got = read_jams(path)
    assert (got.key.labels.tolist(), got.key.confidence.tolist()) == (["Bb:minor"], [1.0])
    assert (got.chords.labels.tolist(), got.chords.alternatives.tolist()) == (["N"], [["G:5", "X"]])
    del chords["data"][0]
    path.write_text(json.dumps(content))
    assert read_jams(path).chords.alternatives.shape == (0, 0)


def test_no_key_is_n(tmp_path):
    none = Timeline(5.0, key=Key(np.zeros(0, str), np.zeros(0)))
    write_jams(none, tmp_path / "none.jams")
    assert json.loads((tmp_path / "none.jams").read_text())["annotations"][0]["data"][0]["value"] == "N"
    assert_same(none, read_jams(tmp_path / "none.jams"))


def test_absent_and_empty_stay_apart(tmp_path):
    nothing, none = tmp_path / "nothing.jams", tmp_path / "none.jams"
    write_jams(Timeline(0.0), nothing)
    write_jams(Timeline(0.0, beats=Beats.of(np.zeros(0), np.zeros(0))), none)
    assert read_jams(nothing).found() == {}
    assert list(read_jams(none).found()) == ["beats"]


QUALITIES = st.sampled_from(["maj", "min", "6", "maj6", "min6", "7", "min7", "dim", "aug7", "sus2", "sus", "hdim7", "5",
                             "1", "minmaj7", "maj13", "(1,b3)", "7(*5,b9)", "(14)", "maj(", "9(#11)", "m7", ""])
CHORDS = st.builds("{}{}{}{}{}".format, st.sampled_from(["C", "Bb", "F##", "H", "N", "X", "Cb#", "c"]),
                   st.sampled_from([":", ""]), QUALITIES, st.sampled_from(["", "/", "/b7", "/13", "/14", "/C"]),
                   st.sampled_from(["", "", "\n"]))


@settings(max_examples=500)
@given(label=CHORDS)
def test_chords_pass_as_the_schema_of_jams_has_it(label):
    pattern = jams.schema.namespace("chord")["properties"]["value"]["pattern"]
    allowed = re.fullmatch(pattern, label) is not None and not label.endswith(("/", "\n"))
    assert (CHORD.fullmatch(label) is not None) == allowed


def test_keys_pass_as_the_schema_of_jams_has_it():
    pattern = jams.schema.namespace("key_mode")["properties"]["value"]["pattern"]
    for label in ("N", "C", "Eb:major", "F#:locrian", "A:aeolian"):
        assert re.search(pattern, label) and KEY.fullmatch(label)
    for label in ("H", "C:dur", "C:", "Cbb:major", ":major"):
        assert not re.search(pattern, label) and not KEY.fullmatch(label)


@pytest.mark.parametrize(("timeline", "words"), [
    (Timeline(1.0, chords=Chords(np.zeros(1), np.ones(1), np.array(["Cmaj"]), np.ones(1))), "'Cmaj' at 0.000 s"),
    (Timeline(1.0, keys=Keys(np.zeros(1), np.ones(1), np.array(["C-Dur"]), np.ones(1))), "'C-Dur' at 0.000 s"),
    (Timeline(1.0, key=Key(np.array(["C-Dur"]), np.ones(1))), "key of the whole: 'C-Dur'"),
    (Timeline(1.0, chords=Chords(np.zeros(1), np.ones(1), np.array(["C"]), np.ones(1), np.array([["Cm"]]),
                                 np.ones((1, 1)))), "alternatives of chords: 'Cm'"),
    (Timeline(1.0, beats=Beats.of(np.array([-0.5]), np.array([1]))), "-0.500 s"),
    (Timeline(1.0, melody=Melody(np.zeros(1), np.array([np.nan]), np.ones(1))), "NaN"),
    (Timeline(1.0, tempo=Tempo(np.full(1, np.inf), np.ones(1), np.zeros(0), np.zeros(0))), "NaN"),
    (Timeline(float("nan")), "nan"),
])
def test_what_jams_cannot_hold_is_refused_and_nothing_written(tmp_path, timeline, words):
    with pytest.raises(LabelError, match=words):
        write_jams(timeline, tmp_path / "bad.jams")
    assert list(tmp_path.iterdir()) == []


def foreign(path, *annotations, duration=20.0, gzipped=False):
    """A file made by the jams package: (namespace, [(time, duration, value, confidence)])."""
    made = jams.JAMS()
    made.file_metadata.duration = duration
    for namespace, rows in annotations:
        annotation = jams.Annotation(namespace, duration=duration)
        for time, length, value, confidence in rows:
            annotation.append(time=time, duration=length, value=value, confidence=confidence)
        made.annotations.append(annotation)
    made.save(str(path), fmt="jamz" if gzipped else "jams")


def test_files_of_others(tmp_path):
    path = tmp_path / "foreign.jamz"
    place = {"num_beats": 3, "beat_units": 4}
    foreign(
        path,
        ("beat_position", [(1.0, 0.0, place | {"position": 3, "measure": 1}, None),
                           (2.0, 0.0, {"position": 1, "measure": 2, "num_beats": 4, "beat_units": 4}, 7)]),
        ("chord_harte", [(0.0, 2.0, "A:min", 0.5), (2.0, 0.0, "N", None)]),
        ("note_hz", [(0.5, 0.5, 440.0, None)]),
        ("pitch_contour", [(0.0, 0.0, {"index": 0, "frequency": 220.0, "voiced": True}, None),
                           (0.1, 0.0, {"index": 0, "frequency": 330.0, "voiced": False}, None),
                           (0.1, 0.0, {"index": 1, "frequency": 110.0, "voiced": True}, None)]),
        ("segment_salami_function", [(0.0, 12.0, "verse", None), (12.0, 0.0, "end", None)]),
        ("tag_gtzan", [(0.0, 20.0, "jazz", 0.25)]),
        ("tempo", [(0.0, 20.0, 60.0, 0.2), (0.0, 20.0, 120.0, 0.8)]),
        ("onset", [(0.5, 0.0, None, None)]),
        gzipped=True,
    )
    timeline = read_jams(path)
    assert timeline.duration == 20.0
    assert timeline.beats.times.tolist() == [1.0, 2.0]
    assert timeline.beats.positions.tolist() == [3, 1]
    assert timeline.beats.confidence.tolist() == [1.0, 1.0]
    assert timeline.metre.times.tolist() == [1.0, 2.0]
    assert timeline.metre.numerators.tolist() == [3, 4]
    assert timeline.chords.labels.tolist() == ["A:min"]
    assert timeline.chords.confidence.tolist() == [0.5]
    assert timeline.notes.pitches.tolist() == [69.0]
    assert timeline.melody.frequencies.tolist() == [220.0, -330.0]
    assert timeline.sections.labels.tolist() == ["verse"]
    assert timeline.tags.labels.tolist() == ["jazz"]
    assert timeline.tempo.bpm.tolist() == [120.0, 60.0]
    assert timeline.drums is None and timeline.voice is None and timeline.pedal is None
    assert timeline.onsets.times.tolist() == [0.5]


def test_beats_without_positions_and_without_a_duration(tmp_path):
    path = tmp_path / "sparse.jams"
    row = {"time": 3.5, "duration": 0.25, "value": None, "confidence": None}
    annotation = {"namespace": "beat", "annotation_metadata": {}, "data": [row]}
    path.write_text(json.dumps({"annotations": [annotation], "file_metadata": {"duration": None}}))
    timeline = read_jams(path)
    assert timeline.beats.positions.tolist() == [0]
    assert timeline.duration == 3.75


@pytest.mark.parametrize(("text", "words"), [
    ("no json", "cannot be read as JAMS"),
    ("[]", "not JAMS"),
    ('{"annotations": [{"namespace": "beat", "data": [{"time": 1}]}]}', "annotation beat"),
    ('{"annotations": [3]}', r"annotation \?"),
    ('{"annotations": [{"namespace": "tempo", "data": [{"time":0,"duration":1,"value":"fast"}]}]}', "a value"),
])
def test_damaged_files_are_named(tmp_path, text, words):
    path = tmp_path / "bad.jams"
    path.write_text(text)
    with pytest.raises(FormatError, match=words) as caught:
        read_jams(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_contradictions_and_missing_files_are_named(tmp_path):
    path = tmp_path / "bad.jams"
    foreign(path, ("chord", [(0.0, 2.0, "A:min", 1.0), (1.0, 2.0, "C", 1.0)]))
    with pytest.raises(LabelError, match=r"bad\.jams: chords"):
        read_jams(path)
    with pytest.raises(FormatError, match=r"missing\.jams"):
        read_jams(tmp_path / "missing.jams")
