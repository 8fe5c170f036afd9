"""Tagger of convolutions alone.

Choi, Fazekas & Sandler, "Automatic tagging using deep convolutional neural networks" (ISMIR 2016, table 1): 3 x 3
convolutions with batch normalisation, each followed by maxima over bands and frames until one position is left, a
sigmoid a tag. FCN-5 has 128, 256, 512, 1024 and 2048 maps; the network that its authors published has 64, 128, 128, 128
and 64 and exponential linear units. With 32 maps everywhere it is the compact network of Choi, Fazekas, Sandler & Cho,
"Transfer learning for music classification and regression tasks" (ISMIR 2017, section 3).

Deviations: the last maxima are a mean over the positions that are left, so that windows may have any length that is not
too short; what is said of a recording is the mean over its windows; channels are dropped before the last layer alone.
"""

from itertools import pairwise

from torch import Tensor, nn

from onpu.layers.windows import in_windows, over_frames

POOLS = {"published": ((2, 4), (2, 4), (2, 4), (3, 5)), "compact": ((2, 4), (3, 4), (2, 5), (2, 4))}
"""Bands and frames of the maxima after all blocks but the last: of the networks of 2016 and 2017."""


class TagFcn(nn.Module):
    """(batch, 1, bins, frames) -> tags (batch, classes, frames), logits, the same throughout a window.

    `stride` frames are a window: where windows begin. Nothing outside a window counts.

    Args:
        bins: of the features.
        classes: tags.
        window: frames; the maxima need at least 320.
        width: maps of the first block.
        growth: maps of each of the five blocks over those of the first.
        pools: published or compact, see `POOLS`.
        dropout: share of channels dropped before the last layer, in training.
    """

    def __init__(self, bins: int = 96, classes: int = 50, window: int = 1366, width: int = 32,
                 growth: tuple[int, ...] = (1, 1, 1, 1, 1), pools: str = "compact", dropout: float = 0.2) -> None:
        super().__init__()
        self.bins, self.classes, self.window, self.width, self.growth = bins, classes, window, width, tuple(growth)
        self.pools, self.dropout = pools, dropout
        self.receptive, self.stride = 0, window
        self.normalise = nn.BatchNorm1d(bins)
        maps = [1, *(width * factor for factor in growth)]
        shrink: list[nn.Module] = [*(nn.MaxPool2d(size) for size in POOLS[pools]), nn.AdaptiveAvgPool2d(1)]
        self.blocks = nn.Sequential(*(nn.Sequential(*_convolution(before, after), pool)
                                      for (before, after), pool in zip(pairwise(maps), shrink, strict=True)))
        self.tags = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(maps[-1], classes))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `tags` (batch, classes, frames)."""
        parts = in_windows(self.normalise(x[:, 0])[:, None], self.window)
        said = self.tags(self.blocks(parts.flatten(0, 1))).unflatten(0, parts.shape[:2])
        return {"tags": over_frames(said, self.window, x.shape[-1])}


def _convolution(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ELU()]
