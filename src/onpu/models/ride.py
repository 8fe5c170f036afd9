"""What each pixel of a picture is, given all above it and left of it, by a network that is recurrent in both
directions.

Theis & Bethge, "Generative image modeling using spatial LSTMs" (NIPS 2015), RIDE, the recurrent image density
estimator: p(x) = Π_ij p(x_ij | h_ij), where h_ij sums up the pixels before.

    neighbourhood of each pixel, what comes before it -> linear -> gates
    layers of spatial LSTMs (`onpu.layers.spatial`) -> h_ij
    grey values    (x_ij - linear function of the neighbourhood) · exp(τ), given h_ij: `onpu.layers.mixture.Mcgsm`; -τ
    is the
                   log-Jacobian
    two levels     logit: linear function of h_ij, + one of the neighbourhood

Deviations: the paper whitens neighbourhood and pixel, given it, by their covariances before training; here the part of
it that says something of the pixel, its linear prediction and its scale, is learned with the rest. The paper's two
levels are grey values too; a Bernoulli variable is what a roll asks for. Hints and places (see `onpu.models.pixelcnn`)
are told to the gates.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from onpu.layers.causal import Neighbourhood, Reach
from onpu.layers.mixture import Mcgsm
from onpu.layers.module_list import TypedModuleList
from onpu.layers.spatial import GATES, SpatialLstm

GREY_RANGE = 4.0
"""From the lowest grey value to the highest, as the network takes them."""
GREY_MARGIN = 1e-3
"""By how much grey values stay below the number of levels."""


class Ride(nn.Module):
    """Pictures (batch, rows, columns), hints (batch, hints), places (batch, places, rows, columns) -> what
    is known of each pixel before it is seen: h (batch, rows, columns, units) and a direct prediction (batch, rows,
    columns).

    levels: 2: pixels are 0 and 1; more: real numbers from 0 to below `levels`, and a density. units: of each layer.
    depth: layers. reach: rows and columns of the neighbourhood. components: of the mixture.
    """

    def __init__(self, levels: int, hints: int, places: int, units: int = 64, depth: int = 1, reach: Reach = (4, 12),
                 components: int = 16):
        super().__init__()
        self.levels, self.hints, self.places, self.units, self.depth = levels, hints, places, units, depth
        self.reach, self.components = tuple(reach), components
        self.continuous = levels > 2
        self.direct = Neighbourhood(1, reach)
        self.direct_place = nn.Linear(places, 1, bias=False)
        self.near = Neighbourhood(GATES * units, reach)
        self.place = nn.Linear(places, GATES * units, bias=False)
        self.hint = nn.Linear(hints, GATES * units, bias=False)
        self.lstms = TypedModuleList(SpatialLstm(units) for _ in range(depth))
        self.between = nn.ModuleList(nn.Linear(units, GATES * units) for _ in range(depth - 1))
        self.binary = nn.Linear(units, 1) if levels == 2 else None
        self.mixture = None if levels == 2 else Mcgsm(units, components)
        if levels > 2:
            self.sharpness = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, hints: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures, hints and places -> h (batch, rows, columns, units), direct prediction (batch, rows, columns)."""
        given, direct = self.told(hints, places)
        y = self.scaled(x)
        given, direct = given + self.near(y), direct + self.direct(y)[..., 0]
        h = self.lstms[0](given)
        for between, lstm in zip(self.between, self.lstms[1:], strict=True):
            h = lstm(between(h))
        return h, direct

    def told(self, hints: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """What is known beforehand, to the gates of the first layer, (batch, rows, columns, 5 units), and to the
        prediction that passes them by, (batch, rows, columns)."""
        known = places.permute(0, 2, 3, 1)
        return self.place(known) + self.hint(hints)[:, None, None], self.direct_place(known)[..., 0]

    def nats(self, x: Tensor, hints: Tensor, places: Tensor) -> Tensor:
        """-log p of each pixel, nats, (batch, rows, columns)."""
        h, direct = self(x, hints, places)
        if self.binary is not None:
            logit = self.binary(h)[..., 0] + direct
            return nn.functional.binary_cross_entropy_with_logits(logit.float(), x, reduction="none")
        assert self.mixture is not None
        whitened = (self.scaled(x) - direct) * self.sharpness.exp()
        log_density: Tensor = self.mixture(h, whitened)
        return -log_density - self.sharpness + math.log(self.levels / GREY_RANGE)

    def paint(self, x: Tensor, start: int, hints: Tensor, places: Tensor, rng: np.random.Generator,
              temperature: float) -> Iterator[int]:
        """Draw the pixels of pictures x (batch, rows, columns), in place, from row `start` on; yields the number of
        rows that are done after each."""
        given, direct = self.told(hints, places)
        (above, side), (batch, rows, columns) = self.reach, x.shape
        seen = self.near.margined(self.scaled(x))
        none = x.new_zeros(batch, self.units)
        upper = [[(none, none)] * columns for _ in self.lstms]
        for row in range(rows):
            left = [(none, none)] * len(self.lstms)
            for column in range(columns):
                gates = given[:, row, column] + self.near.at(seen, row, column)
                for number, lstm in enumerate(self.lstms):
                    if number:
                        gates = self.between[number - 1](left[number - 1][0])
                    left[number] = upper[number][column] = lstm.step(gates, left[number], upper[number][column])
                if row >= start:
                    guess = direct[:, row, column] + self.direct.at(seen, row, column)[:, 0]
                    x[:, row, column] = self.drawn(left[-1][0], guess, rng, temperature)
                    seen[:, row + above, column + side] = self.scaled(x[:, row, column])
            if row >= start:
                yield row + 1

    def drawn(self, h: Tensor, direct: Tensor, rng: np.random.Generator, temperature: float) -> Tensor:
        """Pixels (n,) of h (n, units) and direct (n,)."""
        chance = torch.from_numpy(rng.random(len(h))).to(h)
        if self.binary is not None:
            logit: Tensor = self.binary(h)[:, 0] + direct
            return (chance < (logit / temperature).sigmoid()).to(h.dtype)
        assert self.mixture is not None
        normal = torch.from_numpy(rng.standard_normal(len(h))).to(h)
        whitened = self.mixture.draw(h, chance, normal, temperature)
        value = self.levels * (whitened / self.sharpness.exp() + direct + GREY_RANGE / 2) / GREY_RANGE
        return value.clamp(0, self.levels - GREY_MARGIN)

    def scaled(self, x: Tensor) -> Tensor:
        """Two levels as they are; grey values from -`GREY_RANGE` / 2 to `GREY_RANGE` / 2."""
        return x if self.levels == 2 else GREY_RANGE * (x / self.levels - 0.5)
