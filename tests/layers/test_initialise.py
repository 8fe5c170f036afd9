"""Initial weights: a signal keeps its variance through thirty layers, with the ones that fit and with no others."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from onpu.layers.initialise import unit_variance_

WIDTH, WIDE, LAYERS = 256, 1024, 30
LECUN = partial(nn.init.kaiming_normal_, nonlinearity="linear")
HE = partial(nn.init.kaiming_normal_, nonlinearity="relu")


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def signal(seed: int, level: float = 1.0, width: int = WIDTH) -> Tensor:
    return level * torch.randn(128, width, generator=torch.Generator().manual_seed(seed))


def deep(activation: type[nn.Module], initialise=None, width: int = WIDTH) -> nn.Sequential:
    """Thirty times a linear layer without bias and an activation."""
    network = nn.Sequential(*[nn.Sequential(nn.Linear(width, width, bias=False), activation()) for _ in range(LAYERS)])
    if initialise is not None:
        for block in network:
            initialise(block[0].weight)
    return network


@torch.no_grad()
def change(network: nn.Sequential, x: Tensor) -> Tensor:
    """Variance of what each linear layer says, over that of the first."""
    found = []
    for linear, activation in network:
        y = linear(x)
        found.append(y.var())
        x = activation(y)
    return torch.stack(found) / found[0]


@pytest.mark.parametrize(("activation", "initialise", "level", "width"), [
    (nn.ReLU, HE, 1.0, WIDE), (nn.SELU, LECUN, 1.0, WIDTH), (nn.Identity, LECUN, 1.0, WIDTH),
    (nn.Identity, nn.init.xavier_uniform_, 1.0, WIDTH), (nn.Tanh, nn.init.xavier_uniform_, 0.1, WIDTH),
    (nn.Identity, nn.init.orthogonal_, 1.0, WIDTH)])
def test_variance_stays_with_the_initialisation_that_fits(activation, initialise, level, width):
    """Tanh is taken near its origin, where it is the identity, which is what (11) and (12) suppose. What ReLU lets by
    strays by about √(5 layers / width) in its logarithm from draw to draw, so its layers are wide."""
    found = change(deep(activation, initialise, width), signal(1, level, width))
    assert found.min() > 0.5 and found.max() < 2


@pytest.mark.parametrize(("activation", "initialise", "level"), [
    (nn.ReLU, LECUN, 1.0), (nn.Identity, HE, 1.0), (nn.ReLU, nn.init.xavier_uniform_, 1.0),
    (nn.Tanh, nn.init.xavier_uniform_, 3.0), (nn.ReLU, None, 1.0)])
def test_and_goes_with_another(activation, initialise, level):
    """None: what torch's linear layers begin with."""
    found = change(deep(activation, initialise), signal(1, level))
    assert found.min() < 0.2 or found.max() > 5


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh, nn.ELU, nn.Sigmoid, nn.Identity])
def test_unit_variance_fits_every_activation(activation):
    """On examples that it was not measured on."""
    network = unit_variance_(deep(activation), [signal(1)])
    found = change(network, signal(2))
    assert found.min() > 0.5 and found.max() < 2


def test_unit_variance_is_one_at_every_layer():
    network, x = unit_variance_(deep(nn.ReLU), [signal(1)], tolerance=1e-3), signal(1)
    for linear, activation in network:
        y = linear(x)
        assert y.var().item() == pytest.approx(1.0, abs=1e-2)
        x = activation(y)


def test_unit_variance_only_scales_orthogonal_weights():
    network = unit_variance_(deep(nn.Tanh), [signal(1)])
    weight = network[7][0].weight.detach()
    product = weight @ weight.T
    assert torch.allclose(product / product[0, 0], torch.eye(WIDTH), atol=1e-4)


class Awkward(nn.Module):
    """Layers are used in another order than they are declared in, one twice, one never, one on silence."""

    def __init__(self) -> None:
        super().__init__()
        self.last, self.first, self.never = nn.Linear(24, 3), nn.Conv1d(2, 4, 3, padding=1), nn.Linear(2, 2)
        self.twice, self.silent = nn.Conv1d(4, 4, 3, padding=1), nn.Linear(24, 3, bias=False)
        self.norm, self.drop = nn.BatchNorm1d(4), nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        y = self.drop(self.norm(self.twice(self.twice(self.first(x)).relu()))).flatten(1)
        return self.last(y) + self.silent(0 * y)


def test_unit_variance_follows_the_order_of_use_and_changes_nothing_else():
    network, x = Awkward(), torch.randn(500, 2, 6, generator=torch.Generator().manual_seed(1))
    state = {name: tensor.clone() for name, tensor in network.norm.state_dict().items()}
    assert unit_variance_(network, [x]) is network and network.training
    assert all(torch.equal(tensor, state[name]) for name, tensor in network.norm.state_dict().items())
    network.eval()
    assert network(x).var().item() == pytest.approx(1.0, abs=0.15)
    assert network.first(x).var().item() == pytest.approx(1.0, abs=0.1)
    assert network.silent.weight.isfinite().all()
    assert not any(layer._forward_hooks for layer in network.modules())
