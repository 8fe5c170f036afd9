"""Networks of pictures: all before a pixel is seen and nothing after it, probabilities sum to one, and are what is
drawn from."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from onpu.models.pixelcnn import GatedPixelCnn
from onpu.models.ride import GREY_RANGE, Ride

HINTS, PLACES = 3, 2
SIZE = 2, 3


def gated_pixelcnn(levels=2, **sizes):
    small = {"width": 4, "depth": 3, "first_reach": (2, 2), "reach": (1, 1)}
    return GatedPixelCnn(levels, HINTS, PLACES, **(small | sizes))


def ride(levels=2, **sizes):
    return Ride(levels, HINTS, PLACES, **({"units": 4, "depth": 2, "reach": (1, 2), "components": 2} | sizes))


def initialised(network, scale=1.0):
    """In double precision, with weights that make something of what is seen."""
    rng = torch.Generator().manual_seed(0)
    for parameter in network.double().parameters():
        fan = max(1, parameter.numel() // len(parameter)) if parameter.ndim else 1
        parameter.data = scale * torch.randn(parameter.shape, generator=rng, dtype=torch.float64) / fan**0.5
    return network.eval()


def beside(count, rows, columns):
    """Hints and places of pictures."""
    rng = torch.Generator().manual_seed(1)
    hints, places = (torch.rand(shape, generator=rng, dtype=torch.float64)
                     for shape in ((1, HINTS), (1, PLACES, rows, columns)))
    return hints.expand(count, -1), places.expand(count, -1, -1, -1)


def seen_from(network, x, row, column):
    """Which pixels the logits of one depend on, (rows, columns)."""
    x = x.clone().requires_grad_()
    network(x)[0, ..., row, column].sum().backward()
    return x.grad[0] != 0


def test_a_pixel_sees_all_before_it_as_far_as_it_reaches_and_nothing_else():
    network = initialised(gated_pixelcnn())
    rows, columns = 9, 13
    hints, places = beside(1, rows, columns)
    x = torch.rand(1, rows, columns, dtype=torch.float64)
    up, side = 2 + 2 * 1, 2 + 2 * 1  # the first layer's reach and that of two others
    for row, column in ((0, 0), (3, 12), (5, 6), (8, 2), (7, 9)):
        expected = torch.zeros(rows, columns, dtype=torch.bool)
        expected[max(0, row - up) : row, max(0, column - side) : column + side + 1] = True
        expected[row, max(0, column - side) : column] = True
        found = seen_from(lambda x: network(x, hints, places), x, row, column)
        assert torch.equal(found, expected), (row, column)


def test_one_stack_of_masked_convolutions_has_a_blind_spot_where_two_stacks_see():
    class Masked(nn.Conv2d):
        def forward(self, x):
            mask = torch.ones_like(self.weight)
            mask[:, :, 2:], mask[:, :, 1, 2:] = 0, 0
            mask[:, :, 1, 1] = self.in_channels > 1  # mask A in the first layer
            return nn.functional.conv2d(x, self.weight * mask, self.bias, padding=1)

    torch.manual_seed(0)
    naive = nn.Sequential(*(Masked(1 if not number else 4, 4, 3) for number in range(5))).double()
    x = torch.rand(1, 9, 13, dtype=torch.float64)
    seen = seen_from(lambda x: naive(x[:, None]), x, 6, 5)
    network, (hints, places) = initialised(gated_pixelcnn(depth=5, first_reach=(1, 1))), beside(1, 9, 13)
    also = seen_from(lambda x: network(x, hints, places), x, 6, 5)
    assert seen[5, 6] and not seen[5, 7] and not seen[4, 8] and not seen[3, 9]
    assert also[5, 7] and also[4, 8] and also[3, 9] and not (seen & ~also).any()


def test_ride_sees_nothing_after_a_pixel_and_all_above_and_left_of_it():
    network = initialised(ride())
    hints, places = beside(1, 6, 7)
    x = torch.rand(1, 6, 7, dtype=torch.float64)
    seen = seen_from(lambda x: network(x, hints, places)[0].permute(0, 3, 1, 2), x, 3, 3)
    later = torch.zeros(6, 7, dtype=torch.bool)
    later[3, 3:], later[4:] = True, True
    assert not (seen & later).any()
    assert seen[:3, :6].all() and seen[3, :3].all()  # two columns further to the right, as the neighbourhood has it


def test_hints_and_places_reach_every_pixel():
    x = torch.rand(1, 4, 5, dtype=torch.float64).round()
    for network in (initialised(gated_pixelcnn()), initialised(ride())):
        hints, places = beside(1, 4, 5)
        said = network.nats(x, hints, places)
        for other in ((hints + 1, places), (hints, places + 1)):
            assert ((network.nats(x, *other) - said).abs() > 1e-9).all()


def all_pictures(levels, rows, columns):
    return torch.tensor(list(product(range(levels), repeat=rows * columns)), dtype=torch.float64).view(-1, rows,
    columns)


@pytest.mark.parametrize("network, levels", [(gated_pixelcnn, 2), (gated_pixelcnn, 3), (ride, 2)])
def test_the_probabilities_of_all_pictures_sum_to_one(network, levels):
    x = all_pictures(levels, *SIZE)
    shares = (-initialised(network(levels)).nats(x, *beside(len(x), *SIZE)).sum(dim=(1, 2))).exp()
    assert float(shares.detach().sum()) == pytest.approx(1, abs=1e-5)
    assert float(shares.detach().max()) > 3 / len(x)  # it says something


@pytest.mark.parametrize("network, levels", [(gated_pixelcnn, 2), (gated_pixelcnn, 3), (ride, 2)])
def test_pictures_are_drawn_as_often_as_they_are_probable(network, levels):
    network = initialised(network(levels))
    x = all_pictures(levels, *SIZE)
    shares = (-network.nats(x, *beside(len(x), *SIZE)).sum(dim=(1, 2))).exp()
    count = 20_000
    drawn = torch.zeros(count, *SIZE, dtype=torch.float64)
    with torch.no_grad():
        done = list(network.paint(drawn, 0, *beside(count, *SIZE), np.random.default_rng(0), 1.0))
    assert done == [1, 2]
    numbers = (drawn.flatten(1) @ levels ** torch.arange(5, -1, -1, dtype=torch.float64)).long()
    found = torch.bincount(numbers, minlength=len(x)) / count
    assert float((found - shares).abs().sum() / 2) < 0.5 * (len(x) / count) ** 0.5


@pytest.mark.parametrize("network", [gated_pixelcnn, ride])
def test_rows_that_are_given_stay_and_are_heeded(network):
    network = initialised(network(), 2.0)
    count = 4000
    x = torch.zeros(count, *SIZE, dtype=torch.float64)
    x[:, 0] = torch.tensor([1.0, 0.0, 1.0])
    with torch.no_grad():
        list(network.paint(x, 1, *beside(count, *SIZE), np.random.default_rng(0), 1.0))
    assert (x[:, 0] == torch.tensor([1.0, 0.0, 1.0])).all()
    both = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]], dtype=torch.float64).expand(2, 2, 3).clone()
    both[1, 1, 0] = 1
    first = (-network.nats(both, *beside(2, *SIZE))[1, 1, 0]).exp()
    assert float(x[:, 1, 0].mean()) == pytest.approx(float(first), abs=0.05)


def test_a_density_counts_what_was_done_to_the_pixel():
    """Of two grey values: the integral over the second, given the first, is one."""
    network = initialised(ride(levels=16))
    network.sharpness.data.fill_(0.7)
    grid = torch.linspace(-300, 300, 60_001, dtype=torch.float64)
    x = torch.stack((torch.full_like(grid, 5.3), grid), dim=1)[:, None]
    density = (-network.nats(x, *beside(len(grid), 1, 2))[:, 0, 1]).exp()
    assert float(torch.trapezoid(density, grid)) == pytest.approx(1, abs=1e-3)


def test_grey_values_are_drawn_from_their_density():
    network = initialised(ride(levels=16))
    network.sharpness.data.fill_(2.0)
    network.direct.linear.bias.data.fill_(0.1)
    count = 20_000
    x = torch.zeros(count, 1, 2, dtype=torch.float64)
    with torch.no_grad():
        list(network.paint(x, 0, *beside(count, 1, 2), np.random.default_rng(0), 1.0))
        grid = torch.linspace(-GREY_RANGE * 40, GREY_RANGE * 40, 40_001, dtype=torch.float64)
        pair = torch.stack((grid, torch.zeros_like(grid)), dim=1)[:, None]
        density = (-network.nats(pair, *beside(len(grid), 1, 2))[:, 0, 0]).exp()
    below = torch.cumulative_trapezoid(density, grid)
    for value in (4.0, 8.0, 12.0):
        expected = float(below[int((grid < value).sum()) - 1])
        assert float((x[:, 0, 0] < value).double().mean()) == pytest.approx(expected, abs=0.02)
