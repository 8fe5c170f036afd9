"""The networks that hear singing: what an answer depends on, and what it does not."""

import pytest
import torch

from onpu.models.voice_blstm import VoiceBlstm
from onpu.models.voice_cnn import CONTEXT_FRAMES, VoiceCnn


@pytest.fixture(scope="module")
def cnn():
    torch.manual_seed(2)
    network = VoiceCnn(80, 8, dropout=0.0)
    network.train()
    for seed in range(20):  # so that batch normalisation knows what it sees
        network(spectrum(150, seed))
    return network.eval()


def spectrum(frames, seed=0):
    return torch.randn(2, 1, 80, frames, generator=torch.Generator().manual_seed(seed))


def test_published_layers():
    """64, 32, 128, 64 kernels of 3 x 3; 7 bins and 11 frames are left for 256 units, then 64, then one."""
    shapes = [tuple(weight.shape) for weight in VoiceCnn(80, 64).parameters() if weight.ndim == 4]
    assert shapes == [(64, 1, 3, 3), (32, 64, 3, 3), (128, 32, 3, 3), (64, 128, 3, 3),
                      (256, 64, 7, 11), (64, 256, 1, 1), (1, 64, 1, 1)]
    layers = [(lstm.input_size, lstm.hidden_size) for lstm in VoiceBlstm().lstms]
    assert layers == [(80, 30), (60, 20), (40, 40)]


@pytest.mark.parametrize("frames", [1, 8, 9, 130, 263])
def test_training_answers_every_ninth_frame_as_listening_does(cnn, frames):
    x = spectrum(frames)
    every = cnn(x)["voice"]
    assert every.shape == (2, frames)
    cnn.training = True  # the layers stay as they are
    ninth = cnn(x)["voice"]
    cnn.training = False
    torch.testing.assert_close(ninth[:, ::9], every[:, ::9], rtol=1e-4, atol=1e-5)
    nearest = (torch.arange(frames) + 4) // 9 * 9
    nearest = torch.where(nearest < frames, nearest, (frames - 1) // 9 * 9)
    torch.testing.assert_close(ninth, every[:, nearest], rtol=1e-4, atol=1e-5)


def test_an_answer_depends_on_115_frames(cnn):
    x = spectrum(200).requires_grad_()
    (slope,) = torch.autograd.grad(cnn(x)["voice"][:, 100].sum(), x)
    frames = slope.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    assert frames.min() >= 100 - CONTEXT_FRAMES and frames.max() <= 100 + CONTEXT_FRAMES
    assert len(frames) > 100


def test_the_level_of_a_recording_changes_nothing(cnn):
    x = spectrum(150) - 4
    for decibels in (-30.0, 12.0):
        louder = x + decibels / 20 * 2.302585
        torch.testing.assert_close(cnn(louder)["voice"], cnn(x)["voice"], rtol=1e-3, atol=1e-4)


def test_the_recurrent_network_hears_both_sides():
    torch.manual_seed(1)
    x = torch.randn(1, 2, 40, 60, requires_grad=True)
    (slope,) = torch.autograd.grad(VoiceBlstm().eval()(x)["voice"][:, 30].sum(), x)
    assert slope[..., :25].any() and slope[..., 35:].any()
