"""Convolutional network that hears singing, whatever the level.

Schlüter & Grill, "Exploring data augmentation for improved singing voice detection with neural networks" (ISMIR 2015,
section 3): two convolutions of 3 x 3, a maximum over 3 x 3, two convolutions of 3 x 3, another such maximum, dense
layers; leaky ReLU; 115 frames are seen for one answer. Schlüter & Lehner, "Zero-mean convolutions for level-invariant
singing voice detection" (ISMIR 2018): the kernels of the first convolution sum to zero, so that a gain, which on a
logarithmic spectrum is a summand, changes nothing; batch normalisation.

Every frame is answered: the network runs over whole recordings, where maxima are taken at every frame and what follows
is dilated by 3 and 9. In training maxima are taken at every third frame as in the paper, so that every ninth frame has
an answer, which stands for its neighbours too: nine times less work for the later layers, the same answers.

Deviations: `width` kernels where the paper has 64 in the first convolution, all layers in its proportion; frames beyond
the ends of the recording repeat the last one; outputs are logits.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

POOL = 3
CONTEXT_FRAMES = 57
"""Frames on either side that an answer depends on."""


class ZeroMeanConv2d(nn.Conv2d):
    """Convolution without bias, whose kernels have the mean 0 over bins and frames."""

    def forward(self, x: Tensor) -> Tensor:
        """Features (batch, channels, bins, frames) -> convolved with kernels whose mean is taken out."""
        weight = self.weight - self.weight.mean(dim=(2, 3), keepdim=True)
        return F.conv2d(x, weight, None, self.stride, self.padding, self.dilation)


class VoiceCnn(nn.Module):
    """(batch, 1, bins, frames) -> voice (batch, frames), logits.

    Args:
        bins: of the logarithmic spectrum.
        width: kernels of the first convolution; the others have 1/2, 2 and 1 times as many, dense layers 4 and 1 times.
        dropout: share of inputs that each dense layer loses in training.
    """

    def __init__(self, bins: int = 80, width: int = 64, dropout: float = 0.5) -> None:
        super().__init__()
        self.bins, self.width, self.dropout = bins, width, dropout
        self.receptive = CONTEXT_FRAMES
        left = ((bins - 4) // POOL - 4) // POOL
        self.near = nn.ModuleList([_layer(ZeroMeanConv2d, 1, width, (3, 3)),
                                   _layer(nn.Conv2d, width, width // 2, (3, 3))])
        self.far = nn.ModuleList([_layer(nn.Conv2d, width // 2, 2 * width, (3, 3)),
                                  _layer(nn.Conv2d, 2 * width, width, (3, 3))])
        self.dense = nn.ModuleList([_layer(nn.Conv2d, width, 4 * width, (left, 11)),
                                    _layer(nn.Conv2d, 4 * width, width, (1, 1))])
        self.voice = nn.Conv2d(width, 1, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `voice` (batch, frames)."""
        frames, step = x.shape[-1], POOL if self.training else 1
        x = F.pad(x, (CONTEXT_FRAMES, CONTEXT_FRAMES, 0, 0), mode="replicate")
        for layer in self.near:
            x = layer(x)
        x = _pooled(x, 1, step)
        for layer in self.far:
            x = _dilated(layer, x, POOL // step)
        x = _pooled(x, POOL // step, step)
        for layer in self.dense:
            x = _dilated(layer, self.drop(x), (POOL // step) ** 2)
        y = self.voice(self.drop(x))[:, 0, 0]  # (batch, frames), or every ninth of them
        if step > 1:
            nearest = (torch.arange(frames, device=y.device) + POOL**2 // 2) // POOL**2
            y = y[:, nearest.clamp(max=y.shape[-1] - 1)]
        return {"voice": y}


def _layer(kind: type[nn.Conv2d], before: int, after: int, size: tuple[int, int]) -> nn.Sequential:
    convolution = kind(before, after, size, bias=False)
    nn.init.orthogonal_(convolution.weight)
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.LeakyReLU(0.01))


def _dilated(layer: nn.Module, x: Tensor, dilation: int) -> Tensor:
    """The layer with its taps so many frames apart."""
    convolution, normalise, bend = layer.children()
    assert isinstance(convolution, nn.Conv2d)
    bent: Tensor = bend(normalise(F.conv2d(x, convolution.weight, dilation=(1, dilation))))
    return bent


def _pooled(x: Tensor, dilation: int, step: int) -> Tensor:
    """Maxima of three bins and three frames that lie `dilation` apart, at every third bin and every `step`-th frame."""
    return F.max_pool2d(x, POOL, stride=(POOL, step), dilation=(1, dilation))
