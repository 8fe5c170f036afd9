"""Spectral normalisation: singular values, training, storage. Normalisation of activations by name."""

import copy

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from onpu.layers.normalise import NORMALISATIONS, normalisation, spectral_normalisation


def critic(seed: int = 0) -> nn.Sequential:
    """A bit of everything that has a weight."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.LeakyReLU(0.2), nn.ConvTranspose2d(6, 4, 4, stride=2),
            nn.ReLU(), nn.Flatten(2), nn.Conv1d(4, 8, 5, groups=2, bias=False), nn.Flatten(), nn.Linear(8 * 252, 3))


def images(seed: int = 5) -> torch.Tensor:
    return torch.randn(2, 1, 9, 9, generator=torch.Generator().manual_seed(seed))


def largest(layer: nn.Module) -> float:
    """Singular value of the weight as a matrix whose rows are outputs."""
    weight = layer.weight.detach()
    rows = weight.transpose(0, 1) if isinstance(layer, nn.ConvTranspose2d) else weight
    return float(torch.linalg.matrix_norm(rows.flatten(1), 2))


def weighted(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network if isinstance(layer, nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose2d)]


def test_all_weights_get_the_largest_singular_value_one():
    network = critic()
    assert spectral_normalisation(network, iterations=100) is network
    for _ in range(10):
        network(images())
    network.eval()
    assert [largest(layer) for layer in weighted(network)] == pytest.approx([1] * 4, abs=1e-3)


def test_a_scaled_weight_changes_nothing():
    small, large = critic(), critic()
    with torch.no_grad():
        for layer in weighted(large):
            layer.weight *= 50
    answers = []
    for network in (small, large):
        torch.manual_seed(3)
        answers.append(spectral_normalisation(network, 3).eval()[0](images()) - network[0].bias[:, None, None])
    assert torch.allclose(*answers, atol=1e-5)


def test_a_normalised_critic_stretches_nothing():
    network = nn.Sequential(nn.Linear(6, 40), nn.LeakyReLU(0.2), nn.Linear(40, 40), nn.LeakyReLU(0.2), nn.Linear(40, 1))
    with torch.no_grad():
        for layer in weighted(network):
            layer.weight *= 10
    spectral_normalisation(network, 10)
    x, y = (torch.randn(500, 6, generator=torch.Generator().manual_seed(seed)) for seed in (1, 2))
    for _ in range(10):
        network(x)
    network.eval()
    stretch = (network(x) - network(y)).abs()[:, 0] / (x - y).norm(dim=1)
    assert stretch.max() < 1.001


def test_convolutions_stretch_no_more_than_overlapping_taps_allow():
    network = spectral_normalisation(nn.Sequential(nn.Conv1d(3, 5, 4, bias=False)), 30)
    x = torch.randn(400, 3, 12, generator=torch.Generator().manual_seed(0))
    network(x)
    network.eval()
    stretch = network(x).flatten(1).norm(dim=1) / x.flatten(1).norm(dim=1)
    assert 0.5 < stretch.max() < 4**0.5 * 1.001


def test_gradients_reach_the_weights_and_never_along_them():
    """W/σ(W) does not change with the scale of W, so its gradient is orthogonal to W (Miyato 2018, section 2.3)."""
    network = spectral_normalisation(nn.Sequential(nn.Linear(7, 5, bias=False)), 50)
    network(torch.randn(4, 7, generator=torch.Generator().manual_seed(1))).square().sum().backward()
    original = network[0].parametrizations.weight.original
    along = (original * original.grad).sum() / (original.norm() * original.grad.norm())
    assert abs(along) < 1e-5 < original.grad.norm()


def test_power_iteration_rests_in_evaluation():
    network = spectral_normalisation(critic()).eval()
    before = copy.deepcopy(network.state_dict())
    network(images())
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_stored_weights_are_bit_equal_under_strict_names(tmp_path):
    network = spectral_normalisation(critic())
    for seed in range(3):
        network(images(seed))
    network.eval()
    save_file(network.state_dict(), tmp_path / "critic.safetensors")
    stored = load_file(tmp_path / "critic.safetensors")
    other = spectral_normalisation(critic(seed=9)).eval()
    assert not torch.equal(other(images()), network(images()))
    other.load_state_dict(stored, strict=True)
    assert other.state_dict().keys() == network.state_dict().keys() == stored.keys()
    assert all(torch.equal(tensor, stored[name]) for name, tensor in other.state_dict().items())
    assert torch.equal(other(images()), network(images()))
    assert torch.equal(other.train()(images()), network.train()(images()))  # training goes on as if nothing were


def test_names_are_those_of_normalised_layers():
    with pytest.raises(RuntimeError, match="Missing key"):
        spectral_normalisation(critic()).load_state_dict(critic().state_dict(), strict=True)


def test_normalising_twice_is_normalising_once():
    network = spectral_normalisation(spectral_normalisation(critic()))
    assert network.state_dict().keys() == spectral_normalisation(critic()).state_dict().keys()


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("kind", NORMALISATIONS)
def test_each_normalises_what_it_says(kind, dimensions):
    x = 3 + 2 * torch.randn(4, 5, *[16] * dimensions, generator=torch.Generator().manual_seed(0))
    layer, places = normalisation(kind, 5, dimensions), tuple(range(2, 2 + dimensions))
    y = layer(x)
    assert y.shape == x.shape
    over = {"batch": (0, *places), "instance": places}
    if kind == "none":
        assert torch.equal(y, x)
    else:
        assert y.mean(over[kind]).abs().max() < 1e-5
        assert torch.allclose(y.var(over[kind], correction=0), torch.ones(()), atol=1e-3)


def test_an_instance_is_normalised_by_itself_in_evaluation_too():
    x = torch.randn(3, 4, 10, generator=torch.Generator().manual_seed(0))
    layer = normalisation("instance", 4, 1)
    layer(x + 7)
    assert torch.allclose(layer.eval()(x)[1:2], layer(x[1:2]))
    assert torch.allclose(layer(x), layer(3 * x + 2), atol=1e-3)


@pytest.mark.parametrize(("kind", "dimensions"), [("layer", 2), ("batch", 3)])
def test_what_is_not_there_is_named(kind, dimensions):
    with pytest.raises(ValueError, match="batch, instance, none, over 1 or 2"):
        normalisation(kind, 4, dimensions)
