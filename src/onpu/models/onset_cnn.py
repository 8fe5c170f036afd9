"""Convolutional network for onsets.

Schlüter & Böck, "Improved musical onset detection with convolutional neural networks" (ICASSP 2014, section 3 and
figure 1): spectrograms of three window lengths as channels, 15 frames of context, two convolutions that are longer in
time than in frequency, each with max-pooling over frequency, one dense layer, one sigmoid; rectified units and dropout
of half the dense layers' inputs (section 5).

Deviations: the dense layers are convolutions over time, so that each frame is computed once, whatever its neighbours
need; batch normalisation standardises the bands, where the paper uses constants of its training set, and follows the
convolutions; the output is a logit.
"""

from torch import Tensor, nn

CONTEXT_FRAMES = 7
"""Frames on either side of the one that is judged."""


class OnsetCnn(nn.Module):
    """(batch, channels, bins, frames) -> onset (batch, frames), a logit. Frames beyond the edges are the edges'.

    `receptive` is the number of frames on either side that an output depends on.

    Args:
        channels, bins: of the features.
        width, second_width: kernels of the two convolutions, 3 bands x 7 frames and 3 x 3.
        units: of the dense layer.
        dropout: share of the dense layers' inputs that is set to zero in training.
    """

    def __init__(self, channels: int = 3, bins: int = 80, width: int = 10, second_width: int = 20, units: int = 256,
                 dropout: float = 0.5) -> None:
        super().__init__()
        self.channels, self.bins, self.width, self.second_width = channels, bins, width, second_width
        self.units, self.dropout = units, dropout
        self.receptive = CONTEXT_FRAMES
        self.normalise = nn.BatchNorm1d(channels * bins)
        self.near = nn.Sequential(*_convolution(channels, width, 7), *_convolution(width, second_width, 3))
        left = (((bins - 2) // 3) - 2) // 3
        self.dense = nn.Conv1d(second_width * left, units, 2 * CONTEXT_FRAMES + 1 - 6 - 2)
        self.drop = nn.Dropout(dropout)
        self.onset = nn.Conv1d(units, 1, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, channels, bins, frames) -> logits `onset` (batch, frames)."""
        x = self.normalise(x.flatten(1, 2)).unflatten(1, (self.channels, self.bins))
        x = nn.functional.pad(x, (CONTEXT_FRAMES, CONTEXT_FRAMES, 0, 0), mode="replicate")
        y = self.near(x).flatten(1, 2)  # (batch, second_width * fewer bins, frames + 6)
        y = nn.functional.relu(self.dense(self.drop(y)))  # (batch, units, frames)
        return {"onset": self.onset(self.drop(y))[:, 0]}


def _convolution(before: int, after: int, frames: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, (3, frames), bias=False), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d((3, 1))]
