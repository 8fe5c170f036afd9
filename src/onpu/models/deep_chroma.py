"""Dense network that hears the pitch classes of the harmony, and a linear classifier of chords on them.

Korzeniowski & Widmer, "Feature learning for chord recognition: the deep chroma extractor" (ISMIR 2016, sections 3 and
4): 15 frames of a logarithmic spectrum, three layers of 512 rectifiers, twelve sigmoids; logistic regression from these
to chords.

Deviations: the first layer is a convolution over 15 frames, which is the same and computes a frame once; classifier and
extractor are trained together, the classifier's gradient ending at the chroma; a linear-chain conditional random field
follows, as in madmom.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from onpu.models.chord_chain import ROOTS, ChordChain


class DeepChroma(nn.Module):
    """(batch, 1, bins, frames) -> logits of chroma (batch, 12, frames), chord (batch, 12 qualities + 2, frames), and of
    the chain: change (batch, 5), moves (batch, classes, classes), trust (batch, 1).

    Args:
        bins: of the spectrum.
        qualities: of chords; a class is root * qualities + quality, then come none and unnamed.
        units: of each layer.
        layers: of rectifiers.
        dropout: share of the units dropped in training.
        context: frames on either side that a frame sees.
    """

    def __init__(self, bins: int = 105, qualities: int = 2, units: int = 512, layers: int = 3, dropout: float = 0.5,
                 context: int = 7) -> None:
        super().__init__()
        self.bins, self.qualities, self.units, self.layers = bins, qualities, units, layers
        self.dropout, self.context = dropout, context
        self.receptive = context
        self.first = nn.Conv1d(bins, units, 2 * context + 1, padding=context)
        self.rest = nn.ModuleList(nn.Conv1d(units, units, 1) for _ in range(layers - 1))
        self.drop = nn.Dropout(dropout)
        self.chroma = nn.Conv1d(units, 12, 1)
        self.chord = nn.Conv1d(12, ROOTS * qualities + 2, 1)
        self.chain = ChordChain(qualities)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `chroma`, `chord` and those of the chain."""
        y = self.drop(functional.relu(self.first(x[:, 0])))
        for layer in self.rest:
            y = self.drop(functional.relu(layer(y)))
        chroma = self.chroma(y)
        heads = {"chroma": chroma, "chord": self.chord(torch.sigmoid(chroma.detach()))}
        return heads | {name: head.expand(len(x), *head.shape) for name, head in self.chain().items()}
