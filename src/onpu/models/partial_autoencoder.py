"""A note as a few numbers, and back, given its key, seen along its partials and in bands.

    picture -> rows at the key's partials and half-way between them, and bands of equal width
            -> strided convolutions each, to 1 x 1 -> z
    z, embedded key -> strided transposed convolutions -> features of each partial, and of each band
            -> at each bin those of the partials beside it and of its band, and the harmonic tone of the key
            -> two convolutions of 1 x 1, sigmoid -> picture

After the spectral autoencoder of NSynth (`onpu.models.nsynth`), whose decoder has to say where partials lie as well as
how loud they are. Here the key says where, as a harmonic oscillator does (Engel et al., "DDSP: differentiable digital
signal processing", ICLR 2020), so that a network of two grids of 64 rows tells instruments apart that a larger one of
512 bins blurs.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from onpu.models.nsynth import KEYS, LEAKY_SLOPE, LINE_WIDTHS, falling, harmonic_lines, one_by_one, rising, spacing_of

ROWS = 64
"""Of both grids."""
ALONE, TOGETHER = 48, 5.0
"""Partials that have a row for themselves; how many share a row beyond."""


class PartialAutoencoder(nn.Module):
    """Pictures (batch, 1, bins, frames) in [0, 1] and keys (batch,), MIDI numbers, which may lie between keys for
    `encode` -> the same pictures, rebuilt.

    Args:
        bins, frames: of the picture, powers of two, bins at least `ROWS`, which are at least as many as frames.
        hertz: from bin to bin.
        widths: channels of the strided convolutions, log2(ROWS) of them; those of the transposed ones mirror them.
        top: channels of the layers of 1 x 1 beside z.
        size: numbers of z.
        told: size of the embedded key.
        channels: features of each row. hidden: channels between the two last convolutions.
    """

    def __init__(self, bins: int, frames: int, hertz: float, widths: Sequence[int], top: int, size: int, told: int,
                 channels: int, hidden: int) -> None:
        super().__init__()
        both = frames.bit_length() - 1
        if 2**both != frames or frames > ROWS or bins % ROWS or 2 ** len(widths) != ROWS:
            raise ValueError(f"frames must be a power of two up to {ROWS}, bins a multiple of it, and widths "
                             f"{ROWS.bit_length() - 1} numbers; not {frames}, {bins} and {len(widths)}")
        self.bins, self.frames, self.hertz, self.size = bins, frames, hertz, size
        strides = [(2, 2)] * both + [(2, 1)] * (len(widths) - both)
        self.encoders = nn.ModuleList(_narrowing(inputs, widths, strides, top) for inputs in (3, 2))
        self.squeeze = nn.Sequential(nn.Conv2d(2 * top, size, 1), nn.BatchNorm2d(size))
        self.keys = nn.Embedding(KEYS, told)
        self.decoders = nn.ModuleList(_widening(size + told, top, widths, strides, channels) for _ in range(2))
        self.seen = nn.Sequential(nn.Conv2d(2 * channels + len(LINE_WIDTHS), hidden, 1), nn.LeakyReLU(LEAKY_SLOPE),
                                  nn.Conv2d(hidden, 1, 1))

    def forward(self, pictures: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        return self.decode(self.encode(pictures, keys), keys)

    def encode(self, pictures: Tensor, keys: Tensor) -> Tensor:
        """Pictures, keys -> z (batch, size)."""
        bands = pictures[:, 0].unflatten(1, (ROWS, -1))
        grids = (at_partials(pictures[:, 0], spacing_of(keys, self.hertz)),
                 torch.stack((bands.mean(2), bands.amax(2)), dim=1))
        heard = [encoder(rows) for encoder, rows in zip(self.encoders, grids, strict=True)]
        z: Tensor = self.squeeze(torch.cat(heard, dim=1))
        return z.flatten(1)

    def decode(self, z: Tensor, keys: Tensor) -> Tensor:
        """z (batch, size), keys (batch,) -> pictures (batch, 1, bins, frames) in [0, 1]."""
        told = torch.cat([z, self.keys(keys)], dim=1)[:, :, None, None]
        partials, bands = (decoder(told) for decoder in self.decoders)
        lines = harmonic_lines(keys, self.bins, self.hertz).to(z.dtype)[..., None].expand(-1, -1, -1, self.frames)
        bands = nn.functional.interpolate(bands, (self.bins, self.frames), mode="bilinear", align_corners=False)
        along = over_bins(partials, spacing_of(keys, self.hertz), self.bins)
        rebuilt: Tensor = self.seen(torch.cat([lines, along, bands], dim=1)).float().sigmoid()
        return rebuilt


def at_partials(levels: Tensor, spacing: Tensor) -> Tensor:
    """Levels (batch, bins, frames) on the rows of partials whose spacing is so many bins (batch,): (batch, 3, ROWS,
    frames), the largest of three bins at the partial, the mean of three half-way to the next, and 1 where there are
    bins. Row 0 stands for half the fundamental."""
    rows = torch.arange(ROWS, device=levels.device)
    numbers = torch.where(rows <= ALONE, rows, ALONE + (rows - ALONE) * TOGETHER).clamp(min=0.5)
    places = numbers * spacing[:, None]

    def bins_at(where: Tensor) -> Tensor:
        found = where.round().long()
        inside = (found < levels.shape[1])[..., None]
        rows_of = found.clamp(0, levels.shape[1] - 1)[..., None].expand(-1, -1, levels.shape[2])
        return levels.gather(1, rows_of) * inside

    halfway = places + spacing[:, None] / 2
    partial = torch.stack([bins_at(places + beside) for beside in (-1, 0, 1)]).amax(0)
    between = torch.stack([bins_at(halfway + beside) for beside in (-1, 0, 1)]).mean(0)
    there = (places < levels.shape[1]).to(levels.dtype)[..., None].expand_as(partial)
    return torch.stack((partial, between, there), dim=1)


def over_bins(rows: Tensor, spacing: Tensor, bins: int) -> Tensor:
    """Features of partials (batch, channels, ROWS, frames) at each bin, (batch, channels, bins, frames), linear between
    the two partials beside it."""
    numbers = torch.arange(bins, device=rows.device) / spacing[:, None]
    places = torch.where(numbers <= ALONE, numbers, ALONE + (numbers - ALONE) / TOGETHER).clamp(max=ROWS - 1)
    below = places.floor().long()
    share = (places - below).to(rows.dtype)[:, None, :, None]

    def at(found: Tensor) -> Tensor:
        return rows.gather(2, found[:, None, :, None].expand(-1, rows.shape[1], -1, rows.shape[3]))

    return at(below) * (1 - share) + at((below + 1).clamp(max=ROWS - 1)) * share


def _narrowing(inputs: int, widths: Sequence[int], strides: Sequence[tuple[int, int]], top: int) -> nn.Sequential:
    sizes = [inputs, *widths]
    return nn.Sequential(*(falling(sizes[number], sizes[number + 1], 4 if number else 5, stride)
                           for number, stride in enumerate(strides)), one_by_one(widths[-1], top))


def _widening(inputs: int, top: int, widths: Sequence[int], strides: Sequence[tuple[int, int]], outputs: int
              ) -> nn.Sequential:
    sizes = [top, *reversed(widths)]
    return nn.Sequential(one_by_one(inputs, top), *(rising(sizes[number], sizes[number + 1], 4, stride)
                                                    for number, stride in enumerate(strides)),
                         nn.Conv2d(widths[0], outputs, 1))
