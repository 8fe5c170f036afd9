"""DropConnect: which connections are lost, and that nothing is lost on average."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from onpu.layers.regularise import DropConnect


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_connections_are_lost_one_by_one_and_anew_for_each_example():
    """Inputs are powers of two and weights one: the sum tells which connections are there."""
    layer = DropConnect(8, 5, probability=0.25)
    nn.init.ones_(layer.weight)
    nn.init.zeros_(layer.bias)
    x = (2.0 ** torch.arange(8)).expand(2000, 8)
    sums = (layer(x) * 0.75).round().long()  # (batch, outputs)
    present = (sums[..., None] >> torch.arange(8)) & 1  # (batch, outputs, inputs)
    assert present.float().mean(dim=0) == pytest.approx(torch.full((5, 8), 0.75), abs=0.05)
    assert len(present.flatten(1).unique(dim=0)) > 1900
    together = torch.corrcoef(present.flatten(1).T.float()) - torch.eye(40)
    assert together.abs().max() < 0.12  # no connection takes another with it, as a dropped unit would


def test_evaluation_is_the_mean_of_training():
    layer, x = DropConnect(6, 4), torch.randn(1, 6)
    drawn = layer(x.expand(20_000, -1)).detach()
    assert torch.allclose(drawn.mean(dim=0), layer.eval()(x)[0], atol=4 * float(drawn.std()) / len(drawn) ** 0.5)


def test_without_a_chance_it_is_a_linear_layer():
    layer, x = DropConnect(6, 4, probability=0.0), torch.randn(3, 6)
    assert torch.allclose(layer(x), nn.functional.linear(x, layer.weight, layer.bias), atol=1e-6)


def test_a_lost_connection_does_not_learn():
    layer = DropConnect(6, 4)
    layer(torch.ones(1, 6)).sum().backward()
    assert set(layer.weight.grad.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(layer.bias.grad, torch.ones(4))


def test_torch_loses_connections_of_any_layer_for_a_whole_batch():
    layer = parametrize.register_parametrization(nn.Linear(6, 4, bias=False), "weight", nn.Dropout(0.5))
    x = torch.randn(1, 6).expand(3, -1)
    assert torch.equal(*layer(x)[:2]) and not torch.equal(layer(x), layer(x))
    assert torch.equal(layer.eval()(x), nn.functional.linear(x, layer.parametrizations.weight.original))
