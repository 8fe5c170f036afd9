"""Means of layers are what the layers answer, the same for a recording in pieces, and leave the network as it was."""

import numpy as np
import pytest
import torch
from torch import nn

import onpu
from onpu.inference.layers import LayerMeans, chosen_layers


def test_means_are_those_of_all_that_a_layer_answered():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 4 * 5, 2))
    network.eval()
    parts = [torch.randn(2, 1, 6, 7), torch.randn(3, 1, 6, 7)]
    with LayerMeans(network) as layers:
        for part in parts:
            network(part)
    whole = torch.cat(parts)
    assert list(layers.means) == ["1", "4"]
    normed = network[1](network[0](whole)).clamp(min=0)
    np.testing.assert_allclose(layers.means["1"], normed.mean(dim=(0, 2, 3)).detach(), rtol=1e-5)
    np.testing.assert_allclose(layers.means["4"], network(whole).clamp(min=0).mean(dim=0).detach(), rtol=1e-5)
    assert not any(module._forward_hooks for module in network.modules())


def test_recurrent_layers_and_layers_that_are_not_called():
    network = nn.ModuleDict({"gru": nn.GRU(4, 5, bidirectional=True), "idle": nn.Linear(5, 5)})
    assert [name for name, _ in chosen_layers(network)] == ["gru", "idle"]
    with LayerMeans(network) as layers:
        network["gru"](torch.randn(7, 2, 4))
    assert {name: mean.shape for name, mean in layers.means.items()} == {"gru": (10,)}


@pytest.mark.parametrize("name", ("key", "chroma"))
def test_a_listener_tells_its_layers_whatever_the_rate(name):
    rng = np.random.default_rng(0)
    t = np.arange(3 * 44_100) / 44_100
    sound = np.sin(2 * np.pi * 220 * t) * 0.2 + 0.01 * rng.standard_normal(len(t))
    system = onpu.load(name, device="cpu")
    means, again = (system.layer_means(sound.astype(np.float32), 44_100) for _ in range(2))
    louder = system.layer_means((2 * sound).astype(np.float32), 44_100)
    assert all((means[layer] >= 0).all() and np.array_equal(means[layer], again[layer]) for layer in means)
    assert len(means) >= 3 and any(not np.allclose(means[layer], louder[layer]) for layer in means)
