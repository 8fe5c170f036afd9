import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import CHORD_LABELS

from onpu.errors import FormatError, LabelError
from onpu.formats.lab import read_lab, write_lab
from onpu.music import Chords, Keys, Timeline, Voice

CHORDS = Chords(np.array([0.0, 1.5]), np.array([1.5, 2.1234567]), np.array(["N", "G:7(b9,#11)/b7"]), np.ones(2))
KEYS = Keys(np.array([0.0]), np.array([2.5]), np.array(["Eb:dorian"]), np.ones(1))


def test_chords_and_keys_are_files_of_their_own(tmp_path):
    written = write_lab(Timeline(2.5, chords=CHORDS, keys=KEYS), tmp_path / "song.chords.lab")
    assert [path.name for path in written] == ["song.chords.lab", "song.keys.lab"]
    assert written[0].read_text() == "0.000000\t1.500000\tN\n1.500000\t2.123457\tG:7(b9,#11)/b7\n"
    assert written[1].read_text() == "0.000000\t2.500000\tEb:dorian\n"
    assert [p.name for p in write_lab(Timeline(2.5, keys=KEYS), tmp_path / "other.lab")] == ["other.keys.lab"]
    assert write_lab(Timeline(2.5), tmp_path / "none.chords.lab") == []


def test_singing_covers_the_recording_and_comes_back(tmp_path):
    voice = Voice(np.array([0.5, 1.0, 3.0]), np.array([1.0, 2.0, 4.0]), np.array(["la", "", ""]), np.ones(3))
    [path] = write_lab(Timeline(5.0, voice=voice), tmp_path / "song.chords.lab")
    assert path.name == "song.voice.lab"
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    assert [(float(start), float(end), text) for start, end, text in rows] == [
        (0, 0.5, "nosing"), (0.5, 1, "la"), (1, 2, "sing"), (2, 3, "nosing"), (3, 4, "sing"), (4, 5, "nosing")]
    got = read_lab(path, "voice")
    assert got.labels.tolist() == ["la", "", ""] and got.starts.tolist() == voice.starts.tolist()


@settings(max_examples=50)
@given(edges=st.lists(st.integers(0, 4 * 10**10), unique=True, min_size=2, max_size=9), data=st.data())
def test_chords_come_back_to_the_microsecond_as_mir_eval_has_them(tmp_path_factory, edges, data):
    times = np.array(sorted(edges)) / 1e6
    labels = np.array(data.draw(st.lists(st.sampled_from(CHORD_LABELS), min_size=len(times) - 1,
                                         max_size=len(times) - 1)))
    path = tmp_path_factory.getbasetemp() / "round.chords.lab"
    write_lab(Timeline(1.0, chords=Chords(times[:-1], times[1:], labels, np.ones(len(labels)))), path)
    got = read_lab(path)
    intervals, texts = mir_eval.io.load_labeled_intervals(str(path))
    assert got.labels.tolist() == texts == labels.tolist()
    np.testing.assert_allclose(np.stack([got.starts, got.ends], axis=1), intervals, rtol=0, atol=0)
    np.testing.assert_allclose(got.starts, times[:-1], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("name", "text", "labels"), [
    ("chords", "0.0 1.5 C:maj\n1.5   2 N\n", ["C:maj", "N"]),
    ("chords", "\ufeff# start end label\r\n0\t1\tA:min \r\n\r\n1\t1\tN\r\n", ["A:min"]),
    ("keys", "0.0\t0.9\tSilence\n0.9\t9.0\tKey\tEb:minor\n9\t10 D:mixolydian\n", ["N", "Eb:minor", "D:mixolydian"]),
    ("voice", "# start\n0.0\t1.5\t0\n1.5\t2\t1\n2 3 nosing\n3 4 sing\n4 5 la\n", ["", "", "la"]),
    ("chords", "", []),
])
def test_files_of_others(tmp_path, name, text, labels):
    path = tmp_path / "other.lab"
    path.write_bytes(text.encode())
    assert read_lab(path, name).labels.tolist() == labels


@pytest.mark.parametrize(("text", "error", "words"), [
    ("0 1 C\nthe rest\n", FormatError, r"line 2: 'the rest'"),
    ("0 1\n", FormatError, "line 1"),
    ("0 2 C\n1 3 D\n", LabelError, r"bad\.lab: chords"),
])
def test_damaged_files_are_named(tmp_path, text, error, words):
    path = tmp_path / "bad.lab"
    path.write_text(text)
    with pytest.raises(error, match=words):
        read_lab(path)
    with pytest.raises(FormatError, match=r"missing\.lab"):
        read_lab(tmp_path / "missing.lab")


@pytest.mark.parametrize("text", [
    "0,0 2,0 C:maj\n1,75 4 G:7\n", "0;2;C:maj\n1,75;4;G:7\n", "0,2.0,C:maj\n1.75,4,G:7\n"])
def test_decimal_commas_and_small_overlaps_are_read_and_the_overlap_is_told(tmp_path, caplog, text):
    """Of the kind that the Isophonics' files have; an overlap of half a segment stays a contradiction."""
    path = tmp_path / "a.lab"
    path.write_bytes(text.encode("utf-16"))
    found = read_lab(path)
    assert found.ends.tolist() == [1.75, 4.0] and found.labels.tolist() == ["C:maj", "G:7"]
    (record,) = caplog.records
    assert "a.lab" in record.getMessage() and "1.75 s" in record.getMessage()
