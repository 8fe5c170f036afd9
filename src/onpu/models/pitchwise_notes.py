"""Onsets and Frames whose weights all pitches share: small enough to learn on a laptop.

Hawthorne et al., "Onsets and frames: dual-objective piano transcription" (ISMIR 2018, section 3; offsets as in
"Enabling factorized piano music modeling and generation with the MAESTRO dataset", ICLR 2019, section 3.3): heads for
onset, offset, velocity and frame, where the frame head's recurrent layer reads what the onset and offset heads say,
without passing its gradient to them.

Deviations: the dense layers that give each of 88 pitches weights of its own are gone: a variable-Q spectrum with its
harmonics stacked (`onpu.models.harmonic_stack`) looks the same at every pitch but for its place, so that convolutions
over pitch and time and a recurrent layer along the time of each single pitch do, with a hundredth of the weights; the
heads share their first convolutions; convolutions with gaps of an octave see what sounds an octave away. A head for the
sustain pedal and one for the family of the instrument are added.
"""

import torch
from torch import Tensor, nn

from onpu.layers.threads import one_thread
from onpu.models.harmonic_stack import HARMONICS, HarmonicStack

PITCHES = 88


class PitchwiseNotes(nn.Module):
    """(batch, 1, bins, frames) -> logits of onset, offset, frame, velocity (batch, 88, frames), pedal (batch, frames)
    and, where there are families, family (batch, families, 88, frames).

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        bins: of the spectrum, three a semitone, the second on A0.
        width: channels of the first convolutions.
        channels: of the convolutions over pitches.
        units: of the recurrent layer, in each direction.
        families: of instruments; 0: they are not told apart.
        dropout: share of channels dropped before the heads in training.
    """

    def __init__(self, bins: int = 300, width: int = 16, channels: int = 28, units: int = 24, families: int = 0,
                 dropout: float = 0.1) -> None:
        super().__init__()
        self.bins, self.width, self.channels, self.units = bins, width, channels, units
        self.families, self.dropout = families, dropout
        self.receptive = 100
        self.normalise = nn.BatchNorm2d(1)
        self.stack = HarmonicStack(3 * PITCHES, 36)
        self.near = nn.Sequential(_convolution(len(HARMONICS), width, (5, 5)), _convolution(width, width, (3, 3)))
        self.semitones = nn.Sequential(nn.Conv2d(width, channels, (3, 3), stride=(3, 1), padding=(0, 1), bias=False),
                                       nn.BatchNorm2d(channels), nn.ReLU())
        self.attack = nn.Sequential(OctaveBlock(channels), OctaveBlock(channels))
        self.sustain = OctaveBlock(channels)
        self.drop = nn.Dropout2d(dropout)
        self.onset = nn.Conv2d(channels, 1, (1, 3), padding=(0, 1))
        self.offset = nn.Conv2d(channels, 1, (1, 3), padding=(0, 1))
        self.velocity = nn.Conv2d(channels, 1, 1)
        self.along = nn.GRU(channels + 2, units, batch_first=True, bidirectional=True)
        self.frame = nn.Linear(2 * units, 1)
        self.pedal = nn.Conv1d(2 * units, 1, 1)
        if families:
            self.family = nn.Conv2d(channels + 2 * units, families, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """See the class."""
        y = self.semitones(self.near(self.stack(self.normalise(x))))  # (batch, channels, 88, frames)
        attack, sustain = self.attack(y), self.drop(self.sustain(y))
        attack = self.drop(attack)
        onset, offset = self.onset(attack), self.offset(sustain)
        seen = torch.cat([sustain, onset.detach().sigmoid(), offset.detach().sigmoid()], dim=1)
        batch, parts, pitches, frames = seen.shape
        rows = seen.permute(0, 2, 3, 1).reshape(batch * pitches, frames, parts)
        with one_thread():
            held, _ = self.along(rows)  # (batch * 88, frames, 2 units)
        frame = self.frame(held)[..., 0].view(batch, pitches, frames)
        held = held.view(batch, pitches, frames, -1).permute(0, 3, 1, 2)  # (batch, 2 units, 88, frames)
        heads = {"onset": onset[:, 0], "offset": offset[:, 0], "velocity": self.velocity(attack)[:, 0], "frame": frame,
                 "pedal": self.pedal(held.mean(dim=2))[:, 0]}
        if self.families:
            heads["family"] = self.family(torch.cat([attack, held], dim=1))
        return heads


class OctaveBlock(nn.Module):
    """Residual: a convolution over neighbouring pitches and frames, one over octaves, one over frames further off."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.near = _convolution(channels, channels, (3, 3))
        self.octaves = nn.Conv2d(channels, channels, (3, 1), dilation=(12, 1), padding=(12, 0), bias=False)
        self.later = nn.Conv2d(channels, channels, (1, 5), dilation=(1, 2), padding=(0, 4), bias=False)
        self.normalise = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, pitches, frames) -> the same."""
        y = self.near(x)
        return torch.relu(x + self.normalise(self.octaves(y) + self.later(y)))


def _convolution(before: int, after: int, size: tuple[int, int]) -> nn.Sequential:
    """Over size[0] bins and size[1] frames."""
    padding = (size[0] // 2, size[1] // 2)
    return nn.Sequential(nn.Conv2d(before, after, size, padding=padding, bias=False), nn.BatchNorm2d(after), nn.ReLU())
