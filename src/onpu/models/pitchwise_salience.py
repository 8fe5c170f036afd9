"""Salience of the melody and of all pitches, with weights that all pitches share.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017):
harmonics as channels, convolutions, a salience for each pitch.

Deviations: the first layers are those of the network for notes (`onpu.models.pitchwise_notes`), whose weights they may
start from, on a grid of semitones: where between them a pitch lies, its neighbours' saliences tell; a melody is told
from other voices by what lies up to two seconds away (`along`) and by what else sounds (`beside`), and a head says
whether there is one.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onpu.layers.initialise import constant_bias_
from onpu.models.harmonic_stack import HARMONICS, HarmonicStack
from onpu.models.pitchwise_notes import INITIAL_LOGIT, PITCHES, OctaveBlock, convolution

DILATIONS = (1, 4, 12, 24)
"""Frames between the taps of the convolutions along time."""


class PitchwiseSalience(nn.Module):
    """(batch, 1, bins, frames) -> logits of melody and pitches (batch, kept, frames), voicing (batch, frames).

    `receptive` is the number of frames on either side that an output depends on.

    Args:
        bins: of the spectrum, three a semitone, the second on A0.
        lowest, kept: keys that have a salience, from where (0: A0) and how many.
        width: channels of the first convolutions.
        channels: of the convolutions over pitches.
        units: channels of the convolutions along time.
        dropout: share of channels dropped before the heads in training.
    """

    def __init__(self, bins: int = 300, lowest: int = 3, kept: int = 72, width: int = 16, channels: int = 28,
                 units: int = 32, dropout: float = 0.1) -> None:
        super().__init__()
        self.bins, self.lowest, self.kept = bins, lowest, kept
        self.width, self.channels, self.units, self.dropout = width, channels, units, dropout
        self.receptive = 2 + 1 + 1 + 2 * 5 + 2 * sum(DILATIONS) + 2
        self.normalise = nn.BatchNorm2d(1)
        self.stack = HarmonicStack(3 * PITCHES, 36)
        self.near = nn.Sequential(convolution(len(HARMONICS), width, (5, 5)), convolution(width, width, (3, 3)))
        self.semitones = nn.Sequential(nn.Conv2d(width, channels, (3, 3), stride=(3, 1), padding=(0, 1), bias=False),
                                       nn.BatchNorm2d(channels), nn.ReLU())
        self.attack = nn.Sequential(OctaveBlock(channels), OctaveBlock(channels))
        self.sustain = OctaveBlock(channels)
        self.drop = nn.Dropout2d(dropout)
        self.pitches = nn.Conv2d(2 * channels, 1, (3, 1), padding=(1, 0))
        self.along = nn.Sequential(*(convolution(2 * channels if number == 0 else units, units, (1, 5), gap)
                                     for number, gap in enumerate(DILATIONS)))
        self.beside = convolution(2 * channels + 2 * units, units, (1, 1))
        self.melody = nn.Conv2d(units, 1, (3, 1), padding=(1, 0))
        self.voicing = nn.Conv1d(units, 1, 5, padding=2)
        for head in (self.pitches, self.melody):
            constant_bias_(head, INITIAL_LOGIT)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `melody`, `pitches`, `voicing`."""
        y = self.semitones(self.near(self.stack(self.normalise(x))))  # (batch, channels, 88, frames)
        here = torch.cat([self.attack(y), self.sustain(y)], dim=1)[:, :, self.lowest : self.lowest + self.kept]
        here = self.drop(here)
        along = self.along(here)  # (batch, units, kept, frames)
        seen = self._beside(torch.cat([here, along], dim=1), _most(along))
        return {"melody": self.melody(seen)[:, 0], "pitches": self.pitches(here)[:, 0],
                "voicing": self.voicing(_most(seen)[:, :, 0])[:, 0]}

    def _beside(self, here: Tensor, most: Tensor) -> Tensor:
        """`beside` of both together, most (batch, units, 1, frames) at every pitch, without writing it out for each."""
        convolve, normalise, bend = self.beside
        assert isinstance(convolve, nn.Conv2d)
        of_here, of_most = convolve.weight.split([here.shape[1], most.shape[1]], dim=1)
        bent: Tensor = bend(normalise(F.conv2d(here, of_here) + F.conv2d(most, of_most)))
        return bent


def _most(x: Tensor) -> Tensor:
    """(batch, channels, pitches, frames) -> the largest of all pitches (batch, channels, 1, frames)."""
    return F.max_pool2d(x, (x.shape[2], 1))  # with the channels last several times as fast as amax
