"""Parameters of a linear-chain conditional random field over chords.

Korzeniowski & Widmer, "A fully convolutional deep auditory model for musical chord recognition" (MLSP 2016, section 4),
have one transition for each pair of chords.

Deviations: staying and moving are apart, so that what is known of a frame's place in the bar may say how likely a
change is; moves depend on the qualities and on the interval between the roots, not on the roots.
"""

import torch
from torch import Tensor, nn

ROOTS = 12
CHANGE_PRIOR = (0.004, 0.02, 0.15, 0.4, 0.05)
"""Chance, before training, of a change at a frame that begins nothing, half a beat, a beat, a downbeat, or of which
that is not known."""


class ChordChain(nn.Module):
    """forward() -> logits of change (5,), moves (classes, classes), where the diagonal is far below, and trust (1,),
    how much a frame's own evidence counts.

    qualities: of chords; a class is root * qualities + quality, then come none and unnamed.
    """

    index: Tensor
    diagonal: Tensor

    def __init__(self, qualities: int) -> None:
        super().__init__()
        self.qualities = qualities
        classes = ROOTS * qualities + 2
        self.change = nn.Parameter(torch.logit(torch.tensor(CHANGE_PRIOR)))
        self.trust = nn.Parameter(torch.zeros(1))
        self.moves = nn.Parameter(torch.zeros(qualities + 2, classes))
        self.register_buffer("index", move_index(qualities), persistent=False)
        self.register_buffer("diagonal", torch.eye(classes) * 1e4, persistent=False)

    def forward(self) -> dict[str, Tensor]:
        """The chain's parameters as logits `change`, `moves`, `trust`; it takes no input."""
        return {"change": self.change, "moves": self.moves.flatten()[self.index] - self.diagonal, "trust": self.trust}


def move_index(qualities: int) -> Tensor:
    """Which of the (qualities + 2) * classes parameters a move from class i to class j has, (classes, classes).

    Rows of parameters are the quality that is left, columns the class that comes as seen from a root of 0. To and from
    chords without a root all roots are alike.
    """
    classes = ROOTS * qualities + 2
    number = torch.arange(classes)
    root, quality = number // qualities, number % qualities
    rootless = number >= ROOTS * qualities
    row = torch.where(rootless, qualities + number - ROOTS * qualities, quality)
    interval = (root[None] - root[:, None]) % ROOTS
    column = torch.where(rootless[None], number[None], interval * qualities + quality[None])
    column = torch.where(rootless[:, None] & ~rootless[None], quality[None], column)
    return row[:, None] * classes + column
