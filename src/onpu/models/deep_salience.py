"""Deep salience: how much every pitch is heard, as melody and as any voice.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017,
section 3.2 and figure 2): harmonic spectra as channels, convolutions of 5 x 5, 5 x 5, 3 x 3, 3 x 3, one of more than an
octave and 3 frames, and 1 x 1 to a salience in [0, 1].

Deviations: two heads on the same layers in place of a network each for melody and for all pitches; the melody head sees
more of the time (`later`), since a note alone does not tell whether it leads, and is joined by one that says whether
there is a melody; `width` gives all layers their channels in proportion to the paper's.
"""

import torch
from torch import Tensor, nn


class DeepSalience(nn.Module):
    """(batch, harmonics, bins, frames) -> logits of melody and pitches (batch, bins, frames), voicing (batch, frames).

    `receptive` is the number of frames on either side that an output depends on.

    Args:
        harmonics: channels of the input.
        octave: bins, odd, of the widest convolution; more than an octave of the spectrum.
        width: channels of the first layer, 128 as published.
    """

    def __init__(self, harmonics: int = 6, octave: int = 69, width: int = 128) -> None:
        super().__init__()
        self.harmonics, self.octave, self.width = harmonics, octave, width
        half, eighth = max(1, width // 2), max(1, width // 16)
        self.near = nn.Sequential(
            nn.BatchNorm2d(harmonics), _convolution(harmonics, width, (5, 5)),
            _convolution(width, half, (5, 5)), _convolution(half, half, (3, 3)), _convolution(half, half, (3, 3)))
        self.wide = _convolution(half, eighth, (octave, 3))
        self.pitches = nn.Conv2d(half + eighth, 1, 1)
        self.later = nn.Sequential(*(_convolution(size, half, (1, 5), gap)
                                     for size, gap in ((half + eighth, 3), (half, 9), (half, 18))))
        self.melody = nn.Conv2d(2 * half + eighth, 1, 1)
        self.voicing = nn.Conv1d(2 * half + eighth, 1, 5, padding=2)
        self.receptive = 2 + 2 + 1 + 1 + 1 + 2 * (3 + 9 + 18) + 2

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, harmonics, bins, frames) -> logits `melody`, `pitches`, `voicing`."""
        near = self.near(x)  # (batch, half, bins, frames)
        here = torch.cat([near, self.wide(near)], dim=1)
        seen = torch.cat([here, self.later(here)], dim=1)
        return {"melody": self.melody(seen)[:, 0], "pitches": self.pitches(here)[:, 0],
                "voicing": self.voicing(seen.amax(dim=2))[:, 0]}


def _convolution(before: int, after: int, size: tuple[int, int], gap: int = 1) -> nn.Sequential:
    """Over size[0] bins and size[1] frames, `gap` frames apart."""
    padding = (size[0] // 2, gap * (size[1] // 2))
    return nn.Sequential(nn.Conv2d(before, after, size, padding=padding, dilation=(1, gap), bias=False),
                         nn.BatchNorm2d(after), nn.ReLU())
