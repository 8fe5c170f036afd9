"""U-Net that tells for each point of a spectrogram what share of it each part has.

Jansson, Humphrey, Montecchio, Bittner, Kumar & Weyde, "Singing voice separation with deep U-Net convolutional networks"
(ISMIR 2017): strided 5 x 5 convolutions with batch normalisation and leaky rectifiers down, transposed ones up, each
with what was seen on the same level on the way down, dropout in the first of them, a mask at the end.

Deviations: one network has the masks of all parts, which sum to 1 at each point (a softmax in place of sigmoids), so
that the parts sum to the mixture; fewer channels and levels (`widths`); the spectrogram comes in bands that are single
bins at low and shares of an octave at high frequencies; logarithmic magnitudes; no mask on the way, the input itself
is seen once more by the last convolution.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

LEAKY_SLOPE = 0.2
"""Of the leaky rectifiers."""


class SeparationUnet(nn.Module):
    """(batch, 1, bands, frames) -> logits of the parts (batch, parts, bands, frames).

    Args:
        parts: how many masks.
        widths: channels of each level on the way down.
        dropout: share of channels dropped in the first half of the way up.
    """

    def __init__(self, parts: int, widths: Sequence[int], dropout: float) -> None:
        super().__init__()
        self.parts, self.widths, self.dropout = parts, list(widths), dropout
        self.normalise = nn.BatchNorm2d(1)
        into = [1, *self.widths]
        self.down = nn.ModuleList(_down(*pair) for pair in pairwise(into))
        outof = [*self.widths[:-1][::-1], self.widths[0]]
        given = [self.widths[-1], *(2 * width for width in self.widths[:-1][::-1])]
        self.up = nn.ModuleList(_up(a, b, dropout if level < len(self.widths) // 2 else 0.0)
                                for level, (a, b) in enumerate(zip(given, outof, strict=True)))
        self.masks = nn.Conv2d(self.widths[0] + 1, parts, 5, padding=2)

    def forward(self, x: Tensor) -> Tensor:
        """Features (batch, 1, bands, frames) -> logits of the parts' masks (batch, parts, bands, frames)."""
        bands, frames = x.shape[-2:]
        grid = 2 ** len(self.widths)
        # two positions at least: on one alone bfloat16 convolutions read what is not theirs (torch 2.13, CPU)
        enough = torch.sym_max(frames, grid + 1)
        x = nn.functional.pad(self.normalise(x), (0, enough - frames + (grid - enough % grid) % grid, 0, -bands % grid))
        seen = []
        y = x
        for level in self.down:
            y = level(y)
            seen.append(y)
        y = self.up[0](seen.pop())
        for level in self.up[1:]:
            y = level(torch.cat([y, seen.pop()], dim=1))
        masks: Tensor = self.masks(torch.cat([y, x], dim=1))  # (batch, parts, bands or more, frames or more)
        return masks[..., :bands, :frames]


def _down(channels: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(width),
                         nn.LeakyReLU(LEAKY_SLOPE))


def _up(channels: int, width: int, dropout: float) -> nn.Module:
    return nn.Sequential(nn.ConvTranspose2d(channels, width, 5, stride=2, padding=2, output_padding=1, bias=False),
                         nn.BatchNorm2d(width), nn.ReLU(), nn.Dropout2d(dropout))
