"""One network for several tasks: a trunk that all of them share, and a linear head for each.

Caruana, "Multitask learning" (Machine Learning 28, 1997): tasks that learn from one hidden representation teach each
other. The trunk is made of parts that onpu's listeners have: two convolutions over bands and frames as in the drum
network (Vogl et al., ISMIR 2017), then residual dilated convolutions along time (Böck & Davies, ISMIR 2020).

Deviations: the hidden representation is convolutional, in place of one dense layer.
"""

from collections.abc import Mapping

from torch import Tensor, nn


class SharedTrunk(nn.Module):
    """(batch, 1, bins, frames) -> head name -> logits (batch, classes, frames).

    `receptive` is the number of frames on either side that an output depends on.

    Args:
        heads: name -> classes.
        bins: of the features.
        width: maps of the first convolution; the second has twice as many.
        channels: of all that follows.
        blocks: dilated convolutions; the dilation doubles from one to the next.
    """

    def __init__(self, heads: Mapping[str, int], bins: int, width: int = 16, channels: int = 96,
                 blocks: int = 7) -> None:
        super().__init__()
        self.bins, self.width, self.channels, self.blocks = bins, width, channels, blocks
        self.receptive = 2 + sum(2**number for number in range(blocks))
        self.normalise = nn.BatchNorm1d(bins)
        self.near = nn.Sequential(*_over_bands(1, width), *_over_bands(width, 2 * width))
        self.across = nn.Sequential(nn.Conv1d(2 * width * (bins // 3 // 3), channels, 1, bias=False),
                                    nn.BatchNorm1d(channels), nn.ReLU())
        self.time = nn.ModuleList(
            nn.Sequential(nn.Conv1d(channels, channels, 3, padding=2**number, dilation=2**number, bias=False),
                          nn.BatchNorm1d(channels), nn.ReLU()) for number in range(blocks))
        self.heads = nn.ModuleDict({name: nn.Conv1d(channels, classes, 1) for name, classes in heads.items()})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits of each head (batch, classes, frames)."""
        y = self.near(self.normalise(x[:, 0])[:, None])  # (batch, 2 width, bins / 9, frames)
        y = self.across(y.flatten(1, 2))  # (batch, channels, frames)
        for block in self.time:
            y = y + block(y)
        return {name: head(y) for name, head in self.heads.items()}


def _over_bands(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d((3, 1))]
