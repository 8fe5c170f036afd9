"""Units and connections that torch has no layer for: maxout, highway, residual."""

import torch
from torch import Tensor, nn

from onpu.layers.initialise import constant_bias_


class Maxout(nn.Module):
    """The largest of several linear functions (Goodfellow et al., ICML 2013, section 3).

        h_i = max_j z_ij,    z_ij = xᵀ W_ij + b_ij,    j = 1 … pieces

    (batch, units * pieces, ...) -> (batch, units, ...): to be put after a linear layer or a convolution that makes the
    z; the pieces of a unit are neighbours. A unit is a convex function that it learns: with two pieces it can be ReLU,
    leaky ReLU or the absolute value.
    """

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, z: Tensor) -> Tensor:
        """(batch, units * pieces, ...) -> the largest of each unit's pieces (batch, units, ...)."""
        pieces: Tensor = z.unflatten(1, (-1, self.pieces))
        return pieces.amax(dim=2)


class Highway(nn.Module):
    """A layer that learns how much of its input to let by (Srivastava, Greff & Schmidhuber 2015, eq. 3).

        y = H(x) ⊙ T(x) + x ⊙ (1 - T(x)),    T(x) = σ(W_T x + b_T)

    Args:
        transform: H, which keeps the shape of its input.
        gate: W_T and b_T, a linear layer or a convolution that keeps the shape.
        bias: what b_T begins with: where it is negative, the input is let by at first (ibid., section 2.2).
    """

    def __init__(self, transform: nn.Module, gate: nn.Linear | nn.Conv1d | nn.Conv2d, bias: float = -2.0):
        super().__init__()
        self.transform, self.gate = transform, gate
        constant_bias_(gate, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Inputs of the transform's shape -> outputs of the same shape."""
        share = self.gate(x).sigmoid()
        return torch.lerp(x, self.transform(x), share)


class Residual(nn.Module):
    """A branch that learns how its input is to be changed (He et al., CVPR 2016, eq. 1 and 2).

        y = F(x) + x,    or    y = F(x) + W_s x

    Deviation: nothing comes after the sum; the paper's ReLU is the caller's.

    Args:
        branch: F.
        shortcut: W_s, where F changes the shape; the input as it is by default.
    """

    def __init__(self, branch: nn.Module, shortcut: nn.Module | None = None):
        super().__init__()
        self.branch = branch
        self.shortcut = nn.Identity() if shortcut is None else shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Inputs -> branch plus shortcut."""
        y: Tensor = self.branch(x) + self.shortcut(x)
        return y
