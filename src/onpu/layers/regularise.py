"""What keeps a network from learning by heart, where torch has no layer for it."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class DropConnect(nn.Linear):
    """A linear layer that loses connections, where dropout loses units (Wan et al., ICML 2013, eq. 3).

        y = (M ⊙ W) x + b,    M_ij = 0 with the given probability, for each example anew

    (batch, inputs) -> (batch, outputs); parameters are those of `nn.Linear`.

    Deviations: what is left is made larger by 1 / (1 - probability), so that the mean stays; biases are not dropped; in
    evaluation the mean connection is taken, while the paper draws the sum of each unit from a normal distribution with
    the mean and variance that it has under M and averages behind the activation function (ibid., section 3.2).

    A mask of one example is as large as W. One mask for all examples of a batch, for any layer, is torch's
    `torch.nn.utils.parametrize.register_parametrization(layer, "weight", nn.Dropout(probability))`.
    """

    def __init__(self, inputs: int, outputs: int, probability: float = 0.5):
        super().__init__(inputs, outputs)
        self.probability = probability

    def forward(self, x: Tensor) -> Tensor:
        """Inputs (batch, inputs) -> outputs (batch, outputs); connections are dropped while training only."""
        if not self.training:
            return super().forward(x)
        mask = functional.dropout(torch.ones_like(self.weight).expand(len(x), -1, -1), self.probability)
        return torch.einsum("bi,boi->bo", x, mask * self.weight) + self.bias
