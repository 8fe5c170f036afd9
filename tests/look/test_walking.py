"""Following maps back: against the paper's own steps, written out."""

import pytest
import torch
from torch import nn
from torch.nn import functional

import onpu
from onpu.errors import OnpuError
from onpu.look import walk


class Heads(nn.Module):
    """A stack of layers with one head."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return {"out": self.layers(x).mean(dim=(1, 2))}


def test_a_map_goes_back_by_transposed_convolutions_switches_and_rectifiers():
    torch.manual_seed(0)
    one, two = nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.Conv2d(4, 3, 3, padding=1, bias=False)
    walked = walk(Heads(one, nn.ReLU(), nn.MaxPool2d((2, 1)), two, nn.ReLU()), x := torch.randn(1, 1, 8, 9))
    pooled, switches = functional.max_pool2d(one(x).relu(), (2, 1), return_indices=True)
    top = two(pooled).relu()
    kept = torch.zeros_like(top)
    kept[:, 1] = top[:, 1]
    back = functional.conv_transpose2d(kept, two.weight, padding=1)
    back = functional.max_unpool2d(back, switches, (2, 1), output_size=(8, 9)).relu()
    expected = functional.conv_transpose2d(back, one.weight, padding=1)
    found = walked.deconvolve(walked.layer(2), 1)
    torch.testing.assert_close(found, expected[0].detach())
    assert found.abs().max() > 0.01


def test_a_network_that_changes_nothing_shows_its_input():
    identity = nn.Conv2d(1, 1, 1, bias=False)
    nn.init.ones_(identity.weight)
    x = torch.rand(1, 1, 5, 7)
    walked = walk(Heads(identity, nn.ELU(), nn.MaxPool2d(1)), x)
    torch.testing.assert_close(walked.deconvolve(walked.layer(None), 0), x[0])


def test_one_activation_shows_no_more_than_its_receptive_field():
    torch.manual_seed(1)
    walked = walk(Heads(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.Conv2d(2, 2, 3, padding=1), nn.ReLU()),
                  torch.rand(1, 1, 12, 20))
    layer = walked.layer(2)
    only = torch.zeros(layer.maps.shape[1:])
    strongest = divmod(int(layer.maps[0].argmax()), layer.maps.shape[2])
    only[strongest] = 1
    rows, columns = torch.nonzero(walked.deconvolve(layer, 0, only)[0], as_tuple=True)
    assert len(rows) and (rows - strongest[0]).abs().max() <= 2 and (columns - strongest[1]).abs().max() <= 2


@pytest.mark.parametrize("gate", [nn.Sigmoid(), nn.Tanh()])
def test_what_bends_otherwise_is_not_followed(gate):
    walked = walk(Heads(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 3), gate, nn.Conv2d(2, 2, 1), nn.ReLU()),
                  torch.rand(1, 1, 8, 8))
    assert len(walked.layers) == 1
    with pytest.raises(OnpuError, match="has layers 1 to 1, not 2"):
        walked.layer(2)


@pytest.mark.parametrize("name, layers", [("voice", 6), ("key", 8), ("drums", 5), ("chroma", 3), ("beats", 23)])
def test_shipped_convolutional_listeners_can_be_walked(name, layers):
    trained = onpu.load(name, device="cpu")
    walked = walk(trained.network, torch.rand(1, trained.features.channels, trained.features.bins, 60))
    assert len(walked.layers) == layers
    found = walked.deconvolve(walked.layers[-1], int(walked.layers[-1].maps.flatten(1).sum(1).argmax()))
    assert found.shape == walked.x.shape[1:] and found.abs().max() > 0


def test_a_recurrent_network_is_refused_with_those_that_can_be_walked():
    trained = onpu.load("voice-blstm", device="cpu")
    walked = walk(trained.network, torch.rand(1, trained.features.channels, trained.features.bins, 40))
    with pytest.raises(OnpuError, match="nothing can be followed back; those of beats, chords"):
        walked.layer(None)
