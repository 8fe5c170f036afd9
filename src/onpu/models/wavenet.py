"""Sound, sample by sample, each from those before it.

van den Oord, Dieleman, Zen, Simonyan, Vinyals, Graves, Kalchbrenner, Senior & Kavukcuoglu, "WaveNet: a generative model
for raw audio" (2016): p(x | h) = Π_t p(x_t | x_1, …, x_{t-1}, h) over 256 levels of μ-law
(`onpu.represent.companding`).

    sample before, one-hot -> causal convolution of 2 -> layers with holes of 1, 2, 4 … 512 and again
    (`onpu.layers.gated`) -> skips of all layers, summed, ReLU, 1 x 1, ReLU, 1 x 1 -> a softmax over the levels

h tells frames of `hop` samples (notes, a mel spectrum) and one number for the whole (an instrument, a singer).

Deviations: frames are told by two small convolutions and repeated, in place of a transposed convolution; sines of the
note that is played are told at each sample, for a small network does not find its pitch otherwise; weights of levels
begin as smooth functions of the level (`onpu.layers.initialise.ordered_`), not as those of unrelated symbols; whole
periods of the note before are heard, if asked for (`onpu.layers.periods`); sizes in recipes but the paper's, which is
not complete in this: 512 channels and 256 of skips are those of its successors.
"""

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.conditions import FrameConditions, Tones
from onpu.layers.gated import DilatedGate, along, delayed
from onpu.layers.initialise import ordered_
from onpu.layers.module_list import TypedModuleList
from onpu.layers.periods import PeriodRows, PeriodsBefore

LEVEL_PERIODS, LOGIT_PERIODS = 2.0, 16.0
"""How fast initial weights change over the levels at most: of levels that are heard, of levels that are said."""


class WaveNet(nn.Module):
    """Levels (batch, samples), whole numbers; told (batch, channels + 2, frames), of which the last two tell the tone
    (`onpu.layers.conditions.Tones`), kind (batch,) -> logits (batch, levels, samples), each from the samples before it.

    channels: of what else is told. kinds: of the whole, such as instruments. hop: samples of a frame. width: channels
    of the layers. skip: of the sum of the skips. depth: layers of a stack, with holes of 1, 2, 4 … stacks: how many.
    harmonics: partials of the tone that are told. periods: of the note before that are heard, 0: none. `receptive`:
    samples before one that it depends on, apart from these periods.
    """

    def __init__(self, channels: int, kinds: int, hop: int, levels: int = 256, width: int = 32, skip: int = 128,
                 depth: int = 10, stacks: int = 2, told: int = 64, harmonics: int = 8, periods: int = 0):
        super().__init__()
        self.channels, self.hop, self.levels, self.width, self.skip = channels, hop, levels, width, skip
        self.dilations = [2**number for _ in range(stacks) for number in range(depth)]
        self.receptive = sum(self.dilations) + 2
        self.conditions = FrameConditions(channels, kinds, told)
        self.tones = Tones(harmonics, hop, width)
        self.periods = periods
        self.looking_back = PeriodsBefore(periods, hop, levels, width) if periods else None
        self.first = nn.Embedding(levels, 2 * width)
        ordered_(self.first.weight, LEVEL_PERIODS)
        count = len(self.dilations)
        self.layers = TypedModuleList(DilatedGate(width, dilation, told, number == count - 1)
                                      for number, dilation in enumerate(self.dilations))
        self.skips = nn.Linear(width * count, skip)
        self.hidden, self.last = nn.Linear(skip, skip), nn.Linear(skip, levels)
        ordered_(self.last.weight, LOGIT_PERIODS, skip**-0.5)

    def forward(self, levels: Tensor, told: Tensor, kind: Tensor) -> Tensor:
        """See the class."""
        known, tone = before_each(levels, self.levels), told[:, self.channels :]
        now, before = self.first(known).transpose(1, 2).chunk(2, dim=1)
        x = now + delayed(before, 1) + self.tones(tone)
        if self.looking_back is not None:
            x = x + self.looking_back(known, tone)
        heard, seen = [], self.conditions(told[:, : self.channels], kind)
        for layer in self.layers:
            z, x = layer(x, seen)
            heard.append(z)
        skips = along(self.skips, torch.cat(heard, dim=1)).relu()
        return along(self.last, along(self.hidden, skips).relu())

    def sampler(self, told: Tensor, kind: Tensor) -> "WaveNetSampler":
        """What gives the logits of one sample after the other; told (1, channels, frames), kind (1,)."""
        return WaveNetSampler(self, told, kind)


class ToneRows:
    """What `Tones` say of a tone (1, 2, frames), one sample after the other, the last frame for ever."""

    def __init__(self, tones: Tones, tone: Tensor):
        self.tones, self.tone, self.frame, self.rows = tones, tone, -1, np.zeros((0, 0), np.float32)

    def __call__(self, time: int) -> np.ndarray:
        """(width,) at a sample."""
        frame = min(time // self.tones.hop, self.tone.shape[2] - 1)
        if frame != self.frame:
            self.frame, self.rows = frame, array(self.tones(self.tone[:, :, frame : frame + 1])[0].T)
        row: np.ndarray = self.rows[time % self.tones.hop]
        return row


class WaveNetSampler:
    """The network, one sample at a time: each layer keeps what it saw in a queue as long as its hole (Le Paine et al.,
    "Fast WaveNet generation algorithm", 2016), in NumPy. Gives the logits that the network would.

    σ(g) is (1 + tanh(g / 2)) / 2, so that both halves of a gate are one tanh.
    """

    def __init__(self, network: WaveNet, told: Tensor, kind: Tensor):
        width, layers = network.width, list(network.layers)
        self.hop, self.width, self.silence, self.time = network.hop, width, network.levels // 2, 0
        halves = np.repeat(np.array([1, 0.5], np.float32), width)[:, None]
        seen = [array(layer.seen.weight) * halves for layer in layers]
        self.past = np.stack([weight[:, :width] for weight in seen])
        self.now = [np.ascontiguousarray(weight[:, width:]) for weight in seen]
        conditions = network.conditions(told[:, : network.channels], kind)
        told_each = [array(along(layer.told, conditions)[0]) * halves for layer in layers]
        self.told = np.stack(told_each).transpose(2, 0, 1).copy()  # (frames, layers, 2 width)
        between = [layer.out for layer in layers if layer.out is not None]
        self.out, self.bias = [array(out.weight) / 2 for out in between], [array(out.bias) for out in between]
        self.skips, self.skip_bias = array(network.skips.weight) / 2, array(network.skips.bias)
        self.hidden, self.hidden_bias = array(network.hidden.weight), array(network.hidden.bias)
        self.last, self.last_bias = array(network.last.weight), array(network.last.bias)
        self.first = array(network.first.weight)
        tone = told[:, network.channels :]
        self.tones = ToneRows(network.tones, tone)
        self.looking_back = PeriodRows(network.looking_back, tone) if network.looking_back is not None else None
        self.before = np.zeros(width, np.float32)
        self.holes, self.numbers = np.array(network.dilations), np.arange(len(layers))
        self.queues = np.zeros((len(layers), max(network.dilations), width), np.float32)
        self.heard = np.zeros((len(layers), width), np.float32)
        self.inputs = np.zeros((len(layers), width), np.float32)

    def __call__(self, level: int | None) -> np.ndarray:
        """Logits (levels,) of the next sample, after the one that was drawn; None: there is none yet."""
        width, places = self.width, self.time % self.holes
        frame = self.told[min(self.time // self.hop, len(self.told) - 1)]
        past = (self.past @ self.queues[self.numbers, places][:, :, None])[:, :, 0] + frame
        row = self.first[self.silence if level is None else level]
        x, self.before = row[:width] + self.before + self.tones(self.time), row[width:]
        if self.looking_back is not None:
            x = x + self.looking_back(level)
        for number, now in enumerate(self.now):
            self.inputs[number] = x
            both = now @ x
            both += past[number]
            np.tanh(both, both)
            z = self.heard[number]
            np.multiply(both[:width], both[width:], z)
            z += both[:width]
            if number < len(self.out):
                x = self.out[number] @ z + (x + self.bias[number])
        self.queues[self.numbers, places] = self.inputs
        self.time += 1
        skips = np.maximum(self.skips @ self.heard.ravel() + self.skip_bias, 0)
        logits: np.ndarray = self.last @ np.maximum(self.hidden @ skips + self.hidden_bias, 0) + self.last_bias
        return logits


def array(tensor: Tensor) -> np.ndarray:
    """A tensor as float32 on the CPU."""
    values: np.ndarray = tensor.detach().cpu().float().numpy()
    return values


def before_each(levels: Tensor, count: int) -> Tensor:
    """The level before each sample, silence before the first: (batch, samples) -> the same shape."""
    return nn.functional.pad(levels[:, :-1], (1, 0), value=count // 2)
