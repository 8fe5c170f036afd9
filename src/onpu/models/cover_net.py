"""Network that tells songs apart by their harmony and melody, whatever their key, tempo and instruments.

Pitch classes are equivariant to transposition: another key rolls them round. Of up to three layers of them, the chords
(learned chroma), all pitches and the melody, convolutions over all twelve, with circular padding, keep that (Xu, Chen &
Yang, "Key-invariant convolutional neural network toward efficient cover song identification", ICME 2018); the magnitude
of a Fourier transform over the pitch classes then takes the key away and, unlike a mean, keeps how they lie to each
other (Bertin-Mahieux & Ellis, "Large-scale cover song recognition using the 2D Fourier transform magnitude", ISMIR
2012). Means and maxima over time make it a vector a recording. Its tempo, which no layer takes away, varies in what it
learns from.
"""

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.hashing import BinaryCode


class CoverNet(nn.Module):
    """Chroma (batch, 36, frames) and mask (batch, frames) -> vector (batch, size) of length 1, code (batch, bits).

    Args:
        widths: channels of the convolutions: the first one sees a frame, the others three; time is halved before the
            second, and those after it are dilated.
        size: of the vector.
        bits: of the code.
        noise: see `onpu.layers.hashing.BinaryCode`.
        layers: of the chroma that it sees, the first ones: 1, chords alone; 3, all.
    """

    def __init__(self, widths: tuple[int, ...] = (12, 20, 28), size: int = 128, bits: int = 256,
                 noise: float = 1.0, layers: int = 1) -> None:
        super().__init__()
        self.layers = layers
        seen = [(12, 1 if number == 0 else 3) for number in range(len(widths))]
        apart = [1 if number < 2 else 2 ** (number - 1) for number in range(len(widths))]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, kernel, dilation=(1, steps), padding=(0, kernel[1] // 2 * steps), bias=False)
            for (before, after), kernel, steps in zip(pairwise((layers, *widths)), seen, apart, strict=True))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths)
        self.vector = nn.Linear(2 * 7 * widths[-1], size)
        self.code = BinaryCode(size, bits, noise)

    def forward(self, chroma: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        here = mask[:, None, None]
        x = chroma[:, : 12 * self.layers].unflatten(1, (self.layers, 12))
        x = x / x.norm(dim=2, keepdim=True).clamp(min=0.1)
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            if number == 1:
                x, here = (nn.functional.max_pool2d(each, (1, 2), ceil_mode=True) for each in (x, here))
            x = norm(convolution(torch.cat((x, x[:, :, :11]), dim=2))).relu() * here
        mean = x.sum(dim=3) / here.sum(dim=3).clamp(min=1)
        pooled = torch.fft.rfft(torch.cat((mean, x.amax(dim=3)), dim=1), dim=2, norm="ortho").abs()
        unit = nn.functional.normalize(self.vector(pooled.flatten(1)), dim=1)
        return unit, self.code(unit * unit.shape[1] ** 0.5)

    def embed(self, chroma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vector (size,) and code (bits,) of chroma (36, frames); zeros in place of a frame where there is none."""
        x = torch.from_numpy(np.ascontiguousarray(chroma, dtype=np.float32))[None].to(self.vector.weight.device)
        x = nn.functional.pad(x, (0, max(0, 1 - x.shape[2])))
        vector, code = self(x, torch.ones_like(x[:, 0]))
        return vector[0].detach().cpu().numpy(), code[0].detach().cpu().numpy()
