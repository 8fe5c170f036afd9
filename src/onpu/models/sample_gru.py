"""Sound, sample by sample, by a plain recurrent layer: what WaveNet and SampleRNN are compared with.

Mehri et al., "SampleRNN" (ICLR 2017, section 3.1, the baseline RNN): the sample before, embedded, and what is told ->
GRU -> ReLU -> a softmax over the levels. It hears whole periods before (`onpu.layers.periods`) where WaveNet does.
"""

import numpy as np
from torch import Tensor, nn

from onpu.layers.conditions import FrameConditions, Tones, with_frames
from onpu.layers.initialise import ordered_
from onpu.layers.periods import PeriodRows, PeriodsBefore
from onpu.models.wavenet import LEVEL_PERIODS, LOGIT_PERIODS, ToneRows, array, before_each


class SampleGru(nn.Module):
    """Levels (batch, samples), told (batch, channels + 2, frames), kind (batch,) -> logits (batch, levels, samples), as
    `WaveNet` has them."""

    def __init__(self, channels: int, kinds: int, hop: int, levels: int = 256, units: int = 256, told: int = 64,
                 harmonics: int = 8, periods: int = 0):
        super().__init__()
        self.channels, self.hop, self.levels, self.units = channels, hop, levels, units
        self.conditions = FrameConditions(channels, kinds, told)
        self.tones = Tones(harmonics, hop, told)
        self.periods = periods
        self.looking_back = PeriodsBefore(periods, hop, levels, told) if periods else None
        self.first = nn.Embedding(levels, told)
        ordered_(self.first.weight, LEVEL_PERIODS)
        self.recurrent = nn.GRU(told, units, batch_first=True)
        self.hidden, self.last = nn.Linear(units, 128), nn.Linear(128, levels)
        ordered_(self.last.weight, LOGIT_PERIODS, 128**-0.5)

    def forward(self, levels: Tensor, told: Tensor, kind: Tensor) -> Tensor:
        """See the class."""
        known, tone = before_each(levels, self.levels), told[:, self.channels :]
        near = self.first(known).transpose(1, 2) + self.tones(tone)
        if self.looking_back is not None:
            near = near + self.looking_back(known, tone)
        seen = with_frames(near, self.conditions(told[:, : self.channels], kind))
        heard, _ = self.recurrent(seen.transpose(1, 2))
        logits: Tensor = self.last(self.hidden(heard).relu()).transpose(1, 2)
        return logits

    def sampler(self, told: Tensor, kind: Tensor) -> "GruSampler":
        """What gives the logits of one sample after the other; told (1, channels, frames), kind (1,)."""
        return GruSampler(self, told, kind)


class GruSampler:
    """The network, one sample at a time, in NumPy."""

    def __init__(self, network: SampleGru, told: Tensor, kind: Tensor):
        self.hop, self.silence, self.time = network.hop, network.levels // 2, 0
        weight, self.again, bias, self.again_bias = (array(tensor) for tensor in network.recurrent.parameters())
        tone = told[:, network.channels :]
        self.tones, self.weight = ToneRows(network.tones, tone), weight
        self.looking_back = PeriodRows(network.looking_back, tone) if network.looking_back is not None else None
        self.first = array(network.first.weight) @ weight.T
        self.told = array(network.conditions(told[:, : network.channels], kind)[0]).T @ weight.T + bias
        self.hidden, self.hidden_bias = array(network.hidden.weight), array(network.hidden.bias)
        self.last, self.last_bias = array(network.last.weight), array(network.last.bias)
        self.state = np.zeros(network.units, np.float32)

    def __call__(self, level: int | None) -> np.ndarray:
        """Logits (levels,) of the next sample, after the one that was drawn; None: there is none yet."""
        frame = self.told[min(self.time // self.hop, len(self.told) - 1)]
        near = self.tones(self.time)
        if self.looking_back is not None:
            near = near + self.looking_back(level)
        seen = self.first[self.silence if level is None else level] + self.weight @ near
        self.state = gru_step(seen + frame, self.again @ self.state + self.again_bias, self.state)
        self.time += 1
        hidden = np.maximum(self.hidden @ self.state + self.hidden_bias, 0)
        logits: np.ndarray = self.last @ hidden + self.last_bias
        return logits


def gru_step(inputs: np.ndarray, again: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The next state (units,) of a GRU as torch has it; inputs, again (3 units,): what input and state say to the gates
    r, z and to the candidate n."""
    units = len(state)
    gates = 0.5 + 0.5 * np.tanh(0.5 * (inputs[: 2 * units] + again[: 2 * units]))
    new = np.tanh(inputs[2 * units :] + gates[:units] * again[2 * units :])
    after: np.ndarray = new + gates[units:] * (state - new)
    return after
