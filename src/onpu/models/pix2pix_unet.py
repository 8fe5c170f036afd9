"""U-Net that turns one picture into another of the same things: the generator of pix2pix.

Isola, Zhu, Zhou & Efros, "Image-to-image translation with conditional adversarial networks" (CVPR 2017), section 6.1.1:
4 x 4 convolutions with stride 2 down and up, batch normalisation but in the first and the innermost, leaky rectifiers
down, plain ones up, dropout in the three innermost levels up, what was seen on a level on the way down is seen again on
the way up.

Deviations: fewer channels and levels (`widths`); one more channel of the input says how high in the picture a point
lies, since a spectrum is not the same everywhere; what the network adds to its input is learned, not the picture
itself, and it ends without tanh; dropout rests when nothing is learned, so that equal input gives equal output.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

LEAKY_SLOPE = 0.2
"""Of the leaky rectifiers."""
INITIAL_DEVIATION = 0.02
"""Standard deviation of the first weights."""
DROPOUT_LEVELS = 3
"""Levels up with dropout."""


class Pix2PixUnet(nn.Module):
    """(batch, channels, bins, frames) -> (batch, changed, bins, frames), whatever their numbers.

    Args:
        widths: channels of each level on the way down.
        dropout: share of values dropped in the innermost levels on the way up.
        channels: of the input.
        changed: the first so many of them come out.
    """

    def __init__(self, widths: Sequence[int], dropout: float, channels: int = 1, changed: int = 1) -> None:
        super().__init__()
        self.widths, self.dropout, self.channels, self.changed = list(widths), dropout, channels, changed
        last = len(self.widths) - 1
        self.down = nn.ModuleList(_down(*pair, plain=level in (0, last))
                                  for level, pair in enumerate(pairwise([channels + 1, *self.widths])))
        given = [self.widths[-1], *(2 * width for width in self.widths[-2::-1])]
        wanted = [*self.widths[-2::-1], self.widths[0]]
        self.up = nn.ModuleList(_up(*pair, dropout if level < DROPOUT_LEVELS else 0.0)
                                for level, pair in enumerate(zip(given, wanted, strict=True)))
        self.change = nn.Conv2d(self.widths[0] + channels + 1, changed, 3, padding=1)
        self.apply(initialise)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (batch, channels, bins, frames) -> pictures (batch, changed, bins, frames)."""
        bins, frames = x.shape[-2:]
        grid = 2 ** len(self.widths)
        height = torch.linspace(-1, 1, bins, dtype=x.dtype, device=x.device)[:, None].expand(len(x), 1, bins, frames)
        picture = nn.functional.pad(torch.cat([x, height], dim=1), (0, -frames % grid, 0, -bins % grid))
        seen, y = [], picture
        for level in self.down:
            y = level(y)
            seen.append(y)
        y = self.up[0](seen.pop())
        for level in self.up[1:]:
            y = level(torch.cat([y, seen.pop()], dim=1))
        change: Tensor = self.change(torch.cat([y, picture], dim=1))
        return x[:, : self.changed] + change[..., :bins, :frames]


def initialise(layer: nn.Module) -> None:
    """First weights as the paper has them (ibid., section 6.2): normal around 0, or around 1 where they scale."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, INITIAL_DEVIATION)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, INITIAL_DEVIATION)


def _down(channels: int, width: int, plain: bool) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 4, stride=2, padding=1),
                         nn.Identity() if plain else nn.BatchNorm2d(width), nn.LeakyReLU(LEAKY_SLOPE))


def _up(channels: int, width: int, dropout: float) -> nn.Module:
    return nn.Sequential(nn.ConvTranspose2d(channels, width, 4, stride=2, padding=1), nn.BatchNorm2d(width),
                         nn.Dropout(dropout), nn.ReLU())
