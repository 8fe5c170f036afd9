"""The spatial LSTM: diagonals are what the equations say pixel by pixel, and nothing comes from the right or from
below."""

import torch

from onpu.layers.causal import Neighbourhood
from onpu.layers.spatial import GATES, SpatialLstm, skewed, upright

ROWS, COLUMNS, UNITS = 4, 6, 3


def network():
    torch.manual_seed(0)
    lstm = SpatialLstm(UNITS).double()
    torch.nn.init.normal_(lstm.recurrent.weight)
    return lstm, torch.randn(2, ROWS, COLUMNS, GATES * UNITS, dtype=torch.float64)


def by_pixels(lstm, given):
    """The equations of the paper, one pixel after the other, gates one by one."""
    none = given.new_zeros(len(given), UNITS)
    h, c = {}, {}
    for i in range(ROWS):
        for j in range(COLUMNS):
            left, upper = (i, j - 1), (i - 1, j)
            told = torch.cat((h.get(left, none), h.get(upper, none)), dim=1)
            g, o, enter, f_c, f_r = (given[:, i, j] + told @ lstm.recurrent.weight.T).split(UNITS, dim=1)
            c[i, j] = (torch.tanh(g) * torch.sigmoid(enter) + c.get(left, none) * torch.sigmoid(f_c)
                       + c.get(upper, none) * torch.sigmoid(f_r))
            h[i, j] = torch.tanh(c[i, j] * torch.sigmoid(o))
    return torch.stack([torch.stack([h[i, j] for j in range(COLUMNS)], dim=1) for i in range(ROWS)], dim=1)


def test_diagonals_are_the_equations_pixel_by_pixel():
    lstm, given = network()
    torch.testing.assert_close(lstm(given), by_pixels(lstm, given))


def test_diagonals_of_a_picture_make_it_again():
    x = torch.arange(2.0 * ROWS * COLUMNS * 5).view(2, ROWS, COLUMNS, 5)
    diagonals = skewed(x)
    assert diagonals.shape == (ROWS + COLUMNS - 1, 2, ROWS, 5)
    assert torch.equal(diagonals[3, 1, 2], x[1, 2, 1])
    assert torch.equal(upright(diagonals, COLUMNS), x)


def test_a_state_depends_on_all_above_and_left_and_on_nothing_else():
    lstm, given = network()
    given.requires_grad_()
    lstm(given)[0, 2, 3].sum().backward()
    seen = given.grad[0].abs().sum(-1) > 0
    expected = torch.zeros(ROWS, COLUMNS, dtype=torch.bool)
    expected[:3, :4] = True
    assert torch.equal(seen, expected)


def test_a_neighbourhood_is_what_comes_before_and_the_same_pixel_by_pixel():
    torch.manual_seed(0)
    near = Neighbourhood(2, (2, 1)).double()
    x = torch.randn(1, ROWS, COLUMNS, dtype=torch.float64, requires_grad=True)
    said = near(x)
    for row, column in ((0, 0), (1, 5), (3, 2)):
        torch.testing.assert_close(near.at(near.margined(x), row, column), said[:, row, column])
    said[0, 3, 2].sum().backward()
    expected = torch.zeros(ROWS, COLUMNS, dtype=torch.bool)
    expected[1:3, 1:4] = expected[3, 1] = True
    assert torch.equal(x.grad[0] != 0, expected)
