"""SEGAN: networks that clean a waveform, and judge whether it is clean.

Pascual, Bonafonte & Serrà, "SEGAN: speech enhancement generative adversarial network" (Interspeech 2017), section 4.2:
strided convolutions of width 31 down, at the bottom noise beside what is left, transposed ones up, what was seen on the
way down is seen again; parametric rectifiers, tanh at the end, no dense layer in the generator. The critic is of the
same kind and sees what it judges beside the noisy sound; leaky rectifiers with slope 0.3, then one number.

Deviations: sizes are chosen (`widths`, `stride`); the end may be `residual`: what is added to the noisy sound, without
tanh, is learned, so that a network that knows nothing yet leaves it as it is; the critic's normalisation is chosen
(virtual batch normalisation in the paper), its answer is a mean over time in place of a dense layer.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from onpu.layers.normalise import normalisation, spectral_normalisation

KERNEL = 31
"""Taps of a convolution."""
LEAKY_SLOPE = 0.3
"""Of the critic's leaky rectifiers."""


class SeganGenerator(nn.Module):
    """Noisy (batch, 1, samples) and noise (batch, noise, any) -> clean (batch, 1, samples), for any number of samples.

    Args:
        widths: channels of each level on the way down.
        stride: of each level.
        noise: channels of noise at the bottom; what is given is cut to the length there, or zeros follow it.
        residual: add to the input.
    """

    def __init__(self, widths: Sequence[int], stride: int, noise: int, residual: bool) -> None:
        super().__init__()
        self.widths, self.stride, self.noise, self.residual = list(widths), stride, noise, residual
        self.down = nn.ModuleList(nn.Sequential(nn.Conv1d(*pair, KERNEL, stride=stride, padding=KERNEL // 2),
                                                nn.PReLU())
                                  for pair in pairwise([1, *self.widths]))
        given = [self.widths[-1] + noise, *(2 * width for width in self.widths[-2::-1])]
        wanted = [*self.widths[-2::-1], 1]
        self.up = nn.ModuleList(nn.Sequential(
            nn.ConvTranspose1d(*pair, KERNEL, stride=stride, padding=KERNEL // 2, output_padding=stride - 1),
            nn.PReLU() if pair[1] > 1 else nn.Identity()) for pair in zip(given, wanted, strict=True))
        if residual:
            for parameter in self.up[-1].parameters():
                nn.init.zeros_(parameter)

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """Noisy sound (batch, 1, samples) and noise (batch, noise, any) -> clean sound (batch, 1, samples)."""
        samples = x.shape[-1]
        y = nn.functional.pad(x, (0, -samples % self.stride ** len(self.widths)))
        seen = []
        for level in self.down:
            y = level(y)
            seen.append(y)
        y = seen.pop()
        noise = nn.functional.pad(noise, (0, max(0, y.shape[-1] - noise.shape[-1])))[..., : y.shape[-1]]
        y = self.up[0](torch.cat([y, noise], dim=1))
        for level in self.up[1:]:
            y = level(torch.cat([y, seen.pop()], dim=1))
        y = y[..., :samples]
        return x + y if self.residual else torch.tanh(y)


class SeganCritic(nn.Module):
    """Sound (batch, 1, samples) and the noisy one -> answers (batch, 1), and what the layers see.

    Args:
        widths: channels of each level.
        stride: of each level.
        norm: batch, instance, none or spectral.
    """

    def __init__(self, widths: Sequence[int], stride: int, norm: str) -> None:
        super().__init__()
        self.widths, self.stride, self.norm = list(widths), stride, norm
        kind = "none" if norm == "spectral" else norm
        self.down = nn.ModuleList(nn.Sequential(
            nn.Conv1d(*pair, KERNEL, stride=stride, padding=KERNEL // 2), normalisation(kind, pair[1], 1),
            nn.LeakyReLU(LEAKY_SLOPE)) for pair in pairwise([2, *self.widths]))
        self.answer = nn.Conv1d(self.widths[-1], 1, 1)
        if norm == "spectral":
            spectral_normalisation(self)

    def forward(self, x: Tensor, *conditions: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Sound and the noisy sound, (batch, 1, samples) each -> answers (batch, 1), outputs of the hidden layers."""
        y, seen = torch.cat([x, *conditions], dim=1), []
        for layer in self.down:
            y = layer(y)
            seen.append(y)
        return self.answer(y).mean(dim=2).float(), seen
