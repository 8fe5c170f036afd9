"""Causal convolutions with holes over long sequences, gated and told what is to come.

van den Oord et al., "WaveNet: a generative model for raw audio" (2016, eq. 2 to 6), kernels of two:

    z_t = tanh(W_f x_{t-d} + W'_f x_t + V_f h) ⊙ σ(W_g x_{t-d} + W'_g x_t + V_g h)
    next layer: x_t + W_r z_t          skip: W_s z_t

What is told (h) changes once a frame of many samples, so V h is computed at that rate and repeated. The skips of all
layers are one matrix over their z side by side, which is the sum of the paper's.
"""

import torch
from torch import Tensor, nn

from onpu.layers.causal import gated


class DilatedGate(nn.Module):
    """(batch, width, samples), told (batch, told, frames) -> z and what the next layer sees, both (batch, width,
    samples); the samples are a whole number of frames. last: whether there is no next layer."""

    def __init__(self, width: int, dilation: int, told: int, last: bool = False):
        super().__init__()
        self.dilation = dilation
        self.seen = nn.Linear(2 * width, 2 * width, bias=False)
        self.told = nn.Linear(told, 2 * width)
        self.out = None if last else nn.Linear(width, width)

    def forward(self, x: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        said = along(self.seen, torch.cat([delayed(x, self.dilation), x], dim=1))
        z = gated(with_frames(said, along(self.told, told)))
        return z, x if self.out is None else x + along(self.out, z)


class FrameConditions(nn.Module):
    """What is told frame by frame (batch, channels, frames), and of the whole (batch,), a number below `kinds` such as
    that of an instrument -> (batch, width, frames). Two frames before and after each are seen."""

    def __init__(self, channels: int, kinds: int, width: int):
        super().__init__()
        self.kinds = nn.Embedding(kinds, width)
        self.near = nn.Conv1d(channels, width, 3, padding=1)
        self.far = nn.Conv1d(width, width, 3, padding=1)

    def forward(self, told: Tensor, kind: Tensor) -> Tensor:
        """See the class."""
        joined: Tensor = self.far((self.near(told) + self.kinds(kind)[:, :, None]).relu()).relu()
        return joined


def along(layer: nn.Linear, x: Tensor) -> Tensor:
    """A linear layer at each step of (batch, inputs, steps) -> (batch, outputs, steps)."""
    said: Tensor = torch.matmul(layer.weight, x)
    if layer.bias is not None:
        said = said + layer.bias[:, None]
    return said


def delayed(x: Tensor, steps: int) -> Tensor:
    """(batch, channels, steps), so many steps later; zeros come first."""
    later: Tensor = nn.functional.pad(x, (steps, 0))[..., : x.shape[-1]]
    return later


def with_frames(x: Tensor, told: Tensor) -> Tensor:
    """(batch, channels, samples) + what is told of each frame (batch, channels, frames), repeated."""
    joined: Tensor = (x.unflatten(-1, (told.shape[-1], -1)) + told[..., None]).flatten(-2)
    return joined
