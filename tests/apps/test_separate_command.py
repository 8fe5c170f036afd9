"""onpu separate: parts as files, which sum to the recording, a page, and what cannot be taken apart."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

from onpu import analysis
from onpu.make.stems import MAKER, PARTS
from onpu.maker import TrainedMaker
from onpu.music import Timeline
from onpu.training.checkpoint import save


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    card = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
    save(path, TrainedMaker.build(MAKER, replace(MAKER.recipes["small"], widths=(2, 2, 2, 2, 2))), [], card)
    return path


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "song.wav", 0.1 * rng.standard_normal((22_050, 2)), 22_050, "FLOAT")
    return tmp_path / "song.wav"


def test_parts_in_two_formats_sum_to_the_recording(onpu, tmp_path, song, weights):
    answer = onpu("separate", song, "--weights", weights, "-o", tmp_path / "out", "--format", "wav,flac", "--device",
                  "cpu")
    assert answer.code == 0, answer.err
    files = {path.name for path in (tmp_path / "out/song").iterdir()}
    assert files == {f"{part}.{form}" for part in PARTS for form in ("wav", "flac")}
    assert all(str(tmp_path / "out/song" / name) in answer.out for name in files)
    whole = sum(soundfile.read(tmp_path / f"out/song/{part}.wav")[0] for part in PARTS)
    np.testing.assert_allclose(whole, soundfile.read(song)[0], atol=1e-5)


def test_what_is_not_wanted_is_the_accompaniment_and_a_page_can_stand_alone(onpu, tmp_path, song, weights, monkeypatch):
    monkeypatch.setattr(analysis, "analyze", lambda path, licence, device: Timeline(1.0))
    words = ("separate", song, "--weights", weights, "--only", "vocals", "--device", "cpu", "--wiener", 1, "-o")
    answer = onpu(*words, tmp_path / "a")
    assert answer.code == 0, answer.err
    assert {path.name for path in (tmp_path / "a/song").iterdir()} == {"vocals.wav", "accompaniment.wav"}
    answer = onpu(*words, tmp_path / "b", "--format", "html")
    assert answer.code == 0, answer.err
    assert [path.name for path in (tmp_path / "b/song").iterdir()] == ["song.html"]
    text = (tmp_path / "b/song/song.html").read_text(encoding="utf-8")
    assert "accompaniment" in text and "vocals" in text


def test_what_a_user_can_mend_is_one_line_and_nothing_is_written(onpu, tmp_path, song, weights):
    for words, said in (((song, "--only", "flute"), "vocals, drums"), ((song, "--format", "midi"), "wav, flac"),
                        ((song, "--wiener", 9), "0 to 5"), ((song, "--weights", "gan"), "not of stems"),
                        ((tmp_path / "absent.wav", "--weights", weights), "absent.wav")):
        answer = onpu("separate", *words, "-o", tmp_path / "out")
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, answer.err
    assert not list((tmp_path / "out").rglob("*.wav"))
