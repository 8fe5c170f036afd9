"""What the tests of the commands share: a way to call them, untrained weights, a recording."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from onpu.analysis import selecting
from onpu.apps import cli
from onpu.listen.beats import LISTENER, BeatRecipe
from onpu.trained import TrainedListener
from onpu.weights import write_weights


@dataclass
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def onpu(capfd, monkeypatch):
    """Call the command line in this process."""

    def call(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["onpu", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capfd.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture(autouse=True)
def small_soundfonts(monkeypatch):
    """Only soundfonts that load at once, so that a song takes a second."""
    from onpu.engine.render import soundfont

    small = [str(path) for path in soundfont.soundfonts() if path.stat().st_size < 10e6]
    monkeypatch.setattr(soundfont, "FOLDERS", ())
    monkeypatch.setenv("ONPU_SOUNDFONTS", os.pathsep.join(small))


@pytest.fixture(scope="session")
def untrained(tmp_path_factory) -> Path:
    """A small beat network as it begins: enough for everything but the quality of the answer."""
    torch.manual_seed(0)
    trained = TrainedListener.build(LISTENER, BeatRecipe(width=4, channels=8, blocks=3))
    path = tmp_path_factory.mktemp("weights") / "untrained.safetensors"
    card = trained.describe() | {"data": [], "validation": {}, "licence": "Apache-2.0", "commercial_use": True,
                                 "scores": [], "trained": {}, "onpu": "0", "command": ""}
    write_weights(path, trained.network.state_dict(), card)
    return path


@pytest.fixture(scope="session")
def clicks(tmp_path_factory) -> Path:
    """Eight seconds of clicks, 120 a minute, 22.05 kHz."""
    rate = 22_050
    sound = 0.01 * np.random.default_rng(0).normal(size=8 * rate)
    for start in range(0, len(sound), rate // 2):
        sound[start : start + 400] += np.hanning(400) * np.sin(np.arange(400))
    path = tmp_path_factory.mktemp("sound") / "clicks.wav"
    soundfile.write(path, sound, rate)
    return path


@pytest.fixture
def shipped(untrained, tmp_path, monkeypatch):
    """A copy of onpu whose only weights are untrained ones."""
    (tmp_path / "weights").mkdir()
    shutil.copy(untrained, tmp_path / "weights/beats.safetensors")
    monkeypatch.setattr("onpu.weights.FOLDER", tmp_path / "weights")
    monkeypatch.setattr(selecting, "_loaded", selecting._loaded.__wrapped__)
