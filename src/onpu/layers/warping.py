"""Distance of sequences that run at different speeds: dynamic time warping with a soft minimum.

Cuturi & Blondel, "Soft-DTW: a differentiable loss function for time-series" (ICML 2017).
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import pad


def soft_dtw(x: Tensor, y: Tensor, gamma: float = 1.0) -> Tensor:
    """Cost of the best alignment of two sequences, softened by all the others (Cuturi & Blondel 2017, eq. 1 and 2).

        dtw_γ(x, y) = min^γ over alignments of Σ ‖x_i - y_j‖²,      min^γ(a) = -γ log Σ exp(-a / γ)

    An alignment leads from the first frames of both to the last ones, each step to the next frame of x, of y, or of
    both. Unlike dynamic time warping, this has a gradient everywhere. It is no distance: for γ > 0 it may be negative
    and is less than 0 for equal sequences; subtracting half of dtw_γ(x, x) + dtw_γ(y, y) mends that.

    Work and memory grow with n * m; n + m steps are taken one after another, each over a diagonal.

    Args:
        x: (batch, channels, n).
        y: (batch, channels, m), as many channels.
        gamma: softness, in the unit of squared differences; towards 0, dynamic time warping.

    Returns:
        (batch,)
    """
    kind = torch.promote_types(torch.promote_types(x.dtype, y.dtype), torch.float32)
    with torch.autocast(x.device.type, enabled=False):  # the difference of large numbers needs their digits
        x, y = x.to(kind), y.to(kind)
        cost = x.square().sum(dim=1)[:, :, None] + y.square().sum(dim=1)[:, None] - 2 * x.mT @ y  # (batch, n, m)
        costs: Tensor = _SoftDtw.apply(cost, gamma)
        return costs


class _SoftDtw(torch.autograd.Function):
    """Costs δ (batch, n, m) -> soft-DTW (batch,): algorithms 1 and 2 of the paper, diagonal by diagonal.

    Diagonal k holds the cells (i, j) with i + j = k in the order of i; where that is outside of the matrix, r is
    infinite. Sums are kept in float64, as their differences over γ are exponents.
    """

    @staticmethod
    def forward(ctx: Any, cost: Tensor, gamma: float) -> Tensor:
        """r_ij = δ_ij + min^γ(r_{i-1,j-1}, r_{i-1,j}, r_{i,j-1}), r_00 = 0, r_i0 = r_0j = ∞; the last of them."""
        batch, n, m = cost.shape
        delta = torch.full((n + m + 1, batch, n + 1), torch.inf, dtype=torch.double, device=cost.device)  # k, batch, i
        delta[2:, :, 1:] = _skewed(cost.double())
        r = torch.full_like(delta, torch.inf)
        r[0, :, 0] = 0
        for k in range(2, n + m + 1):
            before = torch.stack([r[k - 2, :, :-1], r[k - 1, :, :-1], r[k - 1, :, 1:]])
            r[k, :, 1:] = delta[k, :, 1:] - gamma * (before / -gamma).logsumexp(dim=0)
        ctx.save_for_backward(delta, r)
        ctx.gamma, ctx.kind = gamma, cost.dtype
        return r[-1, :, -1].to(cost.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """e_ij = a e_{i+1,j} + b e_{i,j+1} + c e_{i+1,j+1}, a = exp((r_{i+1,j} - r_ij - δ_{i+1,j}) / γ), b, c alike."""
        delta, r = ctx.saved_tensors
        last, n = len(r) - 1, r.shape[-1] - 1
        reached = torch.where(delta.isinf(), -torch.inf, r - delta)  # the soft minimum before each cell
        reached = pad(reached, (0, 1, 0, 0, 0, 1), value=-torch.inf)  # i to n + 1, k to n + m + 1
        here = r[:-1, :, 1:]
        a = ((reached[1:-1, :, 2:] - here) / ctx.gamma).exp()
        b = ((reached[1:-1, :, 1:-1] - here) / ctx.gamma).exp()
        c = ((reached[2:, :, 2:] - here) / ctx.gamma).exp()
        e = torch.zeros_like(reached)
        e[last, :, n] = gradient
        for k in range(last - 1, 1, -1):
            e[k, :, 1:-1] = a[k] * e[k + 1, :, 2:] + b[k] * e[k + 1, :, 1:-1] + c[k] * e[k + 2, :, 2:]
        return _straight(e[2:-1, :, 1:-1]).to(ctx.kind), None


def _skewed(cost: Tensor) -> Tensor:
    """(batch, n, m) -> (n + m - 1, batch, n): cell (i, j), counted from 0, lies at (i + j, batch, i); ∞ elsewhere."""
    batch, n, m = cost.shape
    rows = pad(cost, (0, n), value=torch.inf).flatten(1)  # in rows one shorter, row i begins i cells later
    return rows[:, : n * (n + m - 1)].reshape(batch, n, n + m - 1).permute(2, 0, 1)


def _straight(diagonals: Tensor) -> Tensor:
    """The inverse of `_skewed`."""
    count, batch, n = diagonals.shape
    rows = pad(diagonals.permute(1, 2, 0).flatten(1), (0, n))
    return rows.reshape(batch, n, count + 1)[:, :, : count + 1 - n]
