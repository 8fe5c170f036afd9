"""Temporal convolution network for beats, downbeats and tempo.

Böck & Davies, "Deconstruct, analyse, reconstruct: how to improve tempo, beat, and downbeat estimation" (ISMIR 2020,
section 2.2 and figure 1): three convolutions that take the frequency axis away, then residual blocks of two parallel
dilated convolutions along time, whose dilation doubles from block to block, then one head a task.

Deviations: wider blocks (the paper has 20 channels); batch normalisation after the first three convolutions instead of
none, which lets a training of minutes converge; the tempo head reads the sum of all blocks' outputs at every frame
instead of its mean over time, since the tempo may change; outputs are logits. Beside them stands what decoding asks of
the spectrum itself, its flux.
"""

import torch
from torch import Tensor, nn


class DilatedBlock(nn.Module):
    """Two parallel dilated convolutions (dilation d and 2 d), ELU, dropout of whole channels, 1 x 1 mix, residual."""

    def __init__(self, channels: int, kernel: int, dilation: int, dropout: float):
        super().__init__()
        self.near = nn.Conv1d(channels, channels, kernel, padding="same", dilation=dilation)
        self.far = nn.Conv1d(channels, channels, kernel, padding="same", dilation=2 * dilation)
        self.drop = nn.Dropout1d(dropout)
        self.mix = nn.Conv1d(2 * channels, channels, 1)
        self.leave = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, channels, frames) -> the same for the next block, and the skip output."""
        y = nn.functional.elu(torch.cat([self.near(x), self.far(x)], dim=1))
        y = nn.functional.elu(self.mix(self.drop(y)))
        return x + self.leave(y), y


class BeatTcn(nn.Module):
    """(batch, 1, bins, frames) -> beat, downbeat (batch, frames) and tempo (batch, tempi, frames), all logits, and flux
    (batch, 3, frames).

    `receptive` is the number of frames on either side that an output depends on.
    """

    def __init__(self, bins: int = 81, width: int = 24, channels: int = 48, blocks: int = 10, kernel: int = 5,
                 tempi: int = 200, dropout: float = 0.1):
        super().__init__()
        self.bins, self.width, self.channels, self.blocks = bins, width, channels, blocks
        self.kernel, self.tempi, self.dropout = kernel, tempi, dropout
        self.pitch = nn.ModuleList([
            self._stage(1, width, (3, 3), (1, 1)),
            self._stage(width, width, (12, 1), (0, 0)),
            self._stage(width, channels, (3, 3), (1, 1)),
        ])
        self.flatten = nn.Conv2d(channels, channels, (_pooled_bins(bins), 1))
        self.time = nn.ModuleList([DilatedBlock(channels, kernel, 2**i, dropout) for i in range(blocks)])
        self.drop = nn.Dropout(dropout)
        self.events = nn.Conv1d(channels, 2, 1)
        self.tempo = nn.Conv1d(channels, tempi, 1)
        self.receptive = 2 + sum((kernel // 2) * 2 ** (i + 1) for i in range(blocks))

    def _stage(self, inputs: int, outputs: int, kernel: tuple[int, int], padding: tuple[int, int]) -> nn.Sequential:
        return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=padding, bias=False), nn.BatchNorm2d(outputs),
                             nn.ELU(), nn.MaxPool2d((3, 1)), nn.Dropout2d(self.dropout))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `beat`, `downbeat`, `tempo`, and `flux`, shaped as above."""
        flux = flux_of(x)
        for stage in self.pitch:
            x = stage(x)  # (batch, width, fewer bins, frames)
        x = nn.functional.elu(self.flatten(x)).squeeze(2)  # (batch, channels, frames)
        seen = torch.zeros_like(x)
        for block in self.time:
            x, skip = block(x)
            seen = seen + skip
        events = self.events(self.drop(nn.functional.elu(x)))
        return {"beat": events[:, 0], "downbeat": events[:, 1], "tempo": self.tempo(self.drop(seen)),
                "flux": flux}


def flux_of(x: Tensor) -> Tensor:
    """Mean rise from frame to frame of the low, middle and high third of the bands: (batch, 1, bins, frames) -> (batch,
    3, frames), not negative; 0 at the first frame."""
    rise = nn.functional.pad(x[:, 0].diff(dim=-1).clamp(min=0), (1, 0))
    return torch.stack([third.mean(dim=1) for third in rise.tensor_split(3, dim=1)], dim=1)


def _pooled_bins(bins: int) -> int:
    return ((bins // 3 - 11) // 3) // 3
