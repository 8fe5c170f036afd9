"""Convolutional recurrent network for drums, with beats and downbeats beside them.

Vogl, Dorfer, Widmer & Knees, "Drum transcription via joint beat and drum modeling using convolutional recurrent neural
networks" (ISMIR 2017, section 3.3 and table 1): two blocks of two 3 x 3 convolutions with batch normalisation,
max-pooling over frequency and dropout; the frames of a small context side by side into bidirectional GRU layers; one
sigmoid for each drum, for beats and for downbeats.

Deviations: the convolutions are computed once for the whole excerpt instead of once a context; batch normalisation
standardises the bands; `mix_channels` puts a convolution over the context in place of the frames side by side, which
makes the GRU's input small; the heads also see what goes into the GRU, for a hit is mostly told by its own moment; a
head for the hits' velocities; outputs are logits.
"""

from torch import Tensor, cat, nn

from onpu.layers.threads import one_thread

CONTEXT_FRAMES = 5
"""Frames side by side."""


class DrumCrnn(nn.Module):
    """(batch, 1, bins, frames) -> hits, velocity (batch, drums, frames), beat, downbeat (batch, frames), all logits.

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        bins: of the spectrum.
        drums: number of classes.
        width: kernels of the first block of convolutions; the second has twice as many.
        mix_channels: channels of the convolution over the context; 0: none, its frames go into the GRU as they are.
        units: of a GRU layer, in each direction.
        layers: GRU layers.
        dropout: share of the channels dropped after each block, and of the numbers before the heads.
    """

    def __init__(self, bins: int = 81, drums: int = 8, width: int = 32, mix_channels: int = 0, units: int = 60,
                 layers: int = 3, dropout: float = 0.3) -> None:
        super().__init__()
        self.bins, self.drums, self.width, self.mix_channels = bins, drums, width, mix_channels
        self.units, self.layers, self.dropout = units, layers, dropout
        self.receptive = 500
        self.normalise = nn.BatchNorm1d(bins)
        self.near = nn.Sequential(*_block(1, width, dropout), *_block(width, 2 * width, dropout))
        inside = 2 * width * (bins // 3 // 3)
        if mix_channels:
            mix = nn.Conv1d(inside, mix_channels, CONTEXT_FRAMES, padding=CONTEXT_FRAMES // 2, bias=False)
            self.side: nn.Module = nn.Sequential(mix, nn.BatchNorm1d(mix_channels), nn.ReLU())
            inside = mix_channels
        else:
            self.side = SideBySide()
            inside *= CONTEXT_FRAMES
        self.gru = nn.GRU(inside, units, layers, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(dropout)
        self.heads = nn.Linear(2 * units + inside, 2 * drums + 2)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `hits`, `velocity`, `beat`, `downbeat`."""
        y = self.near(self.normalise(x[:, 0])[:, None])  # (batch, channels, fewer bins, frames)
        y = self.drop(self.side(y.flatten(1, 2)).transpose(1, 2))  # (batch, frames, inside)
        with one_thread():
            z, _ = self.gru(y)  # (batch, frames, 2 units)
        heads = self.heads(cat([self.drop(z), y], dim=-1)).transpose(1, 2)
        return {"hits": heads[:, : self.drums], "velocity": heads[:, self.drums : 2 * self.drums],
                "beat": heads[:, -2], "downbeat": heads[:, -1]}


class SideBySide(nn.Module):
    """(batch, channels, frames) -> (batch, channels * CONTEXT, frames): each frame beside its next, zeros beyond."""

    def forward(self, x: Tensor) -> Tensor:
        """Frames (batch, channels, frames) -> each beside its neighbours (batch, channels * CONTEXT_FRAMES, frames)."""
        padded = nn.functional.pad(x, (CONTEXT_FRAMES // 2, CONTEXT_FRAMES // 2))
        return cat([padded[..., shift : shift + x.shape[-1]] for shift in range(CONTEXT_FRAMES)], dim=1)


def _block(before: int, after: int, dropout: float) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
            nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
            nn.MaxPool2d((3, 1)), nn.Dropout2d(dropout)]
