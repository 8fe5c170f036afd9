"""Fewer frames a second: the largest or the mean value of several."""

import torch.nn.functional as F
from torch import Tensor

from onpu.music import Clock
from onpu.represent.chain import Representation


class Pooled(Representation):
    """The features of a front end, of `frames` frames around each centre the largest value or the mean.

    forward: audio (batch, samples) -> (batch, channels, bins, samples // (frames * hop) + 1). Beyond the ends of a
    recording there are zeros.

    Args:
        front: of many frames a second.
        frames: of the front end for one here.
        mean: the mean in place of the largest value.
    """

    def __init__(self, front: Representation, frames: int, mean: bool = False) -> None:
        super().__init__()
        if front.context is None or front.grid != 1:
            raise ValueError("only features that are computed in chunks at any frame can be pooled")
        self.front, self.frames, self.mean = front, frames, mean
        self.clock = Clock(front.clock.rate, front.clock.hop * frames)
        self.channels, self.bins = front.channels, front.bins
        self.context = front.context + frames // 2 * front.clock.hop

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> features (batch, channels, bins, frames)."""
        x: Tensor = self.front(audio)
        before, count = self.frames // 2, self.clock.count(audio.shape[-1])
        x = F.pad(x, (before, max(0, count * self.frames - before - x.shape[-1])))[..., : count * self.frames]
        x = x.unflatten(-1, (count, self.frames))
        return x.mean(dim=-1) if self.mean else x.amax(dim=-1)
