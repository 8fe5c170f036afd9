"""The command `onpu listen`."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from onpu.apps.cli import app
from onpu.errors import OnpuError


@pytest.fixture
def tone(tmp_path):
    """Half a second of 440 Hz."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * 440 * np.arange(11025) / 22050), 22050)
    return path


def listen(*arguments: object, **given: object):
    return CliRunner().invoke(app, ["listen", *map(str, arguments)], catch_exceptions=True, **given)


def test_events_are_lines_and_json(tone):
    lines = listen(tone, "--fast", "--tasks", "tuner").stdout.splitlines()
    assert lines and all("pitch 69 +0.0 cents, 440.0 Hz" in line for line in lines)
    assert all(0 <= float(line.split()[0]) <= 0.5 for line in lines)
    told = listen(tone, "--fast", "--tasks", "tuner", "--format", "json").stdout
    rows = [json.loads(line) for line in told.splitlines()]
    assert len(rows) == len(lines)
    assert {row["what"] for row in rows} == {"pitch"} and abs(rows[3]["frequency"] - 440) < 0.5


def test_a_recording_in_true_time_and_a_pipe_bring_the_same_events(tone):
    samples, _ = soundfile.read(tone, dtype="int16")
    piped = listen("-", "--rate", 22050, "--tasks", "tuner", input=samples.tobytes())
    assert piped.stdout == listen(tone, "--tasks", "tuner").stdout == listen(tone, "--fast", "--tasks", "tuner").stdout


@pytest.mark.parametrize(("arguments", "said"), [
    (("song.wav", "--format", "xml"), "--format xml"), (("-", "--fast"), "--fast is for recordings"),
    (("song.wav", "--samples", "u8"), "--samples u8"), (("song.wav", "--fast", "--osc", "9000"), "leave out --fast"),
    (("missing.wav",), "missing.wav")])
def test_mistakes_are_told_in_a_line(arguments, said):
    found = listen(*arguments)
    assert isinstance(found.exception, OnpuError | OSError) and said in str(found.exception)
