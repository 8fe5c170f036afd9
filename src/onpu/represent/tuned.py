"""What `onpu.represent.tuning` does to the spectrum of a whole recording, in operations that ONNX has."""

import math

import torch
from torch import Tensor, nn

from onpu.represent.tuning import LEAST_PEAKS, semitone_direction

LARGEST_CENTS = 50
"""A tuning is that far from 440 Hz at most."""


class Tuned(nn.Module):
    """Spectrum of a recording (1, 1, bins, frames) -> the same at A = 440 Hz, and tuning (2,): cents and agreement.

    `estimate_tuning` and `shift_bins` without branches.

    Args:
        bins_per_octave, mul: of the spectrum, as there.
    """

    def __init__(self, bins_per_octave: int, mul: float) -> None:
        super().__init__()
        self.bins_per_octave, self.mul = bins_per_octave, mul
        self.margin = math.ceil(LARGEST_CENTS * bins_per_octave / 1200) + 1

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Features (1, 1, bins, frames) -> features, tuning."""
        cents, agreement = self._tuning(features)
        shift = cents * self.bins_per_octave / 1200
        whole = shift.floor()
        share = shift - whole
        padded = nn.functional.pad(features, (0, 0, self.margin, self.margin + 1))
        at = torch.arange(features.shape[2], device=features.device) + self.margin + whole.long()
        tuned = (1 - share) * padded.index_select(2, at) + share * padded.index_select(2, at + 1)
        return tuned, torch.stack([cents, agreement])

    def _tuning(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Features (1, 1, bins, frames) -> cents, agreement."""
        along, across, total = semitone_direction(features, self.bins_per_octave, self.mul)
        # ONNX has no angle of two coordinates: in half angles one of a single quotient does
        length = (along.square() + across.square() + 1e-30).sqrt()
        behind = (along <= 0) & (across.abs() < 1e-6 * length)  # the half angle is a right one
        turn = torch.where(behind, math.pi, 2 * torch.atan(across / (length + along).clamp(min=1e-30)))
        heard = (total >= LEAST_PEAKS).to(total.dtype)
        return heard * 100 * turn / (2 * math.pi), heard * (length / total.clamp(min=LEAST_PEAKS)).clamp(max=1)
