"""The mixture of conditional Gaussian scale mixtures: a density, the one of the equations, and the one that is drawn
from."""

import math

import pytest
import torch

from onpu.layers.mixture import Mcgsm


@pytest.fixture
def mixture():
    torch.manual_seed(0)
    found = Mcgsm(5, components=3, scales=2, features=4).double()
    torch.nn.init.normal_(found.strengths)
    torch.nn.init.normal_(found.weights)
    return found


def test_it_is_the_density_of_the_equations(mixture):
    x, y = torch.randn(5, dtype=torch.float64), torch.tensor(0.3, dtype=torch.float64)
    b, beta = mixture.project.weight, mixture.strengths
    shares, normals = [], []
    for c in range(3):
        k = sum(beta[c, n] ** 2 * torch.outer(b[n], b[n]) for n in range(4))
        for s in range(2):
            precision = mixture.precisions[c, s].exp()
            shares.append((mixture.weights[c, s] - 0.5 * precision * x @ k @ x).exp())
            mean = mixture.mean.weight[c] @ x + mixture.mean.bias[c]
            normals.append((precision / (2 * math.pi)).sqrt() * (-0.5 * precision * (y - mean) ** 2).exp())
    shares, normals = torch.stack(shares), torch.stack(normals)
    torch.testing.assert_close(mixture(x, y), ((shares / shares.sum()) @ normals).log())


def test_it_integrates_to_one(mixture):
    x = torch.randn(7, 1, 5, dtype=torch.float64).expand(-1, 8001, -1)
    y = torch.linspace(-40, 40, 8001, dtype=torch.float64).expand(7, -1)
    mass = torch.trapezoid(mixture(x, y).exp(), y)
    torch.testing.assert_close(mass, torch.ones_like(mass), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_what_is_drawn_has_its_moments(mixture, temperature):
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(5, dtype=torch.float64)
    count = 100_000
    chance, normal = (draw(count, generator=rng, dtype=torch.float64) for draw in (torch.rand, torch.randn))
    drawn = mixture.draw(x.expand(count, -1), chance, normal, temperature).detach()
    shares = (mixture.prior(x).detach().flatten() / temperature).softmax(0).view(3, 2)
    means = mixture.mean(x).detach()[:, None]
    mean = (shares * means).sum()
    variance = (shares * (temperature / mixture.precisions.detach().exp() + means.square())).sum() - mean.square()
    assert float(drawn.mean() - mean) == pytest.approx(0, abs=5 * float((variance / count).sqrt()))
    assert float(drawn.var() / variance) == pytest.approx(1, abs=0.05)
