"""The onset and drum networks see as far as they say, and have the published sizes."""

import pytest
import torch

from onpu.models.drum_crnn import DrumCrnn
from onpu.models.onset_cnn import CONTEXT_FRAMES, OnsetCnn


def touched(network, channels, bins, frames, at):
    """Change of any head per frame when the input changes in one frame."""
    torch.manual_seed(0)
    x = torch.rand(1, channels, bins, frames)
    y = x.clone()
    y[..., at] += 1
    network.eval()
    with torch.inference_mode():
        heads = [network(x), network(y)]
    return sum((heads[0][name] - heads[1][name]).abs().reshape(-1, frames).amax(dim=0) for name in heads[0])


def test_an_onset_is_judged_from_fifteen_frames():
    torch.manual_seed(1)
    change = torch.nonzero(touched(OnsetCnn(), 3, 80, 60, 30) > 0).ravel()
    assert (change.min().item(), change.max().item()) == (30 - CONTEXT_FRAMES, 30 + CONTEXT_FRAMES)


def test_onset_network_has_the_published_size():
    kernels = 3 * 3 * 7 * 10 + 10 * 3 * 3 * 20
    dense = 1120 * 256 + 256 + 256 + 1
    normalised = 2 * (3 * 80 + 10 + 20)
    assert sum(p.numel() for p in OnsetCnn().parameters()) == kernels + dense + normalised


def test_each_onset_frame_is_that_of_its_own_excerpt():
    """What the convolution over time computes is the paper's network on fifteen frames."""
    torch.manual_seed(1)
    network = OnsetCnn(width=4, second_width=5, units=6).eval()
    x = torch.rand(1, 3, 80, 40)
    with torch.inference_mode():
        whole = network(x)["onset"]
        alone = [network(x[..., at - CONTEXT_FRAMES : at + CONTEXT_FRAMES + 1])["onset"][:, CONTEXT_FRAMES]
                 for at in (7, 20, 32)]
    torch.testing.assert_close(whole[:, [7, 20, 32]], torch.stack(alone, dim=1))


@pytest.mark.parametrize("mixed", [0, 24])
def test_drums_are_forgotten_beyond_the_margin(mixed):
    torch.manual_seed(1)
    network = DrumCrnn(bins=30, width=4, mix_channels=mixed, units=12, layers=2)
    change = touched(network, 1, 30, 2000, 1000)
    assert change[1000] > 1e-3
    assert change[: 1000 - network.receptive].max() < 1e-6
    assert change[1000 + network.receptive :].max() < 1e-6


@pytest.mark.parametrize("bins", [75, 81, 84, 168])
def test_drum_network_takes_any_number_of_bands(bins):
    heads = DrumCrnn(bins=bins, width=4, mix_channels=8, units=6, layers=1)(torch.rand(2, 1, bins, 50))
    assert {name: tuple(head.shape) for name, head in heads.items()} == {
        "hits": (2, 8, 50), "velocity": (2, 8, 50), "beat": (2, 50), "downbeat": (2, 50)}


def test_the_published_drum_network_puts_five_frames_side_by_side():
    network = DrumCrnn(bins=168)
    assert network.gru.input_size == 64 * 18 * 5 and network.gru.num_layers == 3 and network.gru.hidden_size == 60
