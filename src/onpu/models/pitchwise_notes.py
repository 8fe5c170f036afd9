"""Onsets and Frames whose weights all pitches share: small enough to learn on a laptop.

Hawthorne et al., "Onsets and frames: dual-objective piano transcription" (ISMIR 2018, section 3; offsets as in
"Enabling factorized piano music modeling and generation with the MAESTRO dataset", ICLR 2019, section 3.3): heads for
onset, offset, velocity and frame, where what decides on frames reads what the onset and offset heads say, without
passing its gradient on to them.

Deviations: the dense layers that give each of 88 pitches weights of its own are gone: a variable-Q spectrum with its
harmonics stacked (`onpu.models.harmonic_stack`) looks the same at every pitch but for its place, so that convolutions
over pitch and time do, with a hundredth of the weights; the heads share their first convolutions; convolutions with
gaps of an octave see what sounds an octave away; in place of the LSTMs the frame head has dilated convolutions along
the time of each pitch, which learn in a third of the time. A head for the sustain pedal and one for the family of the
instrument are added.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from onpu.layers.initialise import constant_bias_
from onpu.models.harmonic_stack import HARMONICS, HarmonicStack

PITCHES = 88
INITIAL_LOGIT = -4.0
"""Logit of what an untrained head answers: most keys are silent (Lin et al. 2017, section 4.1)."""
DILATIONS = (1, 3, 9, 18)
"""Frames between the taps of the convolutions along time."""


class PitchwiseNotes(nn.Module):
    """(batch, 1, bins, frames) -> logits of onset, offset, frame, velocity (batch, 88, frames), pedal (batch, frames)
    and, where there are families, family (batch, families, 88, frames).

    `receptive` is the number of frames on either side that an output depends on.

    Args:
        bins: of the spectrum, three a semitone, the second on A0.
        width: channels of the first convolutions.
        channels: of the convolutions over pitches.
        units: channels of the convolutions along time.
        families: of instruments; 0: they are not told apart.
        dropout: share of channels dropped before the heads in training.
        blocks: of octaves before the heads of onset and velocity.
    """

    def __init__(self, bins: int = 300, width: int = 16, channels: int = 28, units: int = 24, families: int = 0,
                 dropout: float = 0.1, blocks: int = 2) -> None:
        super().__init__()
        self.bins, self.width, self.channels, self.units = bins, width, channels, units
        self.families, self.dropout, self.blocks = families, dropout, blocks
        self.receptive = 2 + 1 + 1 + (blocks + 1) * 5 + sum(2 * gap for gap in DILATIONS)
        self.normalise = nn.BatchNorm2d(1)
        self.stack = HarmonicStack(3 * PITCHES, 36)
        self.near = nn.Sequential(convolution(len(HARMONICS), width, (5, 5)), convolution(width, width, (3, 3)))
        self.semitones = nn.Sequential(nn.Conv2d(width, channels, (3, 3), stride=(3, 1), padding=(0, 1), bias=False),
                                       nn.BatchNorm2d(channels), nn.ReLU())
        self.attack = nn.Sequential(*(OctaveBlock(channels) for _ in range(blocks)))
        self.sustain = OctaveBlock(channels)
        self.drop = nn.Dropout2d(dropout)
        self.onset = nn.Conv2d(channels, 1, (1, 3), padding=(0, 1))
        self.offset = nn.Conv2d(channels, 1, (1, 3), padding=(0, 1))
        self.velocity = nn.Conv2d(channels, 1, 1)
        self.along = nn.Sequential(*(convolution(channels + 2 if number == 0 else units, units, (1, 5), gap)
                                     for number, gap in enumerate(DILATIONS)))
        self.frame = nn.Conv2d(units, 1, 1)
        self.pedal = nn.Conv1d(units, 1, 1)
        for head in (self.onset, self.offset, self.frame):
            constant_bias_(head, INITIAL_LOGIT)
        if families:
            self.family = nn.Conv2d(channels + units, families, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits of the heads listed above."""
        y = self.semitones(self.near(self.stack(self.normalise(x))))  # (batch, channels, 88, frames)
        attack, sustain = self.attack(y), self.drop(self.sustain(y))
        attack = self.drop(attack)
        onset, offset = self.onset(attack), self.offset(sustain)
        seen = torch.cat([sustain, onset.detach().sigmoid(), offset.detach().sigmoid()], dim=1)
        held = self.along(seen)  # (batch, units, 88, frames)
        heads = {"onset": onset[:, 0], "offset": offset[:, 0], "velocity": self.velocity(attack)[:, 0],
                 "frame": self.frame(held)[:, 0], "pedal": self.pedal(held.mean(dim=2))[:, 0]}
        if self.families:
            heads["family"] = self.family(torch.cat([attack, held], dim=1))
        return heads

    def expand_state_dict(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Tensors of a network of this kind with fewer channels or blocks, as those of this one: they are its first
        channels, which do not hear the new ones, and new blocks change nothing at first, so that the answers are the
        same (Chen, Goodfellow & Shlens, "Net2Net: accelerating learning via knowledge transfer", ICLR 2016, section 2,
        with new channels drawn at random in place of copies). Tensors that do not all fit stay as they are."""
        if any(not _fits(tensors[name], own) for name, own in self.state_dict().items() if name in tensors):
            return dict(tensors)
        old = len(tensors["onset.weight"][0])
        joined = {"along.0.0.weight": (old, self.channels), "family.weight": (old, self.channels)}
        out = {}
        for name, own in self.state_dict().items():
            if name in tensors:
                out[name] = _in_corner(tensors[name], own, *joined.get(name, (0, 0)))
            elif name.endswith(".normalise.weight"):
                out[name] = torch.zeros_like(own)
        return out


def _fits(old: Tensor, own: Tensor) -> bool:
    return old.ndim == own.ndim and all(size <= room for size, room in zip(old.shape, own.shape, strict=True))


def _in_corner(old: Tensor, own: Tensor, parted: int, begins: int) -> Tensor:
    """`own` with `old` as its first outputs and inputs, which hear nothing else. Inputs from `parted` on are those of
    another layer, which begin at `begins` here."""
    if old.ndim < 2:
        return torch.cat([old, own[len(old):]]) if old.ndim else old
    out, outputs, inputs = own.clone(), len(old), old.shape[1]
    parted = parted or inputs
    out[:outputs] = 0
    out[:outputs, :parted] = old[:, :parted]
    out[:outputs, begins: begins + inputs - parted] = old[:, parted:]
    return out


class OctaveBlock(nn.Module):
    """Residual: a convolution over neighbouring pitches and frames, one over octaves, one over frames further off."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.near = convolution(channels, channels, (3, 3))
        self.octaves = OctaveConvolution(channels, channels, (3, 1), dilation=(12, 1), padding=(12, 0), bias=False)
        self.later = nn.Conv2d(channels, channels, (1, 5), dilation=(1, 2), padding=(0, 4), bias=False)
        self.normalise = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, pitches, frames) -> the same."""
        y = self.near(x)
        return torch.relu(x + self.normalise(self.octaves(y) + self.later(y)))


class OctaveConvolution(nn.Conv2d):
    """A convolution over a pitch and its octaves below and above, as one of a single tap over the three side by side:
    the gradient of a dilated one is not finite in bfloat16 on processors that multiply it (torch 2.13)."""

    def forward(self, input: Tensor) -> Tensor:
        """(batch, channels, pitches, frames) -> the same."""
        gap, pitches = int(self.dilation[0]), input.shape[2]
        padded = functional.pad(input, (0, 0, gap, gap))
        octaves = torch.cat([padded[:, :, k * gap: k * gap + pitches] for k in range(3)], dim=1)
        return functional.conv2d(octaves, self.weight.permute(0, 2, 1, 3).flatten(1, 2)[:, :, None])


def convolution(before: int, after: int, size: tuple[int, int], gap: int = 1) -> nn.Sequential:
    """Over size[0] bins and size[1] frames, `gap` frames apart."""
    padding = (size[0] // 2, gap * (size[1] // 2))
    return nn.Sequential(nn.Conv2d(before, after, size, padding=padding, dilation=(1, gap), bias=False),
                         nn.BatchNorm2d(after), nn.ReLU())
