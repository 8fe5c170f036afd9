"""onpu make pixelcnn, onpu make ride: bars as files, gone on with, strokes of drums, and what cannot be painted."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.formats.midi import read_midi, write_midi
from onpu.make import pixelcnn, ride
from onpu.maker import TrainedMaker
from onpu.music.roll import LOWEST, PITCHES, Roll, roll_of
from onpu.training.checkpoint import save

CARD = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
TINY = {pixelcnn: {"width": 2, "depth": 1, "first_reach": (2, 2)}, ride: {"units": 2, "reach": (1, 2), "components": 1}}
QUICK = ("--bars", 1, "--device", "cpu")


def saved(path, task, name):
    torch.manual_seed(0)
    save(path, TrainedMaker.build(task.MAKER, replace(task.MAKER.recipes[name], **TINY[task])), [], CARD)
    return path


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    return {(task, name): saved(folder / f"{task.MAKER.name}-{name}.safetensors", task, name)
            for task in TINY for name in ("small", "strokes")}


@pytest.mark.parametrize("task", TINY, ids=lambda task: task.MAKER.name)
def test_a_seed_is_music_in_every_format(onpu, tmp_path, weights, task):
    name = task.MAKER.name
    answer = onpu("make", name, *QUICK, "--seed", 3, "-o", tmp_path / "a", "--weights", weights[task, "small"],
                  "--format", "midi,wav,html", "--key", "eb minor", "--metre", "3/4")
    assert answer.code == 0, answer.err
    files = {f"{name}-3{suffix}" for suffix in (".mid", ".wav", ".html")}
    assert {path.name for path in (tmp_path / "a").iterdir()} == files
    assert all(str(tmp_path / "a" / file) in answer.out for file in files)
    page = (tmp_path / "a" / f"{name}-3.html").read_text(encoding="utf-8")
    assert "Bars in Eb minor" in page and '"sound":null' not in page
    answer = onpu("make", name, *QUICK, "--seed", 3, "-o", tmp_path / "b", "--weights", weights[task, "small"],
                  "--format", "midi", "--key", "eb minor", "--metre", "3/4")
    assert answer.code == 0
    assert (tmp_path / "a" / f"{name}-3.mid").read_bytes() == (tmp_path / "b" / f"{name}-3.mid").read_bytes()


def test_what_a_file_holds_comes_first_and_is_gone_on_with(onpu, tmp_path, weights):
    sounding = np.zeros((32, PITCHES), bool)
    sounding[:30, [60 - LOWEST, 64 - LOWEST]] = True
    write_midi(Roll(sounding, 4, "F:major").timeline(90, 0), tmp_path / "begun.mid")
    answer = onpu("make", "pixelcnn", *QUICK, "--continue", tmp_path / "begun.mid", "-o", tmp_path, "--format", "midi",
                  "--weights", weights[pixelcnn, "small"])
    assert answer.code == 0, answer.err
    whole = roll_of(read_midi(tmp_path / "pixelcnn-0.mid"), "whole")
    assert whole.key == "F:major" and whole.steps == 48 and np.array_equal(whole.sounding[:32], sounding)


def test_a_stroke_is_a_sound_alone(onpu, tmp_path, weights, monkeypatch):
    monkeypatch.setattr(pixelcnn, "rows", lambda recipe: 3)
    answer = onpu("make", "ride", "--drum", "snare", "-o", tmp_path, "--weights", weights[ride, "strokes"], "--device",
                  "cpu")
    assert answer.code == 0, answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["ride-snare-0.wav"]


def test_what_can_be_painted_is_listed(onpu):
    answer = onpu("make", "--list")
    assert answer.code == 0 and "pixelcnn: music painted" in answer.out and "Theis" in answer.out


def test_what_a_user_can_mend_is_one_line_and_nothing_is_written(onpu, tmp_path, weights):
    (tmp_path / "bad.mid").write_bytes(b"no")
    out, rolls, strokes = tmp_path / "out", weights[pixelcnn, "small"], weights[pixelcnn, "strokes"]
    silent = Roll(np.zeros((16, PITCHES), bool), 4, "C:major").timeline(90, 0)
    write_midi(silent, tmp_path / "silent.mid")
    for words, said in ((("--bars", 300), "1 to 64"), (("--key", "H"), "'H'"), (("--metre", "6/8"), "4/4, 3/4"),
                        (("--format", "pdf"), "midi"), (("--temperature", 0), "0.05"), (("--bpm", 0), "20 to 300"),
                        (("--weights", "kazoo"), "kazoo"), (("--weights", weights[ride, "small"]), "weights of ride"),
                        (("--drum", "kazoo"), "kick"), (("--drum", "kick", "--weights", rolls), "--drum"),
                        (("--bars", 2, "--weights", strokes), "--bars has no effect with weights of strokes"),
                        (("--format", "midi", "--weights", strokes), "--format has no effect with weights of strokes"),
                        (("--drum", "kick", "--weights", strokes, "--continue", tmp_path / "silent.mid"), "--continue"),
                        (("--continue", tmp_path / "bad.mid", "--weights", rolls), "bad.mid"),
                        (("--continue", tmp_path / "silent.mid", "--weights", rolls), "no notes"),
                        (("--continue", tmp_path / "silent.mid", "--key", "C"), "--key has no effect with --continue")):
        answer = onpu("make", "pixelcnn", *words, "-o", out)
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, (words, answer.err)
    assert not out.exists()
    answer = onpu("train", "ride", "-o", tmp_path / "run", "--device", "cpu")
    assert answer.code == 2 and "--data" in answer.err and answer.err.count("\n") == 1
