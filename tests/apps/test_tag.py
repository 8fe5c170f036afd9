"""`onpu tag`: copies with tempo, key and loudness in their tags."""

import shutil

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from onpu.apps.cli import app
from onpu.errors import OnpuError
from onpu.music import Key, Tempo, Timeline

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the ffmpeg program")


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "song.flac"
    with soundfile.SoundFile(path, "w", 22_050, 1) as file:
        file.title = "A title"
        file.write(0.1 * rng.standard_normal(2 * 22_050))
    Timeline(2.0, key=Key(np.array(["A:minor"]), np.array([1.0])),
             tempo=Tempo(np.array([127.6]), np.array([1.0]), np.zeros(1), np.array([127.6]))
             ).save(tmp_path / "song.jams")
    return path


def tags_of(path):
    import json
    import subprocess

    answer = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format_tags", "-of", "json", str(path)],
                            capture_output=True, check=True)
    return {name.upper(): value for name, value in json.loads(answer.stdout)["format"]["tags"].items()}


def test_a_copy_tells_tempo_key_and_gain_and_sounds_the_same(song, tmp_path):
    before = song.read_bytes()
    command = ["tag", str(song), "-o", str(tmp_path / "copies"), "--given", str(tmp_path / "song.jams")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    copy = tmp_path / "copies" / "song.flac"
    tags = tags_of(copy)
    assert (tags["BPM"], tags["INITIALKEY"], tags["TITLE"]) == ("128", "Am", "A title")
    assert tags["REPLAYGAIN_TRACK_GAIN"].endswith(" dB") and "LUFS" in result.output
    assert np.array_equal(soundfile.read(copy)[0], soundfile.read(song)[0]) and song.read_bytes() == before
    again = CliRunner().invoke(app, command)
    assert isinstance(again.exception, OnpuError) and "--force" in str(again.exception)
    assert CliRunner().invoke(app, [*command, "--force", "--camelot"]).exit_code == 0
    assert tags_of(copy)["INITIALKEY"] == "8A"


def test_formats_without_such_tags_are_refused(tmp_path):
    path = tmp_path / "song.wav"
    soundfile.write(path, np.zeros(22_050) + 0.01, 22_050)
    Timeline(1.0).save(tmp_path / "song.jams")
    command = ["tag", str(path), "-o", str(tmp_path / "out"), "--given", str(tmp_path / "song.jams")]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, OnpuError) and "mp3, flac, ogg and opus" in str(result.exception)
