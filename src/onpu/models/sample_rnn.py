"""Sound, sample by sample, by recurrent layers at several rates.

Mehri et al., "SampleRNN: an unconditional end-to-end neural audio generation model" (ICLR 2017), three tiers:

    frames of 8 samples -> GRU -> for each of 4 frames of 2 samples (+ the frame before, linear) -> GRU
    -> for each of 2 samples (+ the last 2 samples, embedded) -> ReLU, ReLU -> a softmax over the levels

A tier is told what the tier above says by a linear map of its own for each of its frames (section 2.1, eq. 5).
Gradients end after `truncation` samples, the states go on (section 2.3).

Deviations: what is told of notes and instrument is added to the input of the top tier, a note's tone where samples
are said (in the paper nothing is); levels
of μ-law in place of linear ones; states begin with zeros, not with learned ones; no weight normalisation.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.conditions import FrameConditions, Tones
from onpu.layers.initialise import ordered_
from onpu.layers.module_list import TypedModuleList
from onpu.layers.recurrent import truncated
from onpu.models.sample_gru import gru_step
from onpu.models.wavenet import LEVEL_PERIODS, LOGIT_PERIODS, ToneRows, array, before_each


class FrameTier(nn.Module):
    """A recurrent tier: frames of samples before (batch, frames, size), what comes from above (batch, frames, units) ->
    (batch, frames * ratio, units), for the frames of the tier below."""

    def __init__(self, size: int, units: int, ratio: int):
        super().__init__()
        self.size, self.ratio = size, ratio
        self.seen = nn.Linear(size, units)
        self.recurrent = nn.GRU(units, units, batch_first=True)
        self.below = nn.Linear(units, ratio * units)

    def forward(self, frames: Tensor, above: Tensor, length: int) -> Tensor:
        """length: frames after which gradients end."""
        said = [y for _, y in truncated(self.recurrent, self.seen(frames) + above, length)]
        below: Tensor = self.below(torch.cat(said, dim=1))
        spread: Tensor = below.unflatten(-1, (self.ratio, -1)).flatten(1, 2)
        return spread


class SampleRnn(nn.Module):
    """Levels (batch, samples), told (batch, channels + 2, frames), kind (batch,) -> logits (batch, levels, samples), as
    `WaveNet` has them.

    sizes: samples of the frames of the recurrent tiers, from the top, each a multiple of the next; the samples of what
    is told of a frame, `hop`, are a multiple of the first. truncation: samples after which gradients end.
    """

    def __init__(self, channels: int, kinds: int, hop: int, levels: int = 256, units: int = 128, told: int = 64,
                 sizes: Sequence[int] = (8, 2), truncation: int = 512, harmonics: int = 8):
        super().__init__()
        self.channels, self.hop, self.levels, self.units = channels, hop, levels, units
        self.sizes, self.truncation = tuple(sizes), truncation
        self.conditions = FrameConditions(channels, kinds, told)
        self.above = nn.Linear(told, units)
        ratios = [size // below for size, below in zip(self.sizes, (*self.sizes[1:], 1), strict=True)]
        self.tiers = TypedModuleList(FrameTier(size, units, ratio)
                                     for size, ratio in zip(self.sizes, ratios, strict=True))
        self.tones = Tones(harmonics, hop, units)
        self.first = nn.Embedding(levels, 64)
        ordered_(self.first.weight, LEVEL_PERIODS)
        self.near = nn.Linear(64 * self.sizes[-1], units, bias=False)
        self.hidden, self.last = nn.Linear(units, units), nn.Linear(units, levels)
        ordered_(self.last.weight, LOGIT_PERIODS, units**-0.5)

    def forward(self, levels: Tensor, told: Tensor, kind: Tensor) -> Tensor:
        """See the class; the samples are a whole number of frames of the top tier."""
        said = self.above(self.conditions(told[:, : self.channels], kind).transpose(1, 2))
        above = said.repeat_interleave(self.hop // self.sizes[0], dim=1)
        for tier, size in zip(self.tiers, self.sizes, strict=True):
            above = tier(frames_before(levels, size, self.levels), above, max(1, self.truncation // size))
        size = self.sizes[-1]
        before = nn.functional.pad(before_each(levels, self.levels), (size - 1, 0), value=self.levels // 2)
        near = self.near(self.first(before).unfold(1, size, 1).transpose(2, 3).flatten(2))
        above = above + self.tones(told[:, self.channels :]).transpose(1, 2)
        logits: Tensor = self.last(self.hidden((near + above).relu()).relu()).transpose(1, 2)
        return logits

    def sampler(self, told: Tensor, kind: Tensor) -> "SampleRnnSampler":
        """What gives the logits of one sample after the other; told (1, channels, frames), kind (1,)."""
        return SampleRnnSampler(self, told, kind)


class SampleRnnSampler:
    """The network, one sample at a time, in NumPy: a tier moves once a frame of its own."""

    def __init__(self, network: SampleRnn, told: Tensor, kind: Tensor):
        self.hop, self.sizes, self.levels, self.time = network.hop, network.sizes, network.levels, 0
        self.told = array(network.above(network.conditions(told[:, : network.channels], kind).transpose(1, 2))[0])
        self.tones = ToneRows(network.tones, told[:, network.channels :])
        self.tiers = [[array(tensor) for tensor in tier.parameters()] for tier in network.tiers]
        self.states = [np.zeros(network.units, np.float32) for _ in network.tiers]
        self.below = [np.zeros((tier.ratio, network.units), np.float32) for tier in network.tiers]
        near = array(network.near.weight).reshape(network.units, self.sizes[-1], -1)
        self.near = np.einsum("upe,le->plu", near, array(network.first.weight))
        self.hidden, self.hidden_bias = array(network.hidden.weight), array(network.hidden.bias)
        self.last, self.last_bias = array(network.last.weight), array(network.last.bias)
        self.heard = np.full(self.sizes[0], network.levels // 2)

    def __call__(self, level: int | None) -> np.ndarray:
        """Logits (levels,) of the next sample, after the one that was drawn; None: there is none yet."""
        if level is not None:
            self.heard = np.append(self.heard[1:], level)
        above = self.told[min(self.time // self.hop, len(self.told) - 1)]
        for number, size in enumerate(self.sizes):
            if not self.time % size:
                self._move(number, above)
            above = self.below[number][self.time % size * len(self.below[number]) // size]
        near = sum(table[heard] for table, heard in zip(self.near, self.heard[-self.sizes[-1] :], strict=True))
        above = above + self.tones(self.time)
        self.time += 1
        hidden = np.maximum(self.hidden @ np.maximum(near + above, 0) + self.hidden_bias, 0)
        logits: np.ndarray = self.last @ hidden + self.last_bias
        return logits

    def _move(self, number: int, above: np.ndarray) -> None:
        """A tier, to its next frame."""
        seen, seen_bias, weight, again, bias, again_bias, below, below_bias = self.tiers[number]
        frame = (self.heard[-self.sizes[number] :] / np.float32(self.levels - 1) - np.float32(0.5)) * 4
        said = weight @ (seen @ frame.astype(np.float32) + seen_bias + above) + bias
        self.states[number] = gru_step(said, again @ self.states[number] + again_bias, self.states[number])
        self.below[number] = (below @ self.states[number] + below_bias).reshape(self.below[number].shape)


def frames_before(levels: Tensor, size: int, count: int) -> Tensor:
    """For each frame of `size` samples the one before it, (batch, frames, size) from -2 to 2 (section 3.1); silence
    before the first."""
    before = nn.functional.pad(levels[:, :-size], (size, 0), value=count // 2)
    scaled: Tensor = (before.unflatten(1, (-1, size)).float() / (count - 1) - 0.5) * 4
    return scaled
