"""What each pixel of a picture is, given all before it, and a vector that tells what kind of picture it is.

van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves & Kavukcuoglu, "Conditional image generation with PixelCNN
decoders" (NIPS 2016): p(x | h) = Π_i p(x_i | x_1, …, x_{i-1}, h), i row by row from left to right. Two stacks of
convolutions, so that no pixel before is out of sight: a vertical one, of the rows above, and a horizontal one, of what
is left in the same row. A layer (figure 2, eq. 4), p the width, * convolution, ⊙ the product by elements, both stacks
alike:

    y = tanh(W_f * x + V_f h + U_f s) ⊙ σ(W_g * x + V_g h + U_g s)

    vertical     rows above, (rows + 1) x (2 columns + 1), p -> 2p; + V h + U s;                    gate -> p
    horizontal   what is left, 1 x (columns + 1), p -> 2p; + 1 x 1 of the vertical's 2p; + V h + U s; gate -> p;
                 1 x 1, and, but in the first layer, + the layer's input
    output       ReLU, 1 x 1, ReLU, 1 x 1 -> a softmax over the levels of each pixel

s is what is known of each place before anything is seen (section 2.3), such as the place in the bar: one-hot planes,
brought to a few channels. The first layer leaves the pixel out (mask A) and sees further than the others (mask B).

Deviations: kernels are as wide and as high as the recipe says, not square: a bar and an octave in the first layer; V h
and U s are added where the vertical stack is handed to the horizontal one too; two levels are a softmax as well; no
channels of colour.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.causal import Reach, above, beside
from onpu.layers.gated import gated
from onpu.layers.module_list import TypedModuleList

PLACE_CHANNELS = 16
"""Channels in which the places are told."""


class GatedPixelCnn(nn.Module):
    """Pictures (batch, rows, columns) of whole numbers below `levels`, hints (batch, hints), places (batch, places,
    rows, columns) -> logits (batch, levels, rows, columns).

    width: channels p of both stacks. depth: layers. first_reach, reach: rows and columns that the first layer and the
    others see.
    continuous: whether pixels are numbers between the levels too.
    """

    def __init__(self, levels: int, hints: int, places: int, width: int = 32, depth: int = 8,
                 first_reach: Reach = (16, 12), reach: Reach = (1, 2)):
        super().__init__()
        self.levels, self.hints, self.places, self.width, self.depth = levels, hints, places, width, depth
        self.first_reach, self.reach = tuple(first_reach), tuple(reach)
        self.continuous = False
        self.side = nn.Conv2d(places, PLACE_CHANNELS, 1)
        self.layers = TypedModuleList(
            GatedLayer(width if number else 1, width, hints, reach if number else first_reach, "B" if number else "A")
            for number in range(depth))
        self.output = nn.Sequential(nn.ReLU(), nn.Conv2d(width, width, 1), nn.ReLU(), nn.Conv2d(width, levels, 1))

    def forward(self, x: Tensor, hints: Tensor, places: Tensor) -> Tensor:
        """Pictures, hints and places -> logits (batch, levels, rows, columns), each from the pixels before it."""
        return self.row(x, self.upper(x, hints, places))

    def upper(self, x: Tensor, hints: Tensor, places: Tensor) -> list[Tensor]:
        """What the vertical stack says to each layer of the horizontal one, (batch, 2 width, rows, columns): of a row
        all that the rows above have to tell."""
        known, side = self.scaled(x), self.side(places)
        told = []
        for layer in self.layers:
            known, said = layer.vertical(known, hints, side)
            told.append(said)
        return told

    def row(self, x: Tensor, told: Sequence[Tensor]) -> Tensor:
        """Logits of rows of pictures, of which `upper` told these rows."""
        known = self.scaled(x)
        for layer, said in zip(self.layers, told, strict=True):
            known = layer.horizontal(known, said)
        logits: Tensor = self.output(known)
        return logits

    def nats(self, x: Tensor, hints: Tensor, places: Tensor) -> Tensor:
        """-log p of each pixel, nats, (batch, rows, columns)."""
        return nn.functional.cross_entropy(self(x, hints, places).float(), x.long(), reduction="none")

    def paint(self, x: Tensor, start: int, hints: Tensor, places: Tensor, rng: np.random.Generator,
              temperature: float) -> Iterator[int]:
        """Draw the pixels of pictures x (batch, rows, columns), in place, from row `start` on; yields the number of
        rows that are done after each."""
        for row in range(start, x.shape[1]):
            upper = [said[:, :, row:] for said in self.upper(x[:, : row + 1], hints, places[:, :, : row + 1])]
            for column in range(x.shape[2]):
                logits = self.row(x[:, row : row + 1], upper)[:, :, 0, column].double() / temperature
                x[:, row, column] = drawn(logits.softmax(1), rng)
            yield row + 1

    def scaled(self, x: Tensor) -> Tensor:
        """(batch, 1, rows, columns) from 0 to 1."""
        return x[:, None] / (self.levels - 1)


class GatedLayer(nn.Module):
    """A layer of both stacks."""

    def __init__(self, inputs: int, width: int, hints: int, reach: Reach, mask: str):
        super().__init__()
        self.residual = mask == "B"
        self.above = above(inputs, 2 * width, reach, mask)
        self.beside = beside(inputs, 2 * width, reach[1], mask)
        self.down = nn.Conv2d(2 * width, 2 * width, 1)
        self.hints = nn.Linear(hints, 4 * width, bias=False)
        self.side = nn.Conv2d(PLACE_CHANNELS, 4 * width, 1, bias=False)
        self.out = nn.Conv2d(width, width, 1)

    def vertical(self, x: Tensor, hints: Tensor, side: Tensor) -> tuple[Tensor, Tensor]:
        """What the next layer of the vertical stack sees, and what this one of the horizontal is told."""
        upper, left = (self.hints(hints)[:, :, None, None] + self.side(side)).chunk(2, dim=1)
        seen = self.above(x) + upper
        return gated(seen), self.down(seen) + left

    def horizontal(self, x: Tensor, told: Tensor) -> Tensor:
        """What the next layer of the horizontal stack sees."""
        made: Tensor = self.out(gated(self.beside(x) + told))
        return made + x if self.residual else made


def drawn(shares: Tensor, rng: np.random.Generator) -> Tensor:
    """Numbers (n,) of classes with these probabilities (n, classes)."""
    chance = torch.from_numpy(rng.random(len(shares))).to(shares.device)
    return (shares.cumsum(1) < chance[:, None]).sum(1).clamp(max=shares.shape[1] - 1).to(torch.float32)
