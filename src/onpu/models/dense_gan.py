"""The dense networks of the first adversarial papers, on the spectrum of one stroke of a drum.

Goodfellow et al., "Generative adversarial nets" (NIPS 2014, section 5): rectifiers, then a sigmoid, make a picture;
maxout with dropout judges it; sizes as in the configuration that they published for MNIST. Mirza & Osindero,
"Conditional generative adversarial nets" (2014, section 4.1): noise and class go into dense layers of their own, then
into a joint one; the same of picture and class in the critic.

    generator    noise -> rectifiers, class -> rectifiers -> joint rectifiers … -> sigmoid -> picture
    critic       picture -> maxout, class -> maxout -> joint maxout … -> answer

Deviations: 256 x 64 points in place of 28 x 28, which come and go in [-1, 1], as convolutions have them, and are in
[0, 1] inside, as in the papers; normal noise in place of uniform; weights begin as in
torch; no dropout of the critic's input and no limit to the norms of its columns.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from onpu.layers.dense import Maxout
from onpu.models.drum_gan import BINS, FRAMES


class DenseGenerator(nn.Module):
    """Noise (batch, noise) and, where there are classes, (batch, classes) -> pictures (batch, 1, 256, 64) in [-1, 1].

    Args:
        noise: size of the noise.
        classes: 0 for a generator that is told none.
        widths: units of the layers; the first reads the noise alone.
        class_units: units of the layer that reads the class.
        dropout: after each hidden layer.
    """

    def __init__(self, noise: int, classes: int, widths: Sequence[int], class_units: int, dropout: float) -> None:
        super().__init__()
        self.noise, self.classes, self.widths = noise, classes, list(widths)
        self.class_units, self.dropout = class_units if classes else 0, dropout
        self.begin = _rectified(noise, self.widths[0], dropout)
        self.told = _rectified(classes, class_units, dropout) if classes else None
        first, *rest = self.widths
        sizes = [first + self.class_units, *rest]
        self.joint = nn.Sequential(*(_rectified(*pair, dropout) for pair in pairwise(sizes)))
        self.end = nn.Linear(sizes[-1], BINS * FRAMES)

    def forward(self, noise: Tensor, *classes: Tensor) -> Tensor:
        """Noise (batch, noise), and classes where there are any -> pictures (batch, 1, 256, 64)."""
        y = self.begin(noise)
        if self.told is not None:
            y = torch.cat([y, self.told(*classes)], dim=1)
        points = 2 * self.end(self.joint(y)).sigmoid() - 1
        pictures: Tensor = points.unflatten(1, (1, BINS, FRAMES))
        return pictures


class DenseCritic(nn.Module):
    """Pictures (batch, 1, 256, 64) and, where there are classes, (batch, classes) -> answers (batch, 1), and what the
    layers see.

    Args:
        classes: 0 for a critic that is told none.
        widths: units of the layers; the first reads the picture alone.
        pieces: of the maxout of each layer.
        class_units: units of the layer that reads the class, of as many pieces as the first.
        dropout: after each layer.
    """

    def __init__(self, classes: int, widths: Sequence[int], pieces: Sequence[int], class_units: int,
                 dropout: float) -> None:
        super().__init__()
        self.classes, self.widths, self.pieces = classes, list(widths), list(pieces)
        self.class_units, self.dropout = class_units if classes else 0, dropout
        self.begin = _maxout(BINS * FRAMES, self.widths[0], self.pieces[0], dropout)
        self.told = _maxout(classes, class_units, self.pieces[0], dropout) if classes else None
        sizes = [self.widths[0] + self.class_units, *self.widths[1:]]
        self.joint = nn.ModuleList(_maxout(*pair, count, dropout)
                                   for pair, count in zip(pairwise(sizes), self.pieces[1:], strict=True))
        self.answer = nn.Linear(sizes[-1], 1)

    def forward(self, x: Tensor, *classes: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures, and classes where there are any -> answers (batch, 1), outputs of the hidden layers."""
        y = self.begin((x.flatten(1) + 1) / 2)
        if self.told is not None:
            y = torch.cat([y, self.told(*classes)], dim=1)
        seen = [y]
        for layer in self.joint:
            seen.append(layer(seen[-1]))
        return self.answer(seen[-1]).float(), seen


def _rectified(size: int, units: int, dropout: float) -> nn.Module:
    return nn.Sequential(nn.Linear(size, units), nn.ReLU(), nn.Dropout(dropout))


def _maxout(size: int, units: int, pieces: int, dropout: float) -> nn.Module:
    return nn.Sequential(nn.Linear(size, units * pieces), Maxout(pieces), nn.Dropout(dropout))
