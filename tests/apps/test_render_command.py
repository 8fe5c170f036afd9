"""`onpu render`: every file from labels, corrected or as they are, without listening."""

import base64
import gzip
import json
import re
import sys
from dataclasses import replace
from unittest import mock
from xml.etree import ElementTree

import mido
import numpy as np
import pytest

import onpu
from onpu.apps import cli
from onpu.music import Beats, Chords, Keys, Melody, Metre, Notes, Timeline


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With `song.jams`: eight bars, a chord and a note a bar."""
    monkeypatch.chdir(tmp_path)
    times, downs = np.arange(32) * 0.5, np.arange(8) * 2.0
    sure = np.ones(8)
    chords = Chords(downs, downs + 2, np.array(["Ab:maj", "F:min", "Db:maj", "Eb:7"] * 2), sure)
    notes = Notes(downs + 0.02, downs + 1.0, 60.0 + np.arange(8), np.full(8, 80), np.zeros(8, int), sure)
    Timeline(16.0, Beats.of(times, np.arange(32) % 4 + 1), Metre(np.zeros(1), np.full(1, 4), np.full(1, 4), np.ones(1)),
             keys=Keys(np.zeros(1), np.full(1, 16.0), np.array(["Ab:major"]), np.ones(1)), chords=chords,
             notes=notes).save("song.jams")
    return tmp_path


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        cli.app([str(argument) for argument in arguments])
    return ended.value.code


def refused(capsys, *arguments):
    with mock.patch.object(sys, "argv", ["onpu", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_every_file_comes_of_labels_alone(folder, monkeypatch):
    monkeypatch.setattr("onpu.listen.load", lambda *_: pytest.fail("a network was loaded"))
    assert run("render", "song.jams", "-o", "out", "-f", "midi,musicxml,beats,lab,html,jams") == 0
    written = {path.name for path in (folder / "out").iterdir()}
    assert {"song.mid", "song.musicxml", "song.score.musicxml", "song.beats", "song.chords.lab", "song.html",
            "song.jams"} <= written
    before, after = onpu.read("song.jams"), onpu.read("out/song.jams")
    for name in ("beats", "chords", "notes", "keys"):
        for column, values in vars(getattr(before, name)).items():
            np.testing.assert_array_equal(values, getattr(getattr(after, name), column))


def test_wrong_bar_lines_are_mended_and_printed_again(folder):
    assert run("render", "song.jams", "-o", "out", "-f", "beats,midi", "--shift-bars", "1") == 0
    assert onpu.read("out/song.beats").beats.downbeats[0] == 0.5
    (folder / "song.beats").write_text("".join(f"{time:.3f}\t{count % 3 + 1}\n" for count, time in
                                               enumerate(np.arange(32) * 0.5)))
    assert run("render", "song.jams", "--given", "song.beats", "-o", "waltz", "-f", "midi,jams") == 0
    signatures = [(m.numerator, m.denominator) for m in mido.MidiFile("waltz/song.mid") if m.type == "time_signature"]
    assert signatures == [(3, 4)]
    assert onpu.read("waltz/song.jams").chords.labels[0] == "Ab:maj"
    assert run("render", "song.jams", "-o", "key", "-f", "jams", "--key", "G#m", "--metre", "12/8") == 0
    again = onpu.read("key/song.jams")
    assert again.key.labels.tolist() == ["G#:minor"] and again.chords.labels[0] == "G#:maj"
    assert again.metre.numerators.tolist() == [12]


def test_labels_of_a_folder_are_taken_by_name(folder):
    (folder / "corrected").mkdir()
    (folder / "corrected" / "song.chords.lab").write_text("0 16 C:maj\n")
    assert run("render", "song.jams", "--given", "corrected", "-o", "out", "-f", "lab") == 0
    assert onpu.read("out/song.chords.lab").chords.labels.tolist() == ["C:maj"]


def test_words_stand_on_the_lead_sheet(folder):
    """A melody of a note a beat, and a word for each of the first two bars."""
    timeline = onpu.read("song.jams")
    times = np.arange(1600) / 100
    hertz = 440 * 2.0 ** ((np.array([60, 63, 65, 68])[(times // 0.5).astype(int) % 4] - 69) / 12)
    replace(timeline, melody=Melody(times, np.where(times % 0.5 < 0.45, hertz, 0.0), np.ones(1600))).save("sung.jams")
    (folder / "words").mkdir()
    lines = "[00:00.00]one", "[00:02.00]two three four five", "[00:04.00]", "[00:14.00]six"
    (folder / "words" / "sung.lrc").write_text("\n".join(lines))
    assert run("render", "sung.jams", "--lyrics", "words", "-o", "out", "-f", "musicxml") == 0
    said = [text.text for text in ElementTree.parse("out/sung.musicxml").iter("text")]
    assert said == ["one", "two", "three", "four", "five", "six"]
    assert run("render", "sung.jams", "--lyrics", "words/sung.lrc", "-o", "out", "-f", "lab") == 0
    assert onpu.read("out/sung.voice.lab").voice.labels.tolist() == ["one", "two three four five", "six"]


def test_midi_is_laid_out_as_asked(folder):
    assert run("render", "song.jams", "-o", "out", "-f", "midi", "--quantised") == 0
    np.testing.assert_allclose(onpu.read("out/song.mid").notes.onsets, np.arange(8) * 2.0, atol=1e-3)
    assert "chords" in [track.name for track in mido.MidiFile("out/song.mid").tracks]


def test_sheets_are_written_as_asked_and_engraved(folder):
    pytest.importorskip("verovio")
    assert run("render", "song.jams", "-o", "out", "-f", "svg,musicxml", "--transpose", "Bb", "--tab") == 0
    assert {path.name for path in (folder / "out").iterdir()} == {
        "song.svg", "song.score.svg", "song.musicxml", "song.score.musicxml"}
    assert 'class="measure"' in (folder / "out" / "song.score.svg").read_text()
    assert run("render", "song.jams", "-o", "page", "-f", "html") == 0
    page = (folder / "page" / "song.html").read_text()
    sheets = json.loads(re.search(r'id="contents">(.*?)</script>', page, re.DOTALL)[1])["sheets"]
    assert [sheet["name"] for sheet in sheets] == ["Lead sheet as printed", "Score"]
    assert gzip.decompress(base64.b64decode(sheets[1]["picture"])).startswith(b"<svg")


@pytest.mark.parametrize(("arguments", "words"), [
    (("song.jams", "-f", "jams"), "would be written over by itself"),
    (("song.jams", "--metre", "three", "-o", "out"), "no time signature"),
    (("song.jams", "--hold", "beats", "-o", "out"), "give labels too"),
    (("song.jams", "--given", "song.jams", "--hold", "drums", "-o", "out"), "drums are to hold"),
    (("song.jams", "song.mid", "-o", "out"), "two files of this name"),
    (("missing.jams", "-o", "out"), "missing.jams"),
    (("song.jams", "--lyrics", "words.lrc", "-o", "out"), "words.lrc: cannot be read"),
    (("song.jams", "-o", "out", "--grid", "1/7"), "--grid 1/7: choose from auto, 1/4, 1/8, 1/16, 1/32"),
    (("song.jams", "-o", "out", "--quantise", "loosely"), "choose from auto, straight"),
    (("song.jams", "-o", "out", "--transpose", "H"), "choose from C, Bb, Eb, F"),
])
def test_mistakes_are_named(folder, capsys, arguments, words):
    assert words in refused(capsys, "render", *arguments)
