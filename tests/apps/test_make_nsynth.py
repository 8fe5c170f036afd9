"""onpu make nsynth: a note between recordings as sound, page and instruments, and what cannot be used."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.formats.audio import read_audio, write_audio
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.music import Audio
from onpu.represent.note_pictures import RATE, tone
from onpu.training.checkpoint import save


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with tiny weights and recordings of notes."""
    folder = tmp_path_factory.mktemp("nsynth")
    torch.manual_seed(0)
    maker = makers()["nsynth"]
    recipe = replace(maker.recipes["small"], widths=(2, 2, 2, 4, 4, 4), channels=3, hidden=4, top=8, size=6,
                     told=4, seconds=0.5)
    card = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
    save(folder / "nsynth.safetensors", TrainedMaker.build(maker, recipe), [], card)
    for key in (60, 67):
        write_audio(folder / f"{key}.wav", Audio(0.1 * tone(key, RATE)[None].repeat(2, axis=0), RATE))
    write_audio(folder / "still.wav", Audio(np.zeros((1, RATE), np.float32), RATE))
    return folder


def test_notes_are_read_and_what_lies_between_is_written_in_every_format(onpu, tmp_path, made):
    answer = onpu("make", "nsynth", "--from", made / "60.wav", "--to", made / "67.wav", "--share", 0.5, "-o", tmp_path,
                  "--iterations", 1, "--weights", made / "nsynth.safetensors", "--format", "wav,html,sfz,sf2")
    assert answer.code == 0, answer.err
    assert {path.name for path in tmp_path.iterdir()} == {
        "nsynth-0.wav", "nsynth-0.html", "nsynth-0.sfz", "nsynth-0.sf2", "nsynth-0-samples"}
    assert read_audio(tmp_path / "nsynth-0.wav").samples.shape == (1, RATE // 2)
    assert "60, 67: key 60" in (tmp_path / "nsynth-0.html").read_text(encoding="utf-8")


def test_what_cannot_be_used_is_told(onpu, tmp_path, made):
    weights = ("--weights", made / "nsynth.safetensors", "-o", tmp_path)
    for given, told in (((), "there is no note to begin with"), (("--from", made / "still.wav"), "is silent or sounds"),
                        (("--from", made / "60.wav", "--share", 0.5), "--share has no effect without --to"),
                        (("--from", made / "none.wav"), "none.wav")):
        answer = onpu("make", "nsynth", *given, *weights)
        assert answer.code == 2 and told in answer.err, answer.err
    assert not any(tmp_path.iterdir())
