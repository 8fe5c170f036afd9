"""`onpu sonify` with labels that are given: nothing is listened for."""

import numpy as np
import pytest
import soundfile

from onpu.apps import cli
from onpu.errors import OnpuError


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        cli.app([str(argument) for argument in arguments])
    return ended.value.code


def test_given_beats_are_heard_over_the_recording(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("onpu.analysis.listeners", lambda *_: pytest.fail("a network was asked for"))
    soundfile.write("song.wav", np.zeros((32_000, 2)), 16_000)
    (tmp_path / "song.beats").write_text("0.5\t1\n1.0\t2\n1.5\t3\n")
    assert run("sonify", "song.wav", "--given", "song.beats", "-o", "out") == 0
    sound, rate = soundfile.read("out/song-sonified.wav")
    assert (rate, sound.shape) == (16_000, (32_000, 2))
    loud = np.abs(sound[:, 0]).reshape(-1, 1600).max(axis=1) > 0.05
    assert np.flatnonzero(loud).tolist() == [5, 10, 15]


def test_what_cannot_be_heard_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    soundfile.write("song.wav", np.zeros(16_000), 16_000)
    with pytest.raises(OnpuError, match="tags cannot be heard; choose from beats, chords, melody, notes"):
        cli.app(["sonify", "song.wav", "--of", "tags"])
    assert not (tmp_path / "song-sonified.wav").exists()
