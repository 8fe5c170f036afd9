"""A timeline is saved under any name that says its format, and what was saved is read back."""

import json

import numpy as np
import pytest
from hypothesis import given
from timelines import assert_same, timelines

import onpu
from onpu.engine.compose import compose
from onpu.errors import AudioError, FormatError, LabelError, OnpuError
from onpu.formats.saving import SUFFIXES
from onpu.music import Beats, Chords, Key, Notes, Timeline


@pytest.fixture(scope="module")
def song() -> Timeline:
    return compose(3, "pop").timeline


def test_every_suffix_is_written_alone_and_says_the_same_as_in_the_folder_of_all(song, tmp_path):
    from onpu.formats import WRITERS, write

    placed = {"html", "rekordbox"}  # which hold the sound, or where it lies
    written = {path.name: path.read_bytes() for path in write(song, tmp_path, "song", set(WRITERS) - placed)}
    (tmp_path / "alone").mkdir()
    for name, content in written.items():
        song.save(tmp_path / "alone" / name)
        assert (tmp_path / "alone" / name).read_bytes() == content, name
    assert {path.name for path in (tmp_path / "alone").iterdir()} == set(written), "one file each, no other beside it"
    assert len(written) > 20
    song.save(tmp_path / "page.html")
    assert "<title>" in (tmp_path / "page.html").read_text()


def test_every_suffix_that_is_listed_is_known(song, tmp_path):
    for suffix in SUFFIXES:
        try:
            song.save(tmp_path / f"song{suffix}")
        except LabelError as error:
            assert "this timeline has no" in str(error), suffix


@pytest.mark.parametrize(("name", "expected"), [
    ("a.lab", "chords"), ("a.chords.lab", "chords"), ("a.KEYS.lab", "keys"), ("a.sections.csv", "sections"),
    ("my.song.csv", "beats"), ("a.audacity.txt", "beats"), ("a.keys.audacity.txt", "keys"), ("a.beats", "beats"),
])
def test_one_value_is_saved_and_read(song, tmp_path, name, expected):
    song.save(tmp_path / name)
    (label,) = onpu.read(tmp_path / name).found()
    assert label == expected
    read, saved = (getattr(timeline, label) for timeline in (onpu.read(tmp_path / name), song))
    column = "times" if expected == "beats" else "starts"
    np.testing.assert_allclose(getattr(read, column), getattr(saved, column), atol=1e-6)
    last = read.times[-1] if expected == "beats" else read.ends[-1]
    assert onpu.read(tmp_path / name).duration == last, "where the file does not tell how long the recording is"


def test_scores_are_saved_and_read(song, tmp_path):
    song.save(tmp_path / "sheet.musicxml")
    song.save(tmp_path / "sheet.score.musicxml")
    assert len(onpu.read(tmp_path / "sheet.score.musicxml").notes.onsets) > 10
    assert "<harmony" in (tmp_path / "sheet.musicxml").read_text()
    melody = Timeline(song.duration, beats=song.beats, metre=song.metre, notes=song.notes)
    melody.save(tmp_path / "melody.musicxml")
    np.testing.assert_array_equal(onpu.read(tmp_path / "melody.musicxml").notes.pitches,
                                  onpu.read(tmp_path / "sheet.score.musicxml").notes.pitches)
    song.save(tmp_path / "song.MIDI")
    assert len(onpu.read(tmp_path / "song.MIDI").notes.onsets) == len(song.notes.onsets)


@pytest.mark.parametrize(("name", "message"), [
    ("song.wav", r"song\.wav: no format has this suffix; use one of \.jams"), ("song", "no format"),
    ("song.beats", "has no beats"), ("song.keys.lab", "has no keys"), ("song.csv", "has no beats"),
    ("song.melody.csv", "has no melody"), ("song.musicxml", "has no beats and chords, or"),
    ("song.score.musicxml", "has no beats and notes"), ("song.f0.csv", "has no melody"),
    ("gone/song.jams", "does not exist"),
])
def test_what_cannot_be_saved_is_told_and_leaves_nothing(tmp_path, name, message):
    chords = Timeline(2.0, chords=Chords(np.zeros(1), np.ones(1), np.array(["C"]), np.ones(1)))
    with pytest.raises(OnpuError, match=message):
        chords.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_recording_goes_into_the_page_and_into_collections_alone(song, tmp_path):
    with pytest.raises(FormatError, match=r"recording with \.html or \.rekordbox\.xml only"):
        song.save(tmp_path / "song.jams", "song.wav")
    with pytest.raises(AudioError, match="no such file"):
        song.save(tmp_path / "song.html", "song.wav")


@given(timelines())
def test_dicts_hold_everything_and_are_json(timeline):
    content = json.loads(json.dumps(timeline.to_dict(), allow_nan=False))
    assert content.keys() == {"duration", *timeline.found()}
    again = Timeline.from_dict(content)
    assert_same(timeline, again)
    kinds = {name: column.dtype.kind for name, column in timeline.arrays().items() if column.size}
    assert {name: column.dtype.kind for name, column in again.arrays().items() if column.size} == kinds


@given(timelines())
def test_json_is_read_as_it_was_saved(tmp_path_factory, timeline):
    path = tmp_path_factory.mktemp("json") / "a.json"
    timeline.save(path)
    assert_same(timeline, onpu.read(path))
    assert path.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize(("content", "message"), [
    ("[]", "has no duration"), ("{}", "has no duration"), ('{"duration": -1}', "cannot be -1"),
    ('{"duration": "x"}', "cannot be 'x'"), ('{"duration": 1, "beat": {}}', "beat is none of beats, metre"),
    ('{"duration": 1, "beats": []}', "not columns of Beats"),
    ('{"duration": 1, "beats": {"times": [1]}}', "not columns of Beats"),
    ('{"duration": 1, "beats": {"times": [2, 1], "positions": [1, 2], "confidence": [1, 1]}}', "does not come after"),
    ('{"duration": 1, "beats": {"times": [1], "positions": [1.5], "confidence": [1]}}', "whole numbers"),
    ('{"duration": 1, "beats": {"times": ["x"], "positions": [1], "confidence": [1]}}', "not columns of Beats"),
    ("{", "cannot be read as JSON"), ("\0", "cannot be read as JSON"),
])
def test_json_that_is_no_timeline_is_refused(tmp_path, content, message):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(OnpuError, match=rf"a\.json: .*{message}") as error:
        onpu.read(tmp_path / "a.json")
    assert "\n" not in str(error.value)


def test_unknown_files_are_not_read(tmp_path):
    with pytest.raises(FormatError, match=r"song\.wav: no labels are read.*\.jams.*\.lab"):
        onpu.read(tmp_path / "song.wav")
    with pytest.raises(FormatError, match=r"song\.json: cannot be read"):
        onpu.read(tmp_path / "song.json")
    (tmp_path / "song.key").write_text("Eb minor\n")
    key = onpu.read(tmp_path / "song.key")
    assert key.duration == 0 and isinstance(key.key, Key) and key.key.labels.tolist() == ["Eb:minor"]


def test_a_timeline_made_by_hand_is_saved(tmp_path):
    beats = Beats.of(np.array([0.5, 1.0]), np.array([1, 2]))
    notes = Notes(*(np.array([value]) for value in (0.5, 1.0, 60.0, 80, 0, 1.0)))
    Timeline(2.0, beats=beats, notes=notes).save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text()) == {
        "duration": 2.0, "beats": {"times": [0.5, 1.0], "positions": [1, 2], "confidence": [1.0, 1.0]},
        "notes": {"onsets": [0.5], "offsets": [1.0], "pitches": [60.0], "velocities": [80], "programs": [0],
                  "confidence": [1.0]}}
