"""Tagger of raw samples.

Lee, Park, Kim & Nam, "Sample-level deep convolutional neural networks for music auto-tagging using raw waveforms" (SMC
2017, table 1, the 3^9 model): a convolution of three samples every three, then nine times a convolution of three with
batch normalisation, a rectifier and maxima of three, until one step is left of 59,049 samples; a convolution of one,
dropout, a sigmoid a tag. Maps: 128 three times, 256 six times, 512 twice. What is said of a recording is the mean over
its windows.

Deviations: the front end gives samples in frames of 243, whose order the network restores, 243 of them a window; AdamW
by default.
"""

from itertools import pairwise

from torch import Tensor, nn

from onpu.layers.windows import in_windows, over_frames

BLOCKS = (1, 1, 2, 2, 2, 2, 2, 2, 4)
"""Maps of the blocks that are pooled, over those of the first convolution."""
STEP = 3
"""Samples of a kernel and of the maxima."""


class SampleCnn(nn.Module):
    """Samples in frames (batch, 1, bins, frames) -> tags (batch, classes, frames), logits, the same throughout a
    window.

    `stride` frames are a window, `window` * `bins` samples: where windows begin. Nothing outside a window counts.

    Args:
        bins: samples of a frame.
        classes: tags.
        window: frames; with the bins a power of three in samples.
        width: maps of the first convolution.
        dropout: before the last layer, in training.
    """

    def __init__(self, bins: int = 243, classes: int = 50, window: int = 243, width: int = 128,
                 dropout: float = 0.5) -> None:
        super().__init__()
        self.bins, self.classes, self.window, self.width, self.dropout = bins, classes, window, width, dropout
        self.receptive, self.stride = 0, window
        maps = [width, *(width * factor for factor in BLOCKS)]
        self.first = nn.Sequential(nn.Conv1d(1, width, STEP, STEP, bias=False), nn.BatchNorm1d(width), nn.ReLU())
        self.blocks = nn.Sequential(*(
            nn.Sequential(nn.Conv1d(before, after, STEP, padding=1, bias=False), nn.BatchNorm1d(after), nn.ReLU(),
                          nn.MaxPool1d(STEP)) for before, after in pairwise(maps)))
        self.last = nn.Sequential(nn.Conv1d(maps[-1], maps[-1], 1, bias=False), nn.BatchNorm1d(maps[-1]), nn.ReLU(),
                                  nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Dropout(dropout))
        self.tags = nn.Linear(maps[-1], classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv1d):
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Samples (batch, 1, bins, frames) -> logits `tags` (batch, classes, frames)."""
        parts = in_windows(x, self.window)
        samples = parts.flatten(0, 1).transpose(2, 3).flatten(2)  # (windows, 1, samples)
        said = self.tags(self.last(self.blocks(self.first(samples)))).unflatten(0, parts.shape[:2])
        return {"tags": over_frames(said, self.window, x.shape[-1])}
