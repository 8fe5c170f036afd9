"""Network that hears which instruments play.

Han, Kim & Lee, "Deep convolutional neural networks for predominant instrument recognition in polyphonic music"
(IEEE/ACM TASLP 25(1), 2017, table 2): windows of a second; four blocks of two 3 x 3 convolutions with leaky rectifiers,
of 32, 64, 128 and 256 maps, the first three followed by maxima of 3 x 3, the last by the maximum over all bands and
frames; a dense layer of 1024, a sigmoid an instrument.

Deviations: batch normalisation after each convolution; dropout before the dense layers alone; all instruments that
sound are asked for, not the leading one; sizes are an argument, and with a quarter of the maps it is what is shipped.
"""

from itertools import pairwise

from torch import Tensor, nn

from onpu.layers.windows import in_windows, over_frames

BLOCKS = (1, 2, 4, 8)
"""Maps of each block over those of the first."""
SLOPE = 0.33
"""Of the leaky rectifier below zero (section IV.C)."""


class InstrumentCnn(nn.Module):
    """(batch, 1, bins, frames) -> instruments (batch, classes, frames), logits, the same throughout a window.

    `stride` frames are a window: where windows begin. Nothing outside a window counts.

    Args:
        bins: of the features.
        classes: instruments.
        window: frames; the maxima need at least 27.
        width: maps of the first block.
        units: of the dense layer.
        dropout: before the dense layers, in training.
    """

    def __init__(self, bins: int = 96, classes: int = 11, window: int = 48, width: int = 32, units: int = 1024,
                 dropout: float = 0.3) -> None:
        super().__init__()
        self.bins, self.classes, self.window, self.width, self.units = bins, classes, window, width, units
        self.dropout = dropout
        self.receptive, self.stride = 0, window
        self.normalise = nn.BatchNorm1d(bins)
        maps = [1, *(width * factor for factor in BLOCKS)]
        after: list[nn.Module] = [*(nn.MaxPool2d(3) for _ in BLOCKS[1:]), nn.AdaptiveMaxPool2d(1)]
        self.blocks = nn.Sequential(*(
            nn.Sequential(*_convolution(before, size), *_convolution(size, size), pool)
            for (before, size), pool in zip(pairwise(maps), after, strict=True)))
        self.dense = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(maps[-1], units), nn.LeakyReLU(SLOPE),
                                   nn.Dropout(dropout))
        self.instruments = nn.Linear(units, classes)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `instruments` (batch, classes, frames)."""
        parts = in_windows(self.normalise(x[:, 0])[:, None], self.window)
        said = self.instruments(self.dense(self.blocks(parts.flatten(0, 1)))).unflatten(0, parts.shape[:2])
        return {"instruments": over_frames(said, self.window, x.shape[-1])}


def _convolution(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(SLOPE)]
