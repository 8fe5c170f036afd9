"""The phases that a sound's spectrum should have, from rough ones.

Oyamada, Kameoka, Kaneko, Tanaka, Hojo & Ando, "Generative adversarial network-based approach to signal reconstruction
from magnitude spectrograms" (EUSIPCO 2018): convolutions over time and frequency that never lower the resolution, for a
phase belongs to one bin of one frame. Gates: Dauphin et al., "Language modeling with gated convolutional networks"
(ICML 2017), as in Masuyama et al., "Deep Griffin-Lim iteration" (ICASSP 2019).

    spectrum x -> of each bin, its neighbours relative to itself -> gated convolutions -> a turn of each bin

Relative to a bin, x_{k,t}, its neighbour is x_{k+a,t+b} e^{-2πi k b h} / (x_{k,t} / |x_{k,t}|), with h the hop over the
length of the transform: what of its phase is not that of a tone in the middle of bin k. So a tone looks alike in all
bins and frames, whatever its phase, and what is found for one holds for all.

Deviations: that, and the sizes; each layer adds to what it is given; the last one begins with zeros, so that the phases
that are given are the first answer.
"""

from itertools import product

import torch
from torch import Tensor, nn

from onpu.layers.initialise import constant_bias_

NEIGHBOURS = (*(offset for offset in product((-1, 0, 1), repeat=2) if offset != (0, 0)),
              (-2, 0), (2, 0), (0, -2), (0, 2))
"""Neighbours of a bin: how many bins higher, how many frames later."""
KERNEL = 3
MIN_LENGTH = 1e-5
"""Length from which on a number has a direction."""


class PhaseStack(nn.Module):
    """Real and imaginary part of a spectrum and of another of the same sound, and magnitudes, (batch, 5, bins, frames)
    -> real and imaginary part of one with better phases (batch, 2, bins, frames).

    The spectra must be turned so that neighbouring bins of a tone have the same phase. hop: over the length of the
    transform. width: channels of each layer. depth: layers.
    """

    def __init__(self, hop: float, width: int, depth: int):
        super().__init__()
        self.hop, self.width, self.depth = hop, width, depth
        self.receptive = max(later for _, later in NEIGHBOURS) + (depth + 1) * (KERNEL // 2)  # frames on either side
        heard = 2 * len(NEIGHBOURS) + 4  # with the other spectrum, the magnitude and the height
        self.layers = nn.ModuleList(
            nn.Conv2d(width if number else heard, 2 * width, KERNEL, padding="same") for number in range(depth))
        self.turn = nn.Conv2d(width, 2, KERNEL, padding="same")
        nn.init.zeros_(self.turn.weight)
        constant_bias_(self.turn, 0.0)

    def forward(self, x: Tensor) -> Tensor:
        """Two spectra and magnitudes (batch, 5, bins, frames) -> a better spectrum (batch, 2, bins, frames)."""
        spectrum, other = torch.complex(*x[:, 0:2].float().unbind(1)), torch.complex(*x[:, 2:4].float().unbind(1))
        direction = spectrum / (spectrum.abs() + MIN_LENGTH)
        y = torch.cat([self.relative(spectrum, other, direction), x[:, 4:], height(x)], dim=1)
        for number, layer in enumerate(self.layers):
            gated = nn.functional.glu(layer(y), dim=1)
            y = y + gated if number else gated
        turn = self.turn(y).float()
        better = direction * torch.complex(1 + turn[:, 0], turn[:, 1])
        return torch.stack([better.real, better.imag], dim=1)

    def relative(self, spectrum: Tensor, other: Tensor, direction: Tensor) -> Tensor:
        """Neighbours of each bin, and what the other spectrum has in its place: (batch, 2 neighbours + 2, bins,
        frames)."""
        bins, frames = spectrum.shape[1:]
        wide = nn.functional.pad(spectrum, (2, 2, 2, 2))
        at = torch.arange(bins, device=spectrum.device)[:, None]
        found = [other]
        for higher, later in NEIGHBOURS:
            turns = (at * later * self.hop) % 1
            back = torch.polar(torch.ones_like(turns), -2 * torch.pi * turns)
            found.append(back * wide[:, 2 + higher : 2 + higher + bins, 2 + later : 2 + later + frames])
        near = torch.stack(found, dim=1) * direction.conj()[:, None]
        return torch.cat([near.real, near.imag], dim=1)


def height(x: Tensor) -> Tensor:
    """(batch, 1, bins, frames) how high a bin lies, -1 to 1."""
    rising = torch.linspace(-1, 1, x.shape[2], dtype=x.dtype, device=x.device)
    return rising[:, None].expand(len(x), 1, *x.shape[2:])
