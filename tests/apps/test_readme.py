"""What the README shows works as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
import soundfile

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (onpu .*?)(?:  +#.*)?$", README, re.MULTILINE)


def test_python(clicks, tmp_path, monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    samples, rate = soundfile.read(clicks)
    soundfile.write(tmp_path / "song.mp3", samples, rate)
    monkeypatch.chdir(tmp_path)
    known = {"samples": samples}
    exec(compile(code, "README.md", "exec"), known)
    assert known["timeline"].duration == pytest.approx(8.0, abs=0.1)
    assert known["chords"].ends[-1] == pytest.approx(len(samples) / 44_100, abs=0.1)
    assert known["chroma"].shape[0] == 12


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_is_known(onpu, command):
    words = shlex.split(command)[1:]
    help_text = onpu(*words[: 2 if words[0] in ("make", "train") else 1], "--help").out
    flags = [word for word in words if word.startswith("-")]
    assert all(re.search(rf"{flag}\b", help_text) for flag in flags), command


def test_commands_were_found():
    assert len(COMMANDS) >= 8
