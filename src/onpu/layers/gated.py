"""The gated activation, and causal convolutions with holes along time that end in it, whole or step by step.

van den Oord et al., "WaveNet: a generative model for raw audio" (2016, eq. 2 to 6 and figure 4), kernels of two:

    z_t = tanh(W_f x_{t-d} + W'_f x_t + V_f h) ⊙ σ(W_g x_{t-d} + W'_g x_t + V_g h)
    next layer: x_t + W_r z_t          skip: W_s z_t

`DilatedGate` is a layer over long sequences of samples, of which what is told (h) changes once a frame of many, so
that V h is computed at that rate and repeated; `GatedFrames` is a whole network over frames.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from onpu.layers.conditions import with_frames
from onpu.layers.module_list import TypedModuleList


def gated(x: Tensor) -> Tensor:
    """tanh of one half of the channels, times σ of the other: (batch, 2 p, …) -> (batch, p, …)."""
    features, gates = x.chunk(2, dim=1)
    return torch.tanh(features) * torch.sigmoid(gates)


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


class GatedFrames(nn.Module):
    """What may follow frames of numbers, of all frames before and a condition: (batch, inputs, frames) and (batch,
    conditions, frames) -> (batch, outputs, frames), whose frame t hears inputs up to t - 1, conditions up to t.

    Args:
        inputs, outputs, conditions: numbers a frame.
        width: of residual and dilated channels. skip: of those that are summed.
        first: kernel of the first convolution. dilations: of the layers behind it, whose kernels are 2.
    """

    def __init__(self, inputs: int, outputs: int, conditions: int, width: int, skip: int, first: int,
                 dilations: Sequence[int]) -> None:
        super().__init__()
        self.first, self.dilations, self.width = first, tuple(dilations), width
        self.enter = nn.Conv1d(inputs, width, first)
        self.gates = TypedModuleList([nn.Conv1d(width, 2 * width, 2, dilation=dilation) for dilation in dilations])
        self.told = TypedModuleList([nn.Conv1d(conditions, 2 * width, 1) for _ in dilations])
        self.after = TypedModuleList([nn.Conv1d(width, skip + width * (dilation is not None), 1)
                                    for dilation in [*dilations[:-1], None]])
        self.told_last = nn.Conv1d(conditions, skip, 1)
        self.leave = nn.Conv1d(skip, outputs, 1)
        self.skip = skip

    @property
    def reach(self) -> int:
        """Frames before one that its output depends on."""
        return self.first + sum(self.dilations)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """See the class."""
        x = self.enter(pad(x, (self.first, 0))[..., :-1])
        skips = self.told_last(condition)
        for gate, told, after, dilation in zip(self.gates, self.told, self.after, self.dilations, strict=True):
            pair = gate(pad(x, (dilation, 0))) + told(condition)
            made = after(gated(pair))
            skips = skips + made[:, : self.skip]
            if made.shape[1] > self.skip:
                x = x + made[:, self.skip :]
        said: Tensor = self.leave(skips.tanh())
        return said

    def sampler(self, condition: Tensor) -> "FrameSampler":
        """The same frame by frame, under conditions (batch, conditions, frames)."""
        return FrameSampler(self, condition)


class FrameSampler:
    """Goes through frames one at a time with queues of what layers said before (Le Paine et al., "Fast Wavenet
    generation algorithm", 2016): equal to the parallel form."""

    def __init__(self, network: GatedFrames, condition: Tensor):
        self.network = network
        batch = len(condition)
        self.told = [layer(condition).movedim(2, 0) for layer in network.told]
        self.told_last = network.told_last(condition).movedim(2, 0)
        self.enter = network.enter.weight.permute(0, 2, 1).flatten(1), network.enter.bias
        self.heard = condition.new_zeros(batch, network.first, network.enter.in_channels)
        self.gates = [(gate.weight.permute(0, 2, 1).flatten(1), gate.bias) for gate in network.gates]
        self.after = [(layer.weight[..., 0], layer.bias) for layer in network.after]
        self.leave = network.leave.weight[..., 0], network.leave.bias
        self.queues = [condition.new_zeros(dilation, batch, network.width) for dilation in network.dilations]
        self.frame = 0

    def step(self) -> Tensor:
        """What may stand in the next frame: (batch, outputs)."""
        frame, skip = self.frame, self.network.skip
        x = linear(self.heard.flatten(1), *self.enter)
        skips = self.told_last[frame]
        for number, queue in enumerate(self.queues):
            slot = frame % len(queue)
            pair = linear(torch.cat((queue[slot], x), dim=1), *self.gates[number]) + self.told[number][frame]
            queue[slot] = x
            made = linear(gated(pair), *self.after[number])
            skips = skips + made[:, :skip]
            if made.shape[1] > skip:
                x = x + made[:, skip:]
        self.frame += 1
        return linear(skips.tanh(), *self.leave)

    def take(self, values: Tensor) -> None:
        """What was put into that frame: (batch, inputs)."""
        self.heard = torch.cat((self.heard[:, 1:], values[:, None]), dim=1)


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
