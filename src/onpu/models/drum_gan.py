"""Small networks that make, and judge, the spectrum of one stroke of a drum.

Radford, Metz & Chintala, "Unsupervised representation learning with deep convolutional generative adversarial networks"
(ICLR 2016), DCGAN, section 3: no pooling but strides, batch normalisation but where pictures go in and come out,
rectifiers in the generator and leaky ones in the critic, tanh at the end. A class, where there is one, goes in as
Mirza & Osindero, "Conditional generative adversarial nets" (2014, section 3.1), have it: beside the noise, and beside
the picture, where it fills a plane for each class (deviation: in theirs, dense layers of their own).

Deviations: 256 bins x 64 frames in place of 64 x 64 points, fewer channels (`widths`), the critic's normalisation is
chosen.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from onpu.layers.normalise import normalisation, spectral_normalisation
from onpu.models.pix2pix_unet import LEAKY_SLOPE, initialise

BINS, FRAMES = 256, 64


class DrumGenerator(nn.Module):
    """Noise (batch, noise) and, where there are classes, (batch, classes) -> pictures (batch, 1, 256, 64) in [-1, 1].

    Args:
        noise: size of the noise.
        classes: 0 for a generator that is told none.
        widths: channels of each level, the coarsest first.
    """

    def __init__(self, noise: int, classes: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.noise, self.classes, self.widths = noise, classes, list(widths)
        grid = 2 ** len(self.widths)
        self.coarse = BINS // grid, FRAMES // grid
        self.begin = nn.Sequential(nn.Linear(noise + classes, self.widths[0] * self.coarse[0] * self.coarse[1]),
                                   nn.Unflatten(1, (self.widths[0], *self.coarse)), nn.BatchNorm2d(self.widths[0]),
                                   nn.ReLU())
        self.up = nn.Sequential(*(nn.Sequential(nn.ConvTranspose2d(*pair, 4, stride=2, padding=1),
                                                nn.BatchNorm2d(pair[1]), nn.ReLU()) for pair in pairwise(self.widths)))
        self.end = nn.Sequential(nn.ConvTranspose2d(self.widths[-1], 1, 4, stride=2, padding=1), nn.Tanh())
        self.apply(initialise)

    def forward(self, noise: Tensor, *classes: Tensor) -> Tensor:
        """Noise (batch, noise), and classes where there are any -> pictures (batch, 1, 256, 64)."""
        fake: Tensor = self.end(self.up(self.begin(torch.cat([noise, *classes], dim=1))))
        return fake


class DrumCritic(nn.Module):
    """Pictures (batch, 1, 256, 64) and, where there are classes, (batch, classes) -> answers (batch, 1), and what the
    layers see.

    Args:
        classes: 0 for a critic that is told none.
        widths: channels of each level.
        norm: batch, instance, none or spectral.
    """

    def __init__(self, classes: int, widths: Sequence[int], norm: str) -> None:
        super().__init__()
        self.classes, self.widths, self.norm = classes, list(widths), norm
        self.down = nn.ModuleList(_down(*pair, norm if level else "none")
                                  for level, pair in enumerate(pairwise([1 + classes, *self.widths])))
        grid = 2 ** len(self.widths)
        self.answer = nn.Linear(self.widths[-1] * (BINS // grid) * (FRAMES // grid), 1)
        self.apply(initialise)
        if norm == "spectral":
            spectral_normalisation(self)

    def forward(self, x: Tensor, *classes: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures, and classes where there are any -> answers (batch, 1), outputs of the hidden layers."""
        planes = [kind[:, :, None, None].expand(-1, -1, *x.shape[2:]) for kind in classes]
        y, seen = torch.cat([x, *planes], dim=1), []
        for layer in self.down:
            y = layer(y)
            seen.append(y)
        return self.answer(y.flatten(1)).float(), seen


def _down(channels: int, width: int, norm: str) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 4, stride=2, padding=1),
                         normalisation("none" if norm == "spectral" else norm, width), nn.LeakyReLU(LEAKY_SLOPE))
