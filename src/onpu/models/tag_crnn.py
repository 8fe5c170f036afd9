"""Tagger whose convolutions are summed up by a recurrent layer.

Choi, Fazekas, Sandler & Cho, "Convolutional recurrent neural networks for music classification" (ICASSP 2017, section
2.4): four 3 x 3 convolutions with batch normalisation and exponential linear units, each followed by maxima until one
band is left, then two layers of gated recurrent units, of which the last state says the tags: many steps to one.

Deviations: what is said of a recording is the mean over its windows, which are not padded; dropout before the recurrent
and the last layer alone.
"""

from itertools import pairwise

from torch import Tensor, nn

from onpu.layers.threads import one_thread
from onpu.layers.windows import in_windows, over_frames

POOLS = ((2, 2), (3, 3), (4, 4), (4, 4))
"""Bands and frames of the maxima after each block."""


class TagCrnn(nn.Module):
    """(batch, 1, bins, frames) -> tags (batch, classes, frames), logits, the same throughout a window.

    `stride` frames are a window: where windows begin. Nothing outside a window counts.

    Args:
        bins: of the features, 96 or more.
        classes: tags.
        window: frames; the maxima need at least 96.
        width: maps of the first block.
        growth: maps of each of the four blocks over those of the first.
        units: of each of the two recurrent layers.
        dropout: before the recurrent and the last layer, in training.
    """

    def __init__(self, bins: int = 96, classes: int = 50, window: int = 1366, width: int = 64,
                 growth: tuple[int, ...] = (1, 2, 2, 2), units: int = 32, dropout: float = 0.3) -> None:
        super().__init__()
        self.bins, self.classes, self.window, self.width, self.growth = bins, classes, window, width, tuple(growth)
        self.units, self.dropout = units, dropout
        self.receptive, self.stride = 0, window
        self.normalise = nn.BatchNorm1d(bins)
        maps = [1, *(width * factor for factor in growth)]
        self.blocks = nn.Sequential(*(
            nn.Sequential(nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ELU(),
                          nn.MaxPool2d(size))
            for (before, after), size in zip(pairwise(maps), POOLS, strict=True)))
        bands = bins
        for high, _ in POOLS:
            bands //= high
        self.drop = nn.Dropout(dropout)
        self.recurrent = nn.GRU(maps[-1] * bands, units, num_layers=2, batch_first=True)
        self.tags = nn.Linear(units, classes)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `tags` (batch, classes, frames)."""
        parts = in_windows(self.normalise(x[:, 0])[:, None], self.window)
        y = self.blocks(parts.flatten(0, 1)).flatten(1, 2).transpose(1, 2)  # (windows, steps, maps)
        with one_thread():
            y, _ = self.recurrent(self.drop(y))
        said = self.tags(self.drop(y[:, -1])).unflatten(0, parts.shape[:2])
        return {"tags": over_frames(said, self.window, x.shape[-1])}
