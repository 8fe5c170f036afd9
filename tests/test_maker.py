"""A trained maker: whatever is handed in is made something of, one after the other, without gradients."""

import numpy as np
import pytest
import torch
from torch import nn

from onpu.errors import AudioError
from onpu.formats.audio import write_audio
from onpu.maker import Maker, Player, TrainedMaker
from onpu.music import Audio
from onpu.recipe import Recipe


def louder(made, sound, options, progress):
    assert torch.is_inference_mode_enabled() and not made.network.training
    return None if sound is None else Audio(sound.samples * options, sound.rate)


@pytest.fixture
def made():
    recipe = Recipe()
    maker = Maker("louder", "", "", None, lambda recipe: {"one": Player(nn.Linear(1, 1), None)}, None, louder, None, (),
                  {"small": recipe}, options=2.0)
    return TrainedMaker.build(maker, recipe)


def test_sound_in_any_form_is_taken(made, tmp_path):
    samples = np.random.default_rng(0).uniform(-0.25, 0.25, (2, 9000)).astype(np.float32)
    write_audio(tmp_path / "song.wav", Audio(samples, 8000), "FLOAT")
    np.testing.assert_array_equal(made(samples.T, 8000).samples, 2 * samples)
    np.testing.assert_array_equal(made(tmp_path / "song.wav", options=3.0).samples, 3 * samples)
    assert made() is None
    results = made([samples, tmp_path / "gone.wav", (samples, 4000)], 8000)
    np.testing.assert_array_equal(next(results).samples, 2 * samples)
    with pytest.raises(AudioError, match="gone"):
        next(results)
    with pytest.raises(AudioError, match=r"recording 3, a pair of ndarray and int: has 4000 Hz, not 8000"):
        next(results)
    assert list(results) == []
