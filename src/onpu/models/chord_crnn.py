"""Structured convolutional-recurrent network for a large vocabulary of chords.

McFee & Bello, "Structured training for large-vocabulary chord recognition" (ISMIR 2017, section 3, model CR2+S): batch
normalisation of the spectrum, a convolution over 5 bins and 5 frames, a convolution over all bins that leaves 36
features a frame, two bidirectional GRU layers, and heads for pitch classes, root and bass, whose answers go with the
recurrent state into the softmax over 170 chords.

Deviations: power chords may be a fifteenth quality (182 chords); the first convolution has `channels` kernels in place
of one, the second `frame_features`, batch normalisation follows each, and there may be two more between them
(`deeper`); a linear-chain conditional random field over the chords (`onpu.models.chord_chain`) is trained beside the
network, where the paper takes the best class of each frame.
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from onpu.layers.threads import one_thread
from onpu.models.chord_chain import ROOTS, ChordChain


class ChordCrnn(nn.Module):
    """(batch, 1, bins, frames) -> logits of chord (batch, 12 qualities + 2, frames), root and bass (batch, 13, frames;
    the last is none), pitches (batch, 12, frames), and of the chain: change (batch, 5), moves (batch, classes,
    classes), trust (batch, 1).

    A chord's class is root * qualities + quality; then come none and unnamed. `receptive` is the margin in frames after
    which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        bins: of the spectrum.
        qualities: of chords.
        channels, frame_features: of the two convolutions.
        deeper: two more convolutions between them, of 3 x 3 and, after the largest of each three bins, of 5 x 3 with
            twice the channels.
        units: of a GRU layer, in each direction.
        layers: GRU layers.
        dropout: share of what goes into each GRU layer and into the heads that is set to zero in training.
    """

    def __init__(self, bins: int = 216, qualities: int = 14, channels: int = 1, frame_features: int = 36,
                 units: int = 128, layers: int = 2, dropout: float = 0.0, deeper: bool = False) -> None:
        super().__init__()
        self.bins, self.qualities, self.channels, self.frame_features = bins, qualities, channels, frame_features
        self.units, self.layers, self.dropout, self.deeper = units, layers, dropout, deeper
        self.classes = ROOTS * qualities + 2
        self.receptive = 110
        self.normalise = nn.BatchNorm2d(1)
        stages = [*_convolution(1, channels, (5, 5))]
        if deeper:
            stages += [*_convolution(channels, channels, (3, 3)), nn.MaxPool2d((3, 1)),
                       *_convolution(channels, 2 * channels, (5, 3))]
            channels, bins = 2 * channels, bins // 3
        self.near = nn.Sequential(*stages)
        self.across = nn.Sequential(nn.Conv2d(channels, frame_features, (bins, 1)), nn.BatchNorm2d(frame_features),
                                    nn.ReLU())
        self.gru = nn.GRU(frame_features, units, layers, batch_first=True, bidirectional=True, dropout=dropout)
        self.drop = nn.Dropout(dropout)
        self.pitches = nn.Linear(2 * units, 12)
        self.root = nn.Linear(2 * units, ROOTS + 1)
        self.bass = nn.Linear(2 * units, ROOTS + 1)
        self.chord = nn.Linear(2 * units + 12 + 2 * (ROOTS + 1), self.classes)
        self.chain = ChordChain(qualities)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits of the heads and of the chain, listed above."""
        y = self.near(self.normalise(x))  # (batch, channels, bins or semitones, frames)
        y = self.across(y)[:, :, 0]  # (batch, frame_features, frames)
        with one_thread():
            y, _ = self.gru(self.drop(y.transpose(1, 2)))  # (batch, frames, 2 units)
        y = self.drop(y)
        pitches, root, bass = self.pitches(y), self.root(y), self.bass(y)
        parts = torch.cat([y, pitches.sigmoid(), root.softmax(-1), bass.softmax(-1)], dim=-1)
        heads = {"chord": self.chord(parts), "root": root, "bass": bass, "pitches": pitches}
        logits = {name: head.transpose(1, 2) for name, head in heads.items()}
        return logits | {name: head.expand(len(x), *head.shape) for name, head in self.chain().items()}


    def expand_state_dict(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """A start from the tensors of such a network that tells fewer qualities apart: the first of this one's.

        A chord of a new quality begins as a twelfth of what was unnamed, with what is common to the known chords of its
        root; to the chain it is the mean of the known qualities. Tensors of as many qualities stay as they are.
        """
        known = (len(tensors["chord.bias"]) - 2) // ROOTS
        new = self.qualities - known
        if new <= 0:
            return dict(tensors)
        out = dict(tensors)
        for name in ("chord.weight", "chord.bias"):
            named = tensors[name][:-2].unflatten(0, (ROOTS, known))
            begun = tensors[name][-1] + named.mean(dim=1) - named.mean(dim=(0, 1))
            if name == "chord.bias":
                begun = begun - math.log(ROOTS)
            out[name] = _with_qualities(tensors[name], begun, new)
        moves = tensors["chain.moves"]
        arriving = moves[:, :-2].unflatten(1, (ROOTS, known)).mean(dim=2)
        moves = _with_qualities(moves.T, arriving.T, new).T
        leaving = moves[:known].mean(dim=0, keepdim=True).expand(new, -1)
        out["chain.moves"] = torch.cat([moves[:known], leaving, moves[known:]])
        return out


def _with_qualities(classes: Tensor, begun: Tensor, new: int) -> Tensor:
    """Rows of named chords by root and quality, N and X, with rows (roots, ...) for each of so many new qualities."""
    named = classes[:-2].unflatten(0, (ROOTS, -1))
    more = begun[:, None].expand(-1, new, *begun.shape[1:])
    return torch.cat([torch.cat([named, more], dim=1).flatten(0, 1), classes[-2:]])


def _convolution(before: int, after: int, size: tuple[int, int]) -> list[nn.Module]:
    """Over size[0] bins and size[1] frames."""
    padding = (size[0] // 2, size[1] // 2)
    return [nn.Conv2d(before, after, size, padding=padding, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
