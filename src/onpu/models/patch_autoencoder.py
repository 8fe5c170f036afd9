"""Denoising autoencoder of patches of a mel spectrogram.

Vincent et al., "Stacked denoising autoencoders" (JMLR 2010): what is corrupted is put right from a code that is too
small for the whole, so that the code has to hold what is essential. Convolutions in place of dense layers, trained at
once.
"""

import numpy as np
import torch
from torch import Tensor, nn


class PatchAutoencoder(nn.Module):
    """Patches (batch, 1, bins, frames) -> codes (batch, size) and patches put right, the same shape.

    Args:
        bins, frames: of a patch, multiples of 2 to the number of widths.
        widths: channels of the convolutions, each of which halves both sides.
        size: of a code.
    """

    def __init__(self, bins: int = 96, frames: int = 128, widths: tuple[int, ...] = (12, 24, 32, 40),
                 size: int = 64) -> None:
        super().__init__()
        halved = 2 ** len(widths)
        if bins % halved or frames % halved:
            raise ValueError(f"patches of {bins} x {frames} cannot be halved {len(widths)} times; choose fewer widths")
        self.inner = (widths[-1], bins // halved, frames // halved)
        inner = self.inner[0] * self.inner[1] * self.inner[2]
        encoder: list[nn.Module] = []
        for before, after in zip((1, *widths), widths, strict=False):
            encoder += [nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.encoder = nn.Sequential(*encoder)
        self.squeeze, self.widen = nn.Linear(inner, size), nn.Linear(size, inner)
        decoder: list[nn.Module] = []
        for before, after in zip(widths[::-1], (*widths[-2::-1], 1), strict=True):
            decoder += [nn.ReLU(), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
        self.decoder = nn.Sequential(*decoder)

    def encode(self, patches: Tensor) -> Tensor:
        """The codes alone."""
        code: Tensor = self.squeeze(self.encoder(patches).flatten(1))
        return code

    def codes(self, patches: np.ndarray, at_a_time: int = 64) -> np.ndarray:
        """Codes (count, size), each of length 1, of patches (count, 1, bins, frames)."""
        device = self.squeeze.weight.device
        parts = torch.from_numpy(patches).to(device, torch.float32).split(at_a_time)
        found = torch.cat([nn.functional.normalize(self.encode(part), dim=1) for part in parts])
        return np.asarray(found.detach().cpu().numpy())

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        code = self.encode(patches)
        return code, self.decoder(torch.unflatten(self.widen(code), 1, self.inner))
