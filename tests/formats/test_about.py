"""Title and artist go from a recording's tags into every file that holds them."""

import json
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from onpu.formats import write
from onpu.formats.about import About, read_about, spoken
from onpu.music import Beats, Chords, Timeline

TITLE, ARTIST = "Blå & <vår> 歌", "A. Singer"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".aiff"])
def test_tags_of_recordings_are_read(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    with soundfile.SoundFile(path, "w", 16_000, 1) as file:
        file.title, file.artist = TITLE, f"{ARTIST}\n"
        file.write(np.zeros(16_000))
    if soundfile.SoundFile(path).title:  # libsndfile writes tags into most of them
        assert read_about(path) == About(TITLE, ARTIST)
    assert read_about(path).title in (TITLE, "")


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg program")
@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus", ".mka"])
def test_tags_of_other_programs_are_read(tmp_path, suffix):
    soundfile.write(tmp_path / "a.wav", np.zeros(48_000), 48_000)
    path = tmp_path / f"a{suffix}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "a.wav", "-metadata", f"title={TITLE}", "-metadata",
                    f"artist={ARTIST}", path], check=True)
    assert read_about(path) == About(TITLE, ARTIST)


def test_what_has_no_tags_says_nothing(tmp_path):
    (tmp_path / "a.jams").write_text("{")
    (tmp_path / "a.mp3").write_bytes(b"")
    for name in ("a.jams", "a.mp3", "missing.wav", "missing.jams"):
        assert read_about(tmp_path / name) == About()


def test_every_format_that_can_holds_title_and_artist(tmp_path):
    times = np.arange(8) / 2
    timeline = Timeline(4.0, beats=Beats.of(times, np.arange(8) % 4 + 1),
                        chords=Chords(times[::4], times[::4] + 2, np.array(["C:maj", "G:maj"]), np.ones(2)))
    write(timeline, tmp_path, "song", ("jams", "musicxml", "midi", "html"), about=About(TITLE, ARTIST))
    assert read_about(tmp_path / "song.jams") == About(TITLE, ARTIST)
    assert json.loads((tmp_path / "song.jams").read_text())["file_metadata"]["artist"] == ARTIST
    sheet = (tmp_path / "song.musicxml").read_text()
    assert "<work-title>Blå &amp; &lt;vår&gt; 歌</work-title>" in sheet and ARTIST in sheet
    assert b"\xff\x03" + bytes([len(TITLE.encode())]) + TITLE.encode() in (tmp_path / "song.mid").read_bytes()
    assert "<title>Blå &amp; &lt;vår&gt; 歌 – A. Singer</title>" in (tmp_path / "song.html").read_text()


def test_a_file_without_a_title_is_called_by_its_name_in_words():
    names = {"My_Song_02": "My Song 02", "a-b": "a-b", "___": "___", "Take Five": "Take Five"}
    assert {name: spoken(name) for name in names} == names
