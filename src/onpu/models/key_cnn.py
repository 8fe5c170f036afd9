"""Convolutional network for keys.

Korzeniowski & Widmer, "Genre-agnostic key classification with convolutional neural networks" (ISMIR 2018, section 2,
AllConv): convolutions with batch normalisation and ELU in four stages, the first of 5 x 5 and the rest of 3 x 3, with
twice as many channels and half as many bins after each stage, then 1 x 1 to the classes and an average over bins and
frames.

Deviations: time is not pooled, convolutions are dilated instead, so that each frame has an answer and neighbours share
their computation; the average over time is the decoder's; the last convolution covers all bins in place of an average
over them, since the rest of the network does not know where on the axis a pitch lies but by the padding at its ends;
`width` channels in the first stage where the paper has 24.
"""

from torch import Tensor, nn


class KeyCnn(nn.Module):
    """(batch, 1, bins, frames) -> keys (batch, classes, frames), logits.

    Args:
        bins: of the spectrum.
        classes: to be told apart.
        width: channels of the first stage.
        dropout: share of channels dropped after each stage in training.
    """

    def __init__(self, bins: int = 105, classes: int = 73, width: int = 24, dropout: float = 0.5) -> None:
        super().__init__()
        self.bins, self.classes, self.width, self.dropout = bins, classes, width, dropout
        stages: list[nn.Module] = [*_convolution(1, width, 5, 1), *_convolution(width, width, 3, 1)]
        self.receptive, channels = 3, width
        for stage in (1, 2, 3):
            stages += [nn.MaxPool2d((2, 1)), nn.Dropout2d(dropout)]
            stages += _convolution(channels, 2 * channels, 3, 2**stage)
            stages += _convolution(2 * channels, 2 * channels, 3, 2**stage)
            self.receptive += 2 * 2**stage
            channels *= 2
        self.stages = nn.Sequential(*stages)
        self.keys = nn.Conv2d(channels, classes, (bins // 8, 1))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `keys` (batch, classes, frames)."""
        return {"keys": self.keys(self.stages(x))[:, :, 0]}


def _convolution(before: int, after: int, size: int, dilation: int) -> list[nn.Module]:
    """Convolution over `size` bins and `size` frames that lie `dilation` apart."""
    padding = (size // 2, size // 2 * dilation)
    return [nn.Conv2d(before, after, size, padding=padding, dilation=(1, dilation), bias=False), nn.BatchNorm2d(after),
            nn.ELU()]
