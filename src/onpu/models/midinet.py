"""Generator and critic of a bar of melody, given its chord and the bar before.

Yang, Chou & Yang, "MidiNet: a convolutional generative adversarial network for symbolic-domain music generation"
(ISMIR 2017), sections 3.1 to 3.5 and table 2. A bar is a picture of 16 steps by 128 pitches; x wide is x pitches.

    conditioner  the bar before -> 16 channels of 16 x 1 -> 8 x 1 -> 4 x 1 -> 2 x 1
    generator    noise, chord -> dense -> dense -> 2 x 1 -> 4 x 1 -> 8 x 1 -> 16 x 1 -> 16 x 128
                 before each of the last four the conditioner's map of that size, and the chord, are laid beside
    critic       bar -> 14 channels of 8 x 1 -> 77 of 3 x 1 -> dense -> one answer; the chord beside each

Deviations: the critic may be told the bar before, too, and its normalisation is chosen; a step may be one pitch that
the critic hears as one, with the gradient of a softmax (straight-through: Bengio, Léonard & Courville 2013; for piano
rolls Dong & Yang, ISMIR 2018), where the paper has a sigmoid for each pitch; the critic may be told the interval from
each step to the next, which its first layer, of few channels over all pitches, cannot see; sizes are arguments.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from onpu.layers.normalise import normalisation, spectral_normalisation

STEPS, PITCHES = 16, 128
LEAKY_SLOPE = 0.2
CONDITIONER_HEIGHTS = (16, 8, 4, 2)
"""Steps of the conditioner's maps."""
MAX_INTERVAL = 24
"""Semitones from a step to the next; wider leaps are counted as so wide."""
INTERVALS = 2 * MAX_INTERVAL + 1


class BarGenerator(nn.Module):
    """Noise (batch, noise), chord (batch, chord), the bar before (batch, 1, 16, 128), zeros for none -> bar
    (batch, 1, 16, 128) in [0, 1].

    Args:
        noise, chord: sizes.
        dense: units of the dense layers; the last is made 2 x 1, and must be even.
        channels: of the maps on the way to a bar.
        conditioner_channels: of the conditioner's maps.
        one_pitch_per_step: whether a step is one pitch, exactly; else each pitch has a probability.
    """

    def __init__(self, noise: int, chord: int, dense: Sequence[int], channels: int, conditioner_channels: int,
                 one_pitch_per_step: bool):
        super().__init__()
        self.noise, self.chord, self.dense = noise, chord, tuple(dense)
        self.channels, self.conditioner_channels = channels, conditioner_channels
        self.one_pitch_per_step = one_pitch_per_step
        self.conditioner = nn.ModuleList(
            nn.Sequential(nn.Conv2d(conditioner_channels if level else 1, conditioner_channels,
                                    (2, 1) if level else (1, PITCHES), stride=(2, 1) if level else 1),
                          nn.BatchNorm2d(conditioner_channels), nn.LeakyReLU(LEAKY_SLOPE))
            for level in range(len(CONDITIONER_HEIGHTS)))
        self.begin = nn.ModuleList(nn.Sequential(nn.Linear(size + chord, units), nn.BatchNorm1d(units), nn.ReLU())
                                   for size, units in zip((noise, *dense), dense, strict=False))
        beside = conditioner_channels + chord
        self.up = nn.ModuleList(nn.Sequential(
            nn.ConvTranspose2d((channels if level else dense[-1] // 2) + beside, channels, (2, 1), stride=(2, 1)),
            nn.BatchNorm2d(channels), nn.ReLU()) for level in range(len(CONDITIONER_HEIGHTS) - 1))
        self.end = nn.Linear(channels + beside, PITCHES)  # a transposed convolution of 1 x 128 over steps 1 wide

    def forward(self, noise: Tensor, chord: Tensor, before: Tensor) -> Tensor:
        """Noise, a chord and the bar before -> the next bar (batch, 1, 16, 128) in [0, 1]."""
        maps = []
        heard = before
        for layer in self.conditioner:
            heard = layer(heard)
            maps.append(heard)
        y = noise
        for dense in self.begin:
            y = dense(torch.cat([y, chord], dim=1))
        y = y.unflatten(1, (-1, 2, 1))  # (batch, channels, 2, 1)
        for layer in self.up:
            y = layer(_beside(y, chord, maps.pop()))
        logits: Tensor = self.end(_beside(y, chord, maps.pop()).transpose(1, 3)).float()  # (batch, 1, 16, 128)
        if not self.one_pitch_per_step:
            return logits.sigmoid()
        shares = logits.softmax(dim=3)
        chosen = torch.zeros_like(shares).scatter_(3, logits.argmax(dim=3, keepdim=True), 1.0)
        return chosen + shares - shares.detach()


class BarCritic(nn.Module):
    """Bar (batch, 1, 16, 128), chord (batch, chord) and, if it sees it, the bar before -> answers (batch, 1), and what
    the first layer sees.

    Args:
        chord: size.
        widths: channels of the two convolutions, units of the dense layer.
        sees_previous: whether the bar before is among its inputs.
        norm: batch, instance, none or spectral.
        hears_intervals: whether the interval that leads to each step is; that to the first is from the bar before.
    """

    def __init__(self, chord: int, widths: Sequence[int], sees_previous: bool, norm: str,
                 hears_intervals: bool = False):
        super().__init__()
        self.chord, self.widths, self.sees_previous, self.norm = chord, tuple(widths), sees_previous, norm
        self.hears_intervals = hears_intervals
        first, second, dense = widths
        inputs = (2 if sees_previous else 1) * 2 * PITCHES + chord + 2 * INTERVALS * hears_intervals
        self.first = nn.Sequential(nn.Linear(inputs, first), nn.LeakyReLU(LEAKY_SLOPE))
        self.second = nn.Sequential(nn.Conv2d(first + chord, second, (4, 1), stride=2),
                                    normalisation("none" if norm == "spectral" else norm, second),
                                    nn.LeakyReLU(LEAKY_SLOPE))
        self.dense = nn.Sequential(nn.Linear(3 * second + chord, dense), nn.LeakyReLU(LEAKY_SLOPE))
        self.answer = nn.Linear(dense + chord, 1)
        if norm == "spectral":
            spectral_normalisation(self)

    def forward(self, bar: Tensor, chord: Tensor, *before: Tensor) -> tuple[Tensor, list[Tensor]]:
        """A bar, its chord, and the bar before where it is given -> answers (batch, 1), outputs of the first layer."""
        pairs = [x.reshape(len(x), STEPS // 2, 2 * PITCHES) for x in (bar, *before)]  # what kernels of 2 x 128 see
        if self.hears_intervals:
            pairs.append(moves(bar, *before).reshape(len(bar), STEPS // 2, 2 * INTERVALS))
        first = self.first(torch.cat([*pairs, chord[:, None].expand(-1, STEPS // 2, -1)], dim=2))
        first = first.transpose(1, 2)[..., None]  # (batch, channels, 8, 1)
        second = self.second(_beside(first, chord))
        dense = self.dense(torch.cat([second.flatten(1), chord], dim=1))
        return self.answer(torch.cat([dense, chord], dim=1)).float(), [first]


def moves(bar: Tensor, *before: Tensor) -> Tensor:
    """The interval that leads to each step of a bar (batch, 1, 16, 128), after the bar before where one is given:
    (batch, 16, INTERVALS), the share of each interval, from -MAX_INTERVAL semitones up; of one pitch a step it is 1 at
    one of them. What comes after nothing has none. Differentiable: correlations of neighbouring steps over pitch."""
    last = before[0][:, 0, -1:] if before else torch.zeros_like(bar[:, 0, :1])
    here, there = bar[:, 0].float(), torch.cat([last, bar[:, 0, :-1]], dim=1).float()
    spectrum = torch.fft.rfft(here, 2 * PITCHES) * torch.fft.rfft(there, 2 * PITCHES).conj()
    shares = torch.fft.irfft(spectrum, 2 * PITCHES).roll(PITCHES, dims=2)  # interval i at PITCHES + i
    low, inside, high = shares.split([PITCHES - MAX_INTERVAL + 1, INTERVALS - 2, PITCHES - MAX_INTERVAL], dim=2)
    return torch.cat([low.sum(dim=2, keepdim=True), inside, high.sum(dim=2, keepdim=True)], dim=2)


def degrees(bar: Tensor, chord: Tensor) -> Tensor:
    """Shares of the degrees of a bar's chord, in semitones above its root: bars (batch, 1, 16, 128), chords (batch, 13)
    with 1 at their root -> (batch, 12); nothing where there is no chord. Differentiable."""
    classes = nn.functional.pad(bar[:, 0].float().mean(dim=1), (0, -PITCHES % 12)).unflatten(1, (-1, 12)).sum(dim=1)
    places = torch.arange(12, device=bar.device)
    above = classes[:, (places[:, None] + places) % 12]  # (batch, root, degree)
    shares: Tensor = (chord[:, :12, None] * above).sum(dim=1)
    return shares


def _beside(maps: Tensor, chord: Tensor, *others: Tensor) -> Tensor:
    """Maps, other maps of their size, and a plane for each entry of the chord, (batch, channels, steps, 1)."""
    planes = chord[:, :, None, None].expand(-1, -1, *maps.shape[2:])
    return torch.cat([maps, *others, planes], dim=1)
