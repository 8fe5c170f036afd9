"""Attention that knows where it has been.

Chorowski, Bahdanau, Serdyuk, Cho & Bengio, "Attention-based models for speech recognition" (NIPS 2015, section 2.1);
with the weights of all steps before, summed, as Shen et al. (ICASSP 2018) have it:

    f = F * Σ a before,    e_j = vᵀ tanh(W q + V h_j + U f_j + b),    a = softmax(e)
"""

import torch
from torch import Tensor, nn


class LocationAttention(nn.Module):
    """query (batch, query), keys (batch, symbols, size) as `keys` makes them of a memory, before (batch, symbols) the
    sum of the weights of all steps before, seen (batch, symbols) which symbols may be attended to -> weights (batch,
    symbols), which sum to 1.

    size: of what is compared. filters, kernel: of the convolution over `before`.
    """

    def __init__(self, query: int, memory: int, size: int = 128, filters: int = 32, kernel: int = 31):
        super().__init__()
        self.query = nn.Linear(query, size, bias=False)
        self.memory = nn.Linear(memory, size)
        self.reach = kernel // 2
        self.near = nn.Linear(2 * self.reach + 1, filters, bias=False)
        self.place = nn.Linear(filters, size, bias=False)
        self.score = nn.Linear(size, 1, bias=False)

    def keys(self, memory: Tensor) -> Tensor:
        """(batch, symbols, memory) -> (batch, symbols, size)."""
        keys: Tensor = self.memory(memory)
        return keys

    def forward(self, query: Tensor, keys: Tensor, before: Tensor, seen: Tensor) -> Tensor:
        """See the class."""
        near = nn.functional.pad(before, (self.reach, self.reach)).unfold(1, 2 * self.reach + 1, 1)
        place = near @ (self.place.weight @ self.near.weight).T  # a convolution and what is made of it, as one product
        energy = self.score((self.query(query)[:, None] + keys + place).tanh())[..., 0]
        return torch.softmax(energy.float().masked_fill(~seen, -1e9), dim=1)
