"""Critic that judges a picture patch by patch: the discriminator of pix2pix, PatchGAN.

Isola, Zhu, Zhou & Efros, "Image-to-image translation with conditional adversarial networks" (CVPR 2017), sections 3.2.2
and 6.1.2: 4 x 4 convolutions, leaky rectifiers, all but the last two with stride 2, an answer for each overlapping
patch, here 70 points wide where there are four widths.

Deviations: the normalisation is chosen (batch in the paper); fewer channels; answers are unbounded numbers, of which
the loss makes probabilities if it wants them.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from onpu.layers.normalise import normalisation, spectral_normalisation
from onpu.models.pix2pix_unet import LEAKY_SLOPE, initialise


class PatchCritic(nn.Module):
    """(batch, channels, bins, frames) and conditions of this form -> answers (batch, 1, rows, columns), and what the
    layers see.

    Args:
        channels: of examples and conditions together.
        widths: channels of each layer but the last.
        norm: batch, instance, none or spectral.
    """

    def __init__(self, channels: int, widths: Sequence[int], norm: str) -> None:
        super().__init__()
        self.channels, self.widths, self.norm = channels, list(widths), norm
        last = len(self.widths) - 1
        self.layers = nn.ModuleList(_layer(*pair, 1 if level == last else 2, norm if level else "none")
                                    for level, pair in enumerate(pairwise([channels, *self.widths])))
        self.answer = nn.Conv2d(self.widths[-1], 1, 4, padding=1)
        self.apply(initialise)
        if norm == "spectral":
            spectral_normalisation(self)

    def forward(self, x: Tensor, *conditions: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures and their conditions -> answers (batch, 1, rows, columns), outputs of the hidden layers."""
        y, seen = torch.cat([x, *conditions], dim=1), []
        for layer in self.layers:
            y = layer(y)
            seen.append(y)
        return self.answer(y).float(), seen


def _layer(channels: int, width: int, stride: int, norm: str) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 4, stride=stride, padding=1),
                         normalisation("none" if norm == "spectral" else norm, width), nn.LeakyReLU(LEAKY_SLOPE))
