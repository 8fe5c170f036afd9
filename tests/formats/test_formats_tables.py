from dataclasses import fields, replace

import mir_eval
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.errors import FormatError, LabelError, OnpuError
from onpu.formats import WRITERS, write
from onpu.formats.audacity import read_audacity, write_audacity
from onpu.formats.beats import read_beats, write_beats
from onpu.formats.events import write_events
from onpu.formats.midi import read_midi
from onpu.formats.sonic_visualiser import read_sonic_visualiser, write_sonic_visualiser
from onpu.music import (
    Beats,
    Chords,
    Drums,
    Melody,
    Metre,
    MultiF0,
    Notes,
    Onsets,
    Pedal,
    Sections,
    Tempo,
    Timeline,
)
from onpu.music.timeline import VALUES

BEATS = Beats.of(np.array([0.1234567, 0.6, 1.25]), np.array([4, 1, 0]))
CHORDS = Chords(np.array([0.0, 1.5]), np.array([1.5, 2.0]), np.array(["C:maj", "G:7(b9,#11)"]), np.ones(2))
SECTIONS = Sections(np.arange(3.0), np.arange(3.0) + 1, np.array(['the "A", 1', "サビ", 'the "A", 1']), np.ones(3))
TIMELINE = Timeline(
    3.0, beats=BEATS, chords=CHORDS, sections=SECTIONS,
    metre=Metre(np.zeros(1), np.array([6]), np.array([8]), np.ones(1)),
    tempo=Tempo(np.array([120.0]), np.ones(1), np.array([0.0]), np.array([119.5])),
    melody=Melody(np.array([0.0, 0.01]), np.array([0.0, 440.0]), np.ones(2)),
    notes=Notes(np.array([0.5]), np.array([0.75]), np.array([60.0]), np.array([127]), np.array([0]), np.ones(1)),
    drums=Drums(np.array([0.5]), np.array([36]), np.array([99]), np.ones(1)),
)


@given(microseconds=st.lists(st.integers(0, 4 * 10**10), unique=True), data=st.data())
def test_beats_come_back_to_the_microsecond(tmp_path_factory, microseconds, data):
    times = np.array(sorted(microseconds)) / 1e6
    positions = np.array(data.draw(st.lists(st.integers(0, 12), min_size=len(times), max_size=len(times))), np.int64)
    path = tmp_path_factory.getbasetemp() / "round.beats"
    write_beats(Timeline(1.0, beats=Beats.of(times, positions)), path)
    got = read_beats(path)
    np.testing.assert_allclose(got.times, times, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(got.positions, positions)
    assert (got.confidence == 1).all()


def test_beats_are_written_as_the_field_has_them(tmp_path):
    assert write_beats(TIMELINE, tmp_path / "song.beats") == [tmp_path / "song.beats"]
    assert (tmp_path / "song.beats").read_text() == "0.123457\t4\n0.600000\t1\n1.250000\t0\n"


@pytest.mark.parametrize(("text", "times", "positions"), [
    ("0.5\n1\n1.5\n", [0.5, 1.0, 1.5], [0, 0, 0]),
    ("# time [s]\tposition\n\n0.5 1.0\n1.0 2.0\n", [0.5, 1.0], [1, 2]),
    ("\ufeff0.5,3,x\r\n1.0,1,y\r\n", [0.5, 1.0], [3, 1]),
    ("5e-1\t4", [0.5], [4]),
    ("", [], []),
])
def test_beats_of_others(tmp_path, text, times, positions):
    path = tmp_path / "other.beats"
    path.write_bytes(text.encode())
    got = read_beats(path)
    assert (got.times.tolist(), got.positions.tolist()) == (times, positions)


@pytest.mark.parametrize(("text", "error", "words"), [
    ("0.5\t1\nhalf\t2\n", FormatError, "line 2"),
    ("0.5\tone\n", FormatError, "line 1"),
    ("0.5\tinf\n", FormatError, "line 1"),
    ("1.0\n0.5\n", LabelError, "0.500 s"),
    ("nan\n", LabelError, "NaN"),
])
def test_bad_beats_are_named(tmp_path, text, error, words):
    path = tmp_path / "bad.beats"
    path.write_text(text)
    with pytest.raises(error, match=words) as caught:
        read_beats(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("text", "times", "positions"), [
    ("0.5\t1\n1.25\t2\n", [0.5, 1.25], [1, 2]), ("0,5\t1\n1,25\t2\n", [0.5, 1.25], [1, 2]),
    ("0,5;1\r\n1;2\r\n", [0.5, 1.0], [1, 2]), ("0,52\n1,04\n1,56\n", [0.52, 1.04, 1.56], [0, 0, 0]),
    ("1,1\n2,2\n3,3\n", [1, 2, 3], [1, 2, 3]), ("0.5,1\n1.5, 2\n", [0.5, 1.5], [1, 2]),
])
def test_beats_are_read_however_a_program_writes_numbers(tmp_path, encoding, text, times, positions):
    (tmp_path / "a.beats").write_bytes(text.encode(encoding))
    found = read_beats(tmp_path / "a.beats")
    assert found.times.tolist() == times and found.positions.tolist() == positions


def test_tables_with_decimal_commas_are_read(tmp_path):
    (tmp_path / "a.txt").write_bytes("0,5\t1,5\tC\r\n".encode("utf-16"))
    assert read_audacity(tmp_path / "a.txt", "chords").ends.tolist() == [1.5]
    (tmp_path / "a.csv").write_text("time;value;duration;label\n0,5;1;1,25;C\n")
    assert read_sonic_visualiser(tmp_path / "a.csv", "chords").ends.tolist() == [1.75]


@pytest.mark.parametrize("read", [read_beats, read_audacity, read_sonic_visualiser])
def test_missing_and_binary_files_are_named(tmp_path, read):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01" * 9)
    for name in ("missing", "binary"):
        with pytest.raises(FormatError, match=name):
            read(tmp_path / name)


def test_audacity_label_tracks(tmp_path):
    written = write_audacity(TIMELINE, tmp_path / "song.audacity.txt")
    assert [path.name for path in written] == [
        "song.audacity.txt", "song.metre.audacity.txt", "song.drums.audacity.txt", "song.chords.audacity.txt",
        "song.sections.audacity.txt", "song.notes.audacity.txt"]
    assert written[5].read_text() == "0.500000\t0.750000\tC4\n"
    assert written[0].read_text().splitlines()[:2] == ["0.123457\t0.123457\t4", "0.600000\t0.600000\t1"]
    assert written[1].read_text() == "0.000000\t0.000000\t6/8\n"
    assert written[3].read_text() == "0.000000\t1.500000\tC:maj\n1.500000\t2.000000\tG:7(b9,#11)\n"


def test_sonic_visualiser_layers(tmp_path):
    written = write_sonic_visualiser(TIMELINE, tmp_path / "song.csv")
    texts = {path.name: path.read_text() for path in written}
    assert texts["song.csv"] == "0.123457,4\n0.600000,1\n1.250000,\n"
    assert texts["song.chords.csv"] == '0.000000,0,1.500000,C:maj\n1.500000,1,0.500000,"G:7(b9,#11)"\n'
    assert texts["song.sections.csv"].splitlines()[2] == '2.000000,0,1.000000,"the ""A"", 1"'
    assert texts["song.tempo.csv"] == "0.000000,119.5\n"
    assert texts["song.melody.csv"] == "0.010000,440.0\n"
    assert texts["song.notes.csv"] == "0.500000,60.0,0.250000,1.0,\n"
    assert texts["song.drums.csv"] == "0.500000,36\n"


def test_tables_that_transcription_programs_exchange(tmp_path):
    pitches = MultiF0(np.array([0.0, 0.0, 0.5]), np.array([220.0, 330.5, 440.0]), np.ones(3))
    written = write_events(replace(TIMELINE, multif0=pitches), tmp_path / "a.song.note_events.csv")
    texts = {path.name: path.read_text() for path in written}
    assert texts == {
        "a.song.note_events.csv": "start_time_s,end_time_s,pitch_midi,velocity,program,confidence\n"
                                  "0.500000,0.750000,60,127,0,1.000\n",
        "a.song.f0.csv": "time,frequency,confidence\n0.000000,0.000,1.000\n0.010000,440.000,1.000\n",
        "a.song.multif0.txt": "0.000000\t220.000\t330.500\n0.500000\t440.000\n",
        "a.song.drums.txt": "0.500000\t36\n"}
    times, values = mir_eval.io.load_ragged_time_series(str(tmp_path / "a.song.multif0.txt"))
    assert times.tolist() == [0.0, 0.5] and [row.tolist() for row in values] == [[220.0, 330.5], [440.0]]


def test_onsets_and_pedal_are_layers(tmp_path):
    timeline = Timeline(3.0, onsets=Onsets(np.array([0.5, 1.0]), np.ones(2)),
                        pedal=Pedal(np.array([0.5]), np.array([1.5]), np.ones(1)))
    tracks, layers = write_audacity(timeline, tmp_path / "a.txt"), write_sonic_visualiser(timeline, tmp_path / "a.csv")
    assert [path.read_text() for path in tracks] == ["0.500000\t0.500000\t\n1.000000\t1.000000\t\n",
                                                     "0.500000\t1.500000\t\n"]
    assert [path.read_text() for path in layers] == ["0.500000,\n1.000000,\n", "0.500000,0,1.000000,\n"]


@pytest.mark.parametrize(("write_tracks", "read", "suffix"), [
    (write_audacity, read_audacity, ".audacity.txt"), (write_sonic_visualiser, read_sonic_visualiser, ".csv"),
    (write_audacity, read_audacity, ".txt")])
def test_labels_come_back(tmp_path, write_tracks, read, suffix):
    write_tracks(TIMELINE, tmp_path / f"song{suffix}")
    beats = read(tmp_path / f"song{suffix}")
    np.testing.assert_allclose(beats.times, BEATS.times, atol=1e-6)
    np.testing.assert_array_equal(beats.positions, BEATS.positions)
    for name, expected in (("chords", CHORDS), ("sections", SECTIONS)):
        got = read(tmp_path / f"song.{name}{suffix}", name)
        assert type(got) is type(expected)
        np.testing.assert_allclose(got.starts, expected.starts)
        np.testing.assert_allclose(got.ends, expected.ends)
        np.testing.assert_array_equal(got.labels, expected.labels)


def test_labels_of_others(tmp_path):
    (tmp_path / "labels.txt").write_text("1.0\t1.0\n\\\t100.0\t2000.0\n0.5\t0.5\tsnare\n")
    assert read_audacity(tmp_path / "labels.txt").times.tolist() == [0.5, 1.0]
    (tmp_path / "layer.csv").write_text("TIME,LABEL\n0.5,1\n1.0,2\n")
    assert read_sonic_visualiser(tmp_path / "layer.csv").positions.tolist() == [1, 2]
    (tmp_path / "bare.csv").write_text("0.5\n1.0\n")
    assert read_sonic_visualiser(tmp_path / "bare.csv").times.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(("read", "name", "text", "error", "words"), [
    (read_audacity, "beats", "0.5 0.5 1\n", FormatError, "line 1"),
    (read_audacity, "chords", "0\t2\tC\n1\t3\tG\n", LabelError, "1.000 s"),
    (read_audacity, "tags", "0\t2\tC\n", FormatError, "'tags'"),
    (read_sonic_visualiser, "beats", "0.5,1\nx,2\n", FormatError, "line 2"),
    (read_sonic_visualiser, "chords", "0.5,C\n", FormatError, "line 1"),
    (read_sonic_visualiser, "chords", "2,0,-1,C\n", LabelError, "2.000 s"),
])
def test_bad_labels_are_named(tmp_path, read, name, text, error, words):
    path = tmp_path / "bad"
    path.write_text(text)
    with pytest.raises(error, match=words):
        read(path, name)


def test_every_format_by_its_name(tmp_path):
    folder = tmp_path / "新しい folder"
    written = write(TIMELINE, folder, "a.song 1", ["jams", "midi", "beats", "audacity", "csv", "jams"])
    names = {path.name for path in folder.iterdir()}
    assert {path.name for path in written} == names and len(written) == len(names)
    assert {"a.song 1.jams", "a.song 1.mid", "a.song 1.beats", "a.song 1.audacity.txt", "a.song 1.csv"} <= names


NONE = np.zeros(0)
EMPTY = {name: kind(*[NONE] * len(fields(kind))) for name, kind in VALUES.items()}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("timeline", [Timeline(0.0), Timeline(5.0, **EMPTY)])
def test_every_format_takes_a_timeline_of_nothing(tmp_path, name, timeline):
    written = write(timeline, tmp_path, "nothing", [name])
    assert sorted(written) == sorted(tmp_path.iterdir())
    frames = ("jams", "midi", "events", "html", "rekordbox")  # which say that there is nothing
    assert all(path.stat().st_size == 0 for path in written if name not in frames)


def test_found_and_empty_comes_back_from_midi(tmp_path):
    write(Timeline(5.0, **EMPTY), tmp_path, "nothing", ["midi"])
    got = read_midi(tmp_path / "nothing.mid")
    assert len(got.notes.onsets) == len(got.drums.times) == 0
    assert got.duration == 5.0


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(FormatError, match="no format is called mp4; choose from jams, midi, beats, lab, musicxml, "):
        write(TIMELINE, tmp_path / "out", "song", ["jams", "mp4"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OnpuError, match="file"):
        write(TIMELINE, tmp_path / "file", "song", ["jams"])
