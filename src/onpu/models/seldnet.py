"""Network that hears which sounds there are and where each of them is.

Adavanne, Politis, Nikunen & Virtanen, "Sound event localization and detection of overlapping sources using
convolutional recurrent neural networks" (IEEE JSTSP 13(1), 2019, section III-B, fig. 1): convolutions with
max-pooling over frequency, bidirectional GRUs whose directions are multiplied (tanh units), and for each time step two
branches of dense layers: a sigmoid a sound says whether it is heard, three tanh units a sound are its direction as x,
y, z.

With one head the length of a sound's vector says whether it is heard, and its direction where (ACCDOA: Shimada et al.,
"ACCDOA: Activity-coupled Cartesian direction of arrival representation for sound event localization and detection",
ICASSP 2021, section 3).

Deviations: the directions of the GRUs are joined, not multiplied; the first pooling takes four frames together, so that
a step is .1 s (later baselines of the DCASE challenge do so); outputs of the sigmoid are logits.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from onpu.layers.threads import one_thread

POOLS = ((4, 4), (4, 1), (2, 1))
"""Bins and frames of which each block of convolutions keeps the largest."""
HEADS = ("two", "accdoa")


class SeldNet(nn.Module):
    """(batch, channels, bins, frames) -> sounds (batch, classes, steps), logits; directions (batch, classes, 3, steps).

    Of four frames a step; those that make no whole step are left out.

    Args:
        channels, bins: of the features.
        classes: sounds that are told apart.
        widths: kernels of the three convolutions.
        units: of each of two GRUs, in each direction.
        heads: "two" or "accdoa".
        dropout: after each convolution and before the heads.
    """

    def __init__(self, channels: int = 10, bins: int = 64, classes: int = 6, widths: tuple[int, ...] = (64, 64, 64),
                 units: int = 128, heads: str = "two", dropout: float = 0.0) -> None:
        super().__init__()
        self.channels, self.bins, self.classes, self.widths = channels, bins, classes, tuple(widths)
        self.units, self.heads, self.dropout = units, heads, dropout
        layers: list[nn.Module] = [nn.BatchNorm2d(channels)]
        for (before, after), pool in zip(pairwise((channels, *widths)), POOLS, strict=True):
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
                       nn.MaxPool2d(pool), nn.Dropout(dropout)]
            bins //= pool[0]
        self.convolutions = nn.Sequential(*layers)
        self.gru = nn.GRU(widths[-1] * bins, units, 2, batch_first=True, bidirectional=True)
        self.where = nn.Sequential(nn.Linear(2 * units, units), nn.Dropout(dropout), nn.Linear(units, 3 * classes))
        if heads == "two":
            self.what = nn.Sequential(nn.Linear(2 * units, units), nn.Dropout(dropout), nn.Linear(units, classes))

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        """See the class."""
        x = self.convolutions(features).flatten(1, 2).transpose(1, 2)  # (batch, steps, widths[-1] * bins left)
        with one_thread():
            x, _ = self.gru(x)
        where = self.where(x).tanh().unflatten(2, (self.classes, 3)).permute(0, 2, 3, 1)
        if self.heads == "two":
            return {"sounds": self.what(x).transpose(1, 2), "directions": where}
        length = torch.linalg.vector_norm(where, dim=2).clamp(1e-4, 1 - 1e-4)
        return {"sounds": length.logit(), "directions": where}
