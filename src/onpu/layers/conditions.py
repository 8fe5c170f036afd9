"""What a network of samples is told of the frames in which they lie.

van den Oord et al., "WaveNet: a generative model for raw audio" (2016, section 2.5): the global condition is one for
the whole, the local one changes with time, at a lower rate than samples.
"""

import math

import torch
from torch import Tensor, nn


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


class Tones(nn.Module):
    """Sines of the note that is told, (batch, 2, frames) as `onpu.represent.line_frames.tone_frames` has it: where in
    its period it is at the beginning of each frame, and the periods that pass in one -> (batch, width, samples), linear
    in sine and cosine of its first `harmonics` partials below half the rate.

    Where the pitch of what is to be made is known, Wang, Takaki & Yamagishi ("Neural source-filter-based waveform
    model", ICASSP 2019) begin with such a sine.
    """

    def __init__(self, harmonics: int, hop: int, width: int):
        super().__init__()
        self.harmonics, self.hop = harmonics, hop
        self.mix = nn.Linear(2 * harmonics, width, bias=False)

    def forward(self, tone: Tensor) -> Tensor:
        """See the class."""
        steps = torch.arange(self.hop, device=tone.device, dtype=tone.dtype) / self.hop
        place, periods = tone[:, 0, :, None], tone[:, 1, :, None]
        turns = (place + periods * steps).flatten(1)[:, None]  # (batch, 1, samples)
        pace = (periods / self.hop).expand(-1, -1, self.hop).flatten(1)[:, None]
        numbers = torch.arange(1, self.harmonics + 1, device=tone.device, dtype=tone.dtype)[:, None]
        angles, heard = 2 * math.pi * (turns * numbers), (pace > 0) & (pace * numbers < 0.5)
        waves = torch.cat([angles.sin() * heard, angles.cos() * heard], dim=1)
        mixed: Tensor = torch.matmul(self.mix.weight, waves)
        return mixed


def with_frames(x: Tensor, told: Tensor) -> Tensor:
    """(batch, channels, samples) + what is told of each frame (batch, channels, frames), repeated."""
    joined: Tensor = (x.unflatten(-1, (told.shape[-1], -1)) + told[..., None]).flatten(-2)
    return joined
