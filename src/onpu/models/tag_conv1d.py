"""Tagger that convolves over time alone.

Dieleman & Schrauwen, "End-to-end learning for music audio" (ICASSP 2014, section 3): windows of three seconds; 32
filters of eight frames over all bands, maxima of four, the same again, a dense layer of 100 rectified units, a sigmoid
a tag. What is said of a recording is the mean over its windows.

Deviations: bands are batch-normalised at the input, and channels after each convolution.
"""

from torch import Tensor, nn

from onpu.layers.windows import in_windows, over_frames


class TagConv1d(nn.Module):
    """(batch, 1, bins, frames) -> tags (batch, classes, frames), logits, the same throughout a window.

    `stride` frames are a window: where windows begin. Nothing outside a window counts.

    Args:
        bins: of the features.
        classes: tags.
        window: frames.
        width: filters of each convolution.
        units: of the dense layer.
        dropout: of the dense layer's inputs and outputs, in training.
    """

    def __init__(self, bins: int = 128, classes: int = 50, window: int = 94, width: int = 32, units: int = 100,
                 dropout: float = 0.3) -> None:
        super().__init__()
        self.bins, self.classes, self.window, self.width, self.units = bins, classes, window, width, units
        self.dropout = dropout
        self.receptive, self.stride = 0, window
        self.normalise = nn.BatchNorm1d(bins)
        self.blocks = nn.Sequential(*_convolution(bins, width), *_convolution(width, width))
        left = ((window - 7) // 4 - 7) // 4
        self.dense = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(width * left, units), nn.ReLU(),
                                   nn.Dropout(dropout))
        self.tags = nn.Linear(units, classes)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `tags` (batch, classes, frames)."""
        parts = in_windows(x, self.window)
        y = self.blocks(self.normalise(parts.flatten(0, 1)[:, 0]))  # (windows, width, left)
        said = self.tags(self.dense(y)).unflatten(0, parts.shape[:2])
        return {"tags": over_frames(said, self.window, x.shape[-1])}


def _convolution(before: int, after: int) -> list[nn.Module]:
    """Eight frames, then maxima of four."""
    return [nn.Conv1d(before, after, 8, bias=False), nn.BatchNorm1d(after), nn.ReLU(), nn.MaxPool1d(4)]
