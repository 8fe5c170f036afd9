"""Maxout, highway and residual layers: what defines each."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from onpu.layers.dense import Highway, Maxout, Residual


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("slopes", "known"), [((0.0, 1.0), functional.relu), ((-1.0, 1.0), torch.abs),
                                               ((0.2, 1.0), lambda x: functional.leaky_relu(x, 0.2))])
def test_two_pieces_are_known_activations(slopes, known):
    x = random(9, 1)
    assert torch.equal(Maxout(2)(x * torch.tensor(slopes))[:, 0], known(x)[:, 0])


def test_a_maxout_unit_is_convex():
    layer = nn.Sequential(nn.Linear(3, 20), Maxout(5))
    x, y = random(200, 3), random(200, 3, seed=1)
    share = torch.linspace(0, 1, 200)[:, None]
    chord = share * layer(x) + (1 - share) * layer(y)
    between = layer(share * x + (1 - share) * y)
    assert (between <= chord + 1e-5).all() and (between < chord - 1e-3).any()


def test_pieces_of_a_unit_are_neighbours_at_every_place():
    z = random(2, 6, 4, 5)
    assert torch.equal(Maxout(3)(z)[:, 1], z[:, 3:].amax(dim=1))


def test_only_the_largest_piece_learns():
    z = random(8, 12).requires_grad_()
    Maxout(4)(z).sum().backward()
    assert torch.equal(z.grad.unflatten(1, (3, 4)).sum(dim=2), torch.ones(8, 3))
    assert torch.equal(z.grad.unflatten(1, (3, 4)).argmax(dim=2), z.unflatten(1, (3, 4)).argmax(dim=2))


@pytest.mark.parametrize(("bias", "passes"), [(-60.0, True), (60.0, False)])
def test_a_highway_lets_by_or_transforms(bias, passes):
    transform = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    layer, x = Highway(transform, nn.Linear(4, 4), bias), random(5, 4)
    assert torch.allclose(layer(x), x if passes else transform(x), atol=1e-6)


def test_a_highway_is_its_equation():
    layer, x = Highway(nn.Conv1d(3, 3, 3, padding=1), nn.Conv1d(3, 3, 3, padding=1)), random(2, 3, 7)
    gate = layer.gate(x).sigmoid()
    assert torch.allclose(layer(x), layer.transform(x) * gate + x * (1 - gate), atol=1e-6)


def test_a_gate_needs_a_bias():
    with pytest.raises(ValueError, match="bias"):
        Highway(nn.Linear(4, 4), nn.Linear(4, 4, bias=False))


@pytest.mark.parametrize("block", [lambda plain: Highway(plain, nn.Linear(16, 16)), Residual])
def test_the_gradient_passes_fifty_layers_where_plain_ones_lose_it(block):
    def reaches(make) -> float:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            network = nn.Sequential(*[make(nn.Sequential(nn.Linear(16, 16), nn.Tanh())) for _ in range(50)])
        x = random(8, 16).requires_grad_()
        network(x).sum().backward()
        return float(x.grad.abs().mean())

    assert reaches(lambda plain: plain) < 1e-6
    assert reaches(block) > 1e-3


def test_a_residual_of_nothing_is_its_shortcut():
    silent = nn.Linear(3, 5)
    nn.init.zeros_(silent.weight)
    nn.init.zeros_(silent.bias)
    shortcut, x = nn.Linear(3, 5, bias=False), random(4, 3)
    assert torch.equal(Residual(silent, shortcut)(x), shortcut(x))
    branch = nn.Linear(3, 3)
    assert torch.equal(Residual(branch)(x), branch(x) + x)
