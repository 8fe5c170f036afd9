"""Recurrent networks over the two directions of a picture."""

import torch
from torch import Tensor, nn

GATES = 5


class SpatialLstm(nn.Module):
    """Long short-term memory that hands its state on to the right and downwards (Theis & Bethge, NIPS 2015, section
    2.3).

        (g, o, i, f^c, f^r) = (tanh, σ, σ, σ, σ)(T(x_ij, h_{i,j-1}, h_{i-1,j}))
        c_ij = g ⊙ i + c_{i,j-1} ⊙ f^c + c_{i-1,j} ⊙ f^r
        h_ij = tanh(c_ij ⊙ o)

    Forget gates for the left and for the upper state begin at 1/2 each: more, and the cells, to which as many paths
    lead as there are ways through the picture, would grow without bound.

    given: (batch, rows, columns, 5 units), what the inputs x_ij say to the gates -> h (batch, rows, columns, units). A
    diagonal of the picture is one step, since nothing in it depends on the rest of it.
    """

    def __init__(self, units: int):
        super().__init__()
        self.units = units
        self.recurrent = nn.Linear(2 * units, GATES * units, bias=False)
        nn.init.uniform_(self.recurrent.weight, -0.08, 0.08)

    def forward(self, given: Tensor) -> Tensor:
        """What inputs say to the gates (batch, rows, columns, 5 units) -> h (batch, rows, columns, units)."""
        batch, rows, columns, _ = given.shape
        diagonals = skewed(given)  # (rows + columns - 1, batch, rows, 5 units)
        column = torch.arange(len(diagonals), device=given.device)[:, None] - torch.arange(rows, device=given.device)
        inside = ((column >= 0) & (column < columns)).to(given.dtype)[:, None, :, None]
        h, c = (given.new_zeros(batch, rows, self.units) for _ in range(2))
        said = []
        for diagonal, there in zip(diagonals.unbind(), inside.unbind(), strict=True):
            h, c = self.step(diagonal, (h, c), (downwards(h), downwards(c)))
            h, c = h * there, c * there
            said.append(h)
        return upright(torch.stack(said), columns)

    def step(self, given: Tensor, left: tuple[Tensor, Tensor], upper: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """h and c of pixels of which the left neighbours and the upper ones are known, each h, c (…, units)."""
        gates = given + self.recurrent(torch.cat((left[0], upper[0]), dim=-1))
        new, ways = gates[..., : self.units].tanh(), gates[..., self.units :].sigmoid()
        out, enter, forget_left, forget_upper = ways.chunk(4, dim=-1)
        c = new * enter + left[1] * forget_left + upper[1] * forget_upper
        return (c * out).tanh(), c


def downwards(x: Tensor) -> Tensor:
    """(batch, rows, units) -> the same, a row further down."""
    return nn.functional.pad(x[:, :-1], (0, 0, 1, 0))


def skewed(x: Tensor) -> Tensor:
    """(batch, rows, columns, n) -> its diagonals from upper right to lower left, (rows + columns - 1, batch, rows, n);
    zeros where a diagonal has no pixel in a row."""
    batch, rows, columns, n = x.shape
    wide = nn.functional.pad(x, (0, 0, 0, rows)).flatten(1, 2)[:, :-rows]
    return wide.view(batch, rows, rows + columns - 1, n).permute(2, 0, 1, 3).contiguous()


def upright(diagonals: Tensor, columns: int) -> Tensor:
    """Inverse of `skewed`."""
    _, batch, rows, n = diagonals.shape
    wide = nn.functional.pad(diagonals.permute(1, 2, 0, 3).flatten(1, 2), (0, 0, 0, rows))
    return wide.view(batch, rows, rows + columns, n)[:, :, :columns]
