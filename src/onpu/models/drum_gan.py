"""Small networks that make, and judge, the spectrum of one stroke of a drum.

Radford, Metz & Chintala, "Unsupervised representation learning with deep convolutional generative adversarial networks"
(ICLR 2016), DCGAN, section 3: no pooling but strides, batch normalisation but where pictures go in and come out,
rectifiers in the generator and leaky ones in the critic, tanh at the end. A class, where there is one, goes in as
Mirza & Osindero, "Conditional generative adversarial nets" (2014, section 3.1), have it: beside the noise, and beside
the picture, where it fills a plane for each class (deviation: in theirs, dense layers of their own). Or it goes into
every layer of the generator, as a gain and a bias of each channel (Dumoulin et al., ICLR 2017), and into the critic's
answer, as the product of an embedding of the class with what its last layer sees (Miyato & Koyama, "cGANs with
projection discriminator", ICLR 2018, eq. 4); a third head may name the class (Odena, Olah & Shlens, ICML 2017).

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
        every_layer: whether the class scales and shifts every layer too.
    """

    def __init__(self, noise: int, classes: int, widths: Sequence[int], every_layer: bool = False) -> None:
        super().__init__()
        self.noise, self.classes, self.widths, self.every_layer = noise, classes, list(widths), every_layer
        grid = 2 ** len(self.widths)
        self.coarse = BINS // grid, FRAMES // grid
        dense = [nn.Linear(noise + classes, self.widths[0] * self.coarse[0] * self.coarse[1]),
                 nn.Unflatten(1, (self.widths[0], *self.coarse))]
        rises = [nn.ConvTranspose2d(*pair, 4, stride=2, padding=1) for pair in pairwise(self.widths)]
        if every_layer:
            self.begin = nn.Sequential(*dense)
            self.steps = nn.ModuleList(rises)
            self.norms = nn.ModuleList(ToldBatchNorm(width, classes) for width in self.widths)
        else:
            self.begin = nn.Sequential(*dense, nn.BatchNorm2d(self.widths[0]), nn.ReLU())
            self.up = nn.Sequential(*(nn.Sequential(rise, nn.BatchNorm2d(width), nn.ReLU())
                                      for rise, width in zip(rises, self.widths[1:], strict=True)))
        self.end = nn.Sequential(nn.ConvTranspose2d(self.widths[-1], 1, 4, stride=2, padding=1), nn.Tanh())
        self.apply(initialise)

    def forward(self, noise: Tensor, *classes: Tensor) -> Tensor:
        """Noise (batch, noise), and classes where there are any -> pictures (batch, 1, 256, 64)."""
        y = self.begin(torch.cat([noise, *classes], dim=1))
        if self.every_layer:
            y = self.norms[0](y, *classes).relu()
            for step, norm in zip(self.steps, self.norms[1:], strict=True):
                y = norm(step(y), *classes).relu()
        else:
            y = self.up(y)
        fake: Tensor = self.end(y)
        return fake


class ToldBatchNorm(nn.Module):
    """Batch normalisation of (batch, channels, ...) whose gain and bias depend on a class, (batch, classes)."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.told = nn.Linear(classes, 2 * channels, bias=False)

    def forward(self, x: Tensor, classes: Tensor) -> Tensor:
        """Activations, and the classes (batch, classes) -> the same shape."""
        gain, bias = self.told(classes)[:, :, None, None].chunk(2, dim=1)
        y: Tensor = self.norm(x) * (1 + gain) + bias
        return y


class DrumCritic(nn.Module):
    """Pictures (batch, 1, 256, 64) and, where there are classes, (batch, classes) -> answers (batch, 1), and what the
    layers see.

    Args:
        classes: 0 for a critic that is told none.
        widths: channels of each level.
        norm: batch, instance, none or spectral.
        projected: whether the class is told to the last layer, in place of planes beside the picture.
    """

    def __init__(self, classes: int, widths: Sequence[int], norm: str, projected: bool = False) -> None:
        super().__init__()
        self.classes, self.widths, self.norm, self.projected = classes, list(widths), norm, projected
        planes = 0 if projected else classes
        self.down = nn.ModuleList(_down(*pair, norm if level else "none")
                                  for level, pair in enumerate(pairwise([1 + planes, *self.widths])))
        grid = 2 ** len(self.widths)
        seen = self.widths[-1] * (BINS // grid) * (FRAMES // grid)
        self.answer = nn.Linear(seen, 1)
        self.embedding = nn.Linear(classes, seen, bias=False) if projected else None
        self.name = nn.Linear(seen, classes) if projected else None
        self.apply(initialise)
        if norm == "spectral":
            spectral_normalisation(self)

    def forward(self, x: Tensor, *classes: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures, and classes where there are any -> answers (batch, 1), outputs of the hidden layers."""
        y, seen = self.seen(x, *classes)
        answer: Tensor = self.answer(y)
        if self.embedding is not None:
            answer = answer + (self.embedding(classes[0]) * y).sum(dim=1, keepdim=True)
        return answer.float(), seen

    def named(self, x: Tensor) -> Tensor:
        """Logits (batch, classes) of the class of pictures; only of a critic that the class is projected in."""
        if self.name is None:
            raise ValueError("this critic is told the class in planes and cannot name it")
        logits: Tensor = self.name(self.seen(x)[0])
        return logits.float()

    def seen(self, x: Tensor, *classes: Tensor) -> tuple[Tensor, list[Tensor]]:
        """What the last hidden layer sees, flat, and the outputs of all of them."""
        planes = [] if self.projected else [kind[:, :, None, None].expand(-1, -1, *x.shape[2:]) for kind in classes]
        y, seen = torch.cat([x, *planes], dim=1), []
        for layer in self.down:
            y = layer(y)
            seen.append(y)
        return y.flatten(1), seen


def _down(channels: int, width: int, norm: str) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 4, stride=2, padding=1),
                         normalisation("none" if norm == "spectral" else norm, width), nn.LeakyReLU(LEAKY_SLOPE))
