"""Networks say how far they look; and whichever way their kernels lie, they compute the same."""

import pytest
import torch
from torch import nn

from onpu.layers.layout import channels_last
from onpu.layers.module_list import TypedModuleList
from onpu.layers.receptive import receptive_frames


def test_the_frames_are_asked_of_the_network():
    network = nn.Linear(1, 1)
    with pytest.raises(TypeError, match="Linear has no attribute receptive"):
        receptive_frames(network)
    network.receptive = 7
    assert receptive_frames(network) == 7


def test_channels_last_changes_the_layout_alone():
    network, x = nn.Conv2d(3, 4, 3), torch.randn(2, 3, 8, 9)
    before = network(x)
    assert channels_last(network) is network
    assert network.weight.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(network(x), before)


def test_a_typed_list_is_a_module_list():
    layers = [nn.Linear(2, 3), nn.Linear(3, 4)]
    typed, plain = TypedModuleList(layers), nn.ModuleList(layers)
    assert list(typed.state_dict()) == list(plain.state_dict())
    assert list(typed) == layers and list(typed[1:]) == layers[1:] and typed[0] is layers[0]
