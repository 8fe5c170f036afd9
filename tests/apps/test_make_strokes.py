"""onpu make gan, onpu make cgan: strokes as files, and what cannot be made."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.scenes.hits import CLASSES, RATE
from onpu.formats.audio import read_audio
from onpu.make import makers
from onpu.make.gan import LENGTH
from onpu.maker import TrainedMaker
from onpu.training.checkpoint import save


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Paths of tiny weights, by task."""
    folder = tmp_path_factory.mktemp("weights")
    card = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
    for task in ("gan", "cgan"):
        torch.manual_seed(0)
        maker = makers()[task]
        recipe = replace(maker.recipes["small"], widths=(4, 4, 4, 4))
        save(folder / f"{task}.safetensors", TrainedMaker.build(maker, recipe), [], card)
    return folder


@pytest.mark.parametrize("task", ("gan", "cgan"))
def test_a_seed_is_a_stroke(onpu, tmp_path, weights, task):
    drum = ("--drum", CLASSES[1]) if task == "cgan" else ()
    stem = f"cgan-{CLASSES[1]}" if drum else "gan"
    rest = (*drum, "--weights", weights / f"{task}.safetensors", "--iterations", 2, "--device", "cpu")
    answer = onpu("make", task, "--n", 2, "--seed", 5, "-o", tmp_path / "a", *rest)
    assert answer.code == 0, answer.err
    assert {path.name for path in (tmp_path / "a").iterdir()} == {f"{stem}-5.wav", f"{stem}-6.wav"}
    first, second = (read_audio(tmp_path / "a" / f"{stem}-{seed}.wav") for seed in (5, 6))
    assert first.rate == RATE and first.samples.shape == (1, LENGTH) and np.abs(first.samples).max() > 0
    assert not np.array_equal(first.samples, second.samples)
    onpu("make", task, "--seed", 6, "-o", tmp_path / "b", *rest)
    assert (tmp_path / f"b/{stem}-6.wav").read_bytes() == (tmp_path / f"a/{stem}-6.wav").read_bytes()


def test_what_cannot_be_made_is_told(onpu, tmp_path, weights):
    answer = onpu("make", "cgan", "--drum", "gong", "-o", tmp_path / "out", "--weights", weights / "cgan.safetensors")
    assert answer.code == 2 and "gong: no such drum" in answer.err and CLASSES[0] in answer.err
    answer = onpu("make", "gan", "-o", tmp_path / "out", "--weights", weights / "cgan.safetensors", "--device", "cpu")
    assert answer.code == 2 and "not of gan" in answer.err
    assert not (tmp_path / "out").exists()
