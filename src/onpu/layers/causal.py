"""Convolutions over pictures that see only what comes before a pixel, row by row, from left to right.

A mask (van den Oord, Kalchbrenner & Kavukcuoglu, "Pixel recurrent neural networks", ICML 2016, figure 2) sets the
weights of what is not to be seen to zero; here they are not there at all, which gives the same and takes half the time.
Mask A leaves the pixel itself out (or its row), mask B lets it in, as the layers behind the first may.
"""

from torch import Tensor, nn

Reach = tuple[int, int]
"""How many rows above a pixel, and how many columns on either side of it, are seen."""


def above(inputs: int, outputs: int, reach: Reach, mask: str) -> nn.Sequential:
    """Convolution over the rows above (mask A), and the pixel's own (mask B): of the vertical stack.

    (batch, inputs, rows, columns) -> (batch, outputs, rows, columns).
    """
    rows, columns = reach
    own = int(mask == "B")
    return nn.Sequential(nn.ZeroPad2d((columns, columns, rows, own - 1)),
                         nn.Conv2d(inputs, outputs, (rows + own, 2 * columns + 1)))


def beside(inputs: int, outputs: int, columns: int, mask: str) -> nn.Sequential:
    """Convolution over what is left of a pixel (mask A), and the pixel itself (mask B): of the horizontal stack."""
    own = int(mask == "B")
    return nn.Sequential(nn.ZeroPad2d((columns, own - 1, 0, 0)), nn.Conv2d(inputs, outputs, (1, columns + own)))


class Neighbourhood(nn.Module):
    """A linear function of what surrounds each pixel and comes before it: (batch, rows, columns) -> (batch, rows,
    columns, outputs). Outside the picture there are zeros."""

    def __init__(self, outputs: int, reach: Reach):
        super().__init__()
        self.reach = reach
        rows, columns = reach
        self.seen = rows * (2 * columns + 1) + columns
        self.linear = nn.Linear(self.seen, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (batch, rows, columns) -> (batch, rows, columns, outputs)."""
        rows, columns = self.reach
        around = self.margined(x).unfold(1, rows + 1, 1).unfold(2, 2 * columns + 1, 1)
        said: Tensor = self.linear(around.flatten(3)[..., : self.seen])
        return said

    def margined(self, x: Tensor) -> Tensor:
        """The picture with zeros above and on either side."""
        rows, columns = self.reach
        return nn.functional.pad(x, (columns, columns, rows, 0))

    def at(self, margined: Tensor, row: int, column: int) -> Tensor:
        """What `forward` says of one pixel, (batch, outputs), of a picture with its margins."""
        rows, columns = self.reach
        around = margined[:, row : row + rows + 1, column : column + 2 * columns + 1]
        said: Tensor = self.linear(around.flatten(1)[:, : self.seen])
        return said
