"""A note as a few numbers, and back, given its key: the spectral autoencoder that NSynth is measured against.

Engel, Resnick, Roberts, Dieleman, Norouzi, Eck & Simonyan, "Neural audio synthesis of musical notes with WaveNet
autoencoders" (ICML 2017, section 2.2):

    picture of 512 bins x 256 frames -> strided convolutions to 1 x 1 -> 1 x 1 -> z
    z, embedded key -> 1 x 1 -> strided transposed convolutions, mirrored -> 1 x 1, sigmoid -> picture

All convolutions but the last are followed by batch normalisation, those but z's by a leaky rectifier. The first kernel,
and the last two, are 5 x 5, all others 4 x 4.

Deviations: the number of layers follows from the size of the picture, so that shorter notes have fewer; widths are
arguments; with `lines`, what the last transposed convolution says stands beside the spectrum of a harmonic tone of the
key, and one more convolution of 1 x 1 sees both.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

LEAKY_SLOPE = 0.2
KEYS = 128
"""Of MIDI."""
LINE_WIDTHS = (1.0, 2.5)
"""Standard deviations, in bins, of the lines of a harmonic tone."""


class NoteAutoencoder(nn.Module):
    """Pictures (batch, 1, bins, frames) in [0, 1] and keys (batch,), MIDI numbers -> the same pictures, rebuilt.

    Args:
        bins, frames: of the picture, powers of two, bins at least as many as frames.
        hertz: from bin to bin.
        widths: channels of the strided convolutions, log2(bins) of them; those of the transposed ones mirror them.
        top: channels of the layers of 1 x 1 beside z.
        size: numbers of z.
        told: size of the embedded key.
        lines: whether the harmonic tone of the key is shown to the last layers.
    """

    def __init__(self, bins: int, frames: int, hertz: float, widths: Sequence[int], top: int, size: int, told: int,
                 lines: bool) -> None:
        super().__init__()
        both, alone = frames.bit_length() - 1, bins.bit_length() - frames.bit_length()
        if 2**both != frames or 2 ** (both + alone) != bins or alone < 0 or len(widths) != both + alone:
            raise ValueError("bins and frames must be powers of two, bins not fewer, and widths log2(bins) numbers; "
                             f"not {bins}, {frames} and {len(widths)}")
        self.bins, self.frames, self.hertz, self.size, self.lines = bins, frames, hertz, size, lines
        strides = [(2, 2)] * both + [(2, 1)] * alone
        layers, inputs = [], 1
        for number, (width, stride) in enumerate(zip(widths, strides, strict=True)):
            layers += [falling(inputs, width, 4 if number else 5, stride)]
            inputs = width
        self.encoder = nn.Sequential(*layers, one_by_one(inputs, top), nn.Conv2d(top, size, 1), nn.BatchNorm2d(size))
        self.keys = nn.Embedding(KEYS, told)
        rises, inputs = [one_by_one(size + told, top)], top
        mirrored = [*reversed(widths[:-1]), widths[0]]
        for number, width in enumerate(mirrored):
            rises += [rising(inputs, width, 5 if number >= len(mirrored) - 2 else 4,
                             (2, 2) if number < both else (2, 1))]
            inputs = width
        self.decoder = nn.Sequential(*rises)
        self.seen = nn.Sequential(nn.Conv2d(inputs + len(LINE_WIDTHS), 2 * inputs, 1),
                                  nn.LeakyReLU(LEAKY_SLOPE)) if lines else None
        self.last = nn.Conv2d(2 * inputs if lines else inputs, 1, 1)

    def forward(self, pictures: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        return self.decode(self.encode(pictures, keys), keys)

    def encode(self, pictures: Tensor, keys: Tensor) -> Tensor:
        """Pictures -> z (batch, size); keys are not asked."""
        z: Tensor = self.encoder(pictures)
        return z.flatten(1)

    def decode(self, z: Tensor, keys: Tensor) -> Tensor:
        """z (batch, size), keys (batch,) -> pictures (batch, 1, bins, frames) in [0, 1]."""
        y = self.decoder(torch.cat([z, self.keys(keys)], dim=1)[:, :, None, None])
        if self.seen is not None:
            shown = harmonic_lines(keys, self.bins, self.hertz).to(y.dtype)[..., None].expand(-1, -1, -1, self.frames)
            y = self.seen(torch.cat([y, shown], dim=1))
        rebuilt: Tensor = self.last(y).float().sigmoid()
        return rebuilt


class _Rise(nn.Module):
    """A transposed convolution of (batch, inputs, rows, columns) that makes rows and columns so many times as many."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.stride = stride
        self.transposed = nn.ConvTranspose2d(inputs, outputs, kernel, stride)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        y: Tensor = self.transposed(x)
        (rows, columns), (down, across) = x.shape[2:], self.stride
        rows, columns = rows * down, columns * across
        top, left = (y.shape[2] - rows) // 2, (y.shape[3] - columns) // 2
        return y[:, :, top : top + rows, left : left + columns]


def one_by_one(inputs: int, outputs: int) -> nn.Sequential:
    """A convolution of 1 x 1, normalised and rectified."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1), nn.BatchNorm2d(outputs), nn.LeakyReLU(LEAKY_SLOPE))


def falling(inputs: int, outputs: int, kernel: int, stride: tuple[int, int]) -> nn.Sequential:
    """A convolution that makes rows and columns so many times fewer, normalised and rectified."""
    (above, below), (left, right) = (((kernel - step) // 2, (kernel - step + 1) // 2) for step in stride)
    return nn.Sequential(nn.ZeroPad2d((left, right, above, below)), nn.Conv2d(inputs, outputs, kernel, stride),
                         nn.BatchNorm2d(outputs), nn.LeakyReLU(LEAKY_SLOPE))


def rising(inputs: int, outputs: int, kernel: int, stride: tuple[int, int]) -> nn.Sequential:
    """A transposed convolution that makes rows and columns so many times more, normalised and rectified."""
    return nn.Sequential(_Rise(inputs, outputs, kernel, stride), nn.BatchNorm2d(outputs), nn.LeakyReLU(LEAKY_SLOPE))


def spacing_of(keys: Tensor, hertz: float) -> Tensor:
    """Bins from partial to partial of each key (batch,), a MIDI number that may lie between keys; hertz: from bin to
    bin."""
    return 440 * 2 ** ((keys.float() - 69) / 12) / hertz


def harmonic_lines(keys: Tensor, bins: int, hertz: float) -> Tensor:
    """The spectrum of a harmonic tone of each key (batch,): (batch, len(LINE_WIDTHS), bins), 1 on a partial, falling as
    a Gaussian of each width beside it; hertz: from bin to bin."""
    spacing = spacing_of(keys, hertz)[:, None]
    places = torch.arange(bins, device=keys.device) / spacing
    apart = (places - places.round().clamp(min=1)) * spacing
    return torch.stack([torch.exp(-0.5 * (apart / width).square()) for width in LINE_WIDTHS], dim=1)
