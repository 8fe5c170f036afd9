"""Sound of sixteen bits, sample by sample, by one recurrent layer.

Kalchbrenner et al., "Efficient neural audio synthesis" (ICML 2018), WaveRNN: a sample is a coarse byte c and a fine
byte f; one GRU, of whose state one half says the coarse byte, the other the fine one, which hears the coarse byte of
its own sample too (the mask):

    x_t = [c_{t-1}, f_{t-1}, c_t],    u, r = σ(R h_{t-1} + I* x_t),    e = tanh(r ∘ (R_e h_{t-1}) + I*_e x_t)
    h_t = u ∘ h_{t-1} + (1 - u) ∘ e,    P(c_t) = softmax(O₂ relu(O₁ y_c)),    P(f_t) = softmax(O₄ relu(O₃ y_f))

The recurrent matrix can be made sparse in blocks (section 3): `prune` keeps the blocks of largest weights.

Deviations: what is told of frames of `hop` samples, a mel spectrum, is added by two small convolutions and repeated, of
which the paper says nothing; biases as torch's GRU has them.
"""

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.conditions import FrameConditions
from onpu.models.wavenet import array

BYTE = 256
"""Values of each half of a sample."""
HEARD = 3
"""Bytes that the layer hears: coarse and fine before, coarse now."""


_SCALE = BYTE / 2 - 0.5
MARGIN = 2
"""Frames that are told before and after those of the sound."""
SILENCE = (BYTE // 2, 0)
"""Coarse and fine byte of a sample of 0."""


class WaveRnn(nn.Module):
    """before (batch, samples, 2) coarse and fine byte of the sample before each, coarse (batch, samples) byte of each,
    whole numbers below `BYTE`; told (batch, channels, frames + 2 MARGIN) -> logits of coarse and fine bytes (batch,
    BYTE, samples).

    channels: of what is told. hop: samples of a frame. units: of the state, even. told: channels in which frames are
    told. block: rows and columns of the recurrent matrix that are kept or left out together.
    """

    kept: Tensor
    seen: Tensor
    steps: Tensor

    def __init__(self, channels: int, hop: int, units: int = 224, told: int = 64, block: tuple[int, int] = (16, 1)):
        super().__init__()
        self.channels, self.hop, self.units, self.told, self.block = channels, hop, units, told, block
        if units % 2:
            raise ValueError(f"a state in two halves needs an even number of units, not {units}")
        self.conditions = FrameConditions(channels, 1, told)
        self.recurrent = nn.GRU(HEARD + told, units, batch_first=True)
        half = units // 2
        self.coarse, self.coarse_logits = nn.Linear(half, half), nn.Linear(half, BYTE)
        self.fine, self.fine_logits = nn.Linear(half, half), nn.Linear(half, BYTE)
        seen = torch.ones(3, units, HEARD + told)
        seen[:, :half, HEARD - 1] = 0  # the coarse half does not hear its own byte
        self.register_buffer("seen", seen.flatten(0, 1), persistent=False)
        self.register_buffer("kept", torch.ones(3 * units, units))
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, before: Tensor, coarse: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        self.mask()
        frames = self.frames(told).transpose(1, 2).repeat_interleave(self.hop, dim=1)
        heard = torch.cat((scaled_bytes(before), scaled_bytes(coarse)[..., None], frames), dim=2)
        states, _ = self.recurrent(heard)
        first, second = states.chunk(2, dim=2)
        return (self.coarse_logits(self.coarse(first).relu()).transpose(1, 2),
                self.fine_logits(self.fine(second).relu()).transpose(1, 2))

    def frames(self, told: Tensor) -> Tensor:
        """(batch, channels, frames + 2 MARGIN) -> (batch, told, frames)."""
        kind = torch.zeros(len(told), dtype=torch.long, device=told.device)
        frames: Tensor = self.conditions(told, kind)[..., MARGIN:-MARGIN]
        return frames

    def matrices(self) -> tuple[Tensor, Tensor]:
        """What meets what is heard (3 units, inputs), and what meets the state (3 units, units)."""
        weights = self.recurrent.weight_ih_l0, self.recurrent.weight_hh_l0
        assert isinstance(weights[0], Tensor) and isinstance(weights[1], Tensor)
        return weights[0], weights[1]

    @torch.no_grad()
    def mask(self) -> None:
        """Weights that are masked or left out become zero."""
        for weights, kept in zip(self.matrices(), (self.seen, self.kept), strict=True):
            weights.mul_(kept)

    @torch.no_grad()
    def prune(self, share: float) -> None:
        """Leave out this share of the blocks of each gate's recurrent matrix, those whose weights are smallest."""
        rows, columns = self.block
        for gate, kept in zip(self.matrices()[1].chunk(3), self.kept.chunk(3), strict=True):
            sizes = gate.abs().unflatten(0, (-1, rows)).unflatten(2, (-1, columns)).sum(dim=(1, 3))
            order = sizes.flatten().argsort().argsort().view_as(sizes)
            blocks = (order >= round(share * sizes.numel())).float()
            kept.copy_(blocks.repeat_interleave(rows, 0).repeat_interleave(columns, 1))
        self.mask()

    def sampler(self, told: Tensor) -> "WaveRnnSampler":
        """What says one byte after the other; told (1, channels, frames + 2 MARGIN)."""
        return WaveRnnSampler(self, told)


def sparsity(step: int, begin: int, steps: int, share: float) -> float:
    """Share of the blocks that are left out at a step: Z (1 - (1 - (t - t₀) / S)³), from none at `begin` to `share`
    after so many `steps` (Zhu & Gupta, 2017)."""
    along = min(max((step - begin) / max(steps, 1), 0.0), 1.0)
    return share * (1 - (1 - along) ** 3)


def scaled_bytes(numbers: Tensor) -> Tensor:
    """Bytes as the layer hears them, -1 to 1."""
    return numbers.float() / _SCALE - 1


class WaveRnnSampler:
    """The network, one sample at a time, in NumPy: one product with the recurrent matrix a sample."""

    def __init__(self, network: WaveRnn, told: Tensor):
        network.mask()
        self.hop, self.time, self.half = network.hop, 0, network.units // 2
        weight, again, bias, self.again_bias = (array(tensor) for tensor in network.recurrent.parameters())
        self.again = np.ascontiguousarray(again)
        self.heard, self.own = np.ascontiguousarray(weight[:, : HEARD - 1]), weight[:, HEARD - 1].copy()
        self.told = array(network.frames(told)[0]).T @ weight[:, HEARD:].T + bias
        self.layers = [[array(tensor) for tensor in (one.weight, one.bias, other.weight, other.bias)] for one, other in
                       ((network.coarse, network.coarse_logits), (network.fine, network.fine_logits))]
        self.state = np.zeros(network.units, np.float32)
        self.bytes = np.array(SILENCE, np.float32) / _SCALE - 1

    def coarse(self) -> np.ndarray:
        """Logits (BYTE,) of the coarse byte of the next sample."""
        units = 2 * self.half
        frame = self.told[min(self.time // self.hop, len(self.told) - 1)]
        self._inputs = (frame + self.heard @ self.bytes).reshape(3, units)
        self._again = (self.again @ self.state + self.again_bias).reshape(3, units)
        self._first = _gru(self._inputs[:, : self.half], self._again[:, : self.half], self.state[: self.half])
        return _logits(self._first, *self.layers[0])

    def fine(self, coarse: int) -> np.ndarray:
        """Logits (BYTE,) of the fine byte, after the coarse one that was drawn."""
        now = np.float32(coarse / _SCALE - 1)
        own = self.own.reshape(3, -1)[:, self.half :]
        second = _gru(self._inputs[:, self.half :] + now * own, self._again[:, self.half :], self.state[self.half :])
        self.state = np.concatenate((self._first, second))
        self.bytes[0] = now
        self.time += 1
        return _logits(second, *self.layers[1])

    def drawn(self, fine: int) -> None:
        """The fine byte that was drawn."""
        self.bytes[1] = fine / _SCALE - 1


def _gru(inputs: np.ndarray, again: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The next state of half of the units; inputs, again (3, half): what is heard and the state say to the gates r, z
    and to the candidate."""
    gates = 0.5 + 0.5 * np.tanh(0.5 * (inputs[:2] + again[:2]))
    new = np.tanh(inputs[2] + gates[0] * again[2])
    after: np.ndarray = new + gates[1] * (state - new)
    return after


def _logits(state: np.ndarray, weight: np.ndarray, bias: np.ndarray, last: np.ndarray, last_bias: np.ndarray
            ) -> np.ndarray:
    logits: np.ndarray = last @ np.maximum(weight @ state + bias, 0) + last_bias
    return logits
