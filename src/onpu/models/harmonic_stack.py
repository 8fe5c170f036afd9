"""Harmonics of a pitch beside each other, from one logarithmic spectrum.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017,
section 3.1) compute a constant-Q transform a harmonic; here its channels are read from one transform, moved by the
harmonic's distance in bins (as Bittner et al., "A lightweight instrument-agnostic model for polyphonic note
transcription and multipitch estimation", ICASSP 2022, section 3, do).

Deviations: distances are rounded to bins (a third of a semitone here).
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

HARMONICS = (0.5, 1, 2, 3, 4, 5, 6, 7)


class HarmonicStack(nn.Module):
    """(batch, 1, bins, frames) -> (batch, harmonics, kept, frames): channel h at bin k is the spectrum h times as high.

    Args:
        kept: bins from the lowest on that are kept.
        bins_per_octave: of the spectrum.
        harmonics: multiples of the fundamental; what lies beyond the spectrum is zero.
    """

    def __init__(self, kept: int, bins_per_octave: int, harmonics: Sequence[float] = HARMONICS) -> None:
        super().__init__()
        self.kept, self.bins_per_octave, self.harmonics = kept, bins_per_octave, tuple(harmonics)
        self.shifts = [round(bins_per_octave * math.log2(harmonic)) for harmonic in self.harmonics]

    def forward(self, x: Tensor) -> Tensor:
        """A spectrum (batch, 1, bins, frames) -> its harmonics as channels (batch, harmonics, kept, frames)."""
        below, above = max(0, -min(self.shifts)), max(0, self.kept + max(self.shifts) - x.shape[2])
        padded = nn.functional.pad(x, (0, 0, below, above))
        return torch.cat([padded[:, :, below + shift : below + shift + self.kept] for shift in self.shifts], dim=1)
