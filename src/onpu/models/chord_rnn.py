"""Recurrent language model over chords.

Boulanger-Lewandowski, Bengio & Vincent, "Audio chord recognition with recurrent neural networks" (ISMIR 2013, section
3) and Sigtia, Boulanger-Lewandowski & Dixon, "Audio chord recognition with a hybrid recurrent neural network" (ISMIR
2015, section 4): a recurrent network says which chord comes, by all chords before.

Deviations: an LSTM in place of simple recurrence; its steps are chords, not frames, so that it need not learn that
chords last; how long they do is for the decoder (`onpu.decode.hybrid`).
"""

import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor]
"""h and c of the LSTM, each (1, batch, units)."""


class ChordRnn(nn.Module):
    """Chords (batch, steps), int64 -> logits of the chords that come after each (batch, steps, classes).

    Args:
        classes: of chords; the number `classes` itself stands before the first one.
        units: of the LSTM, and of what stands for a chord.
        dropout: share of what goes into and comes out of the LSTM that is set to zero in training.
    """

    def __init__(self, classes: int, units: int = 96, dropout: float = 0.2) -> None:
        super().__init__()
        self.classes, self.units, self.dropout = classes, units, dropout
        self.embed = nn.Embedding(classes + 1, units)
        self.lstm = nn.LSTM(units, units, batch_first=True)
        self.drop = nn.Dropout(dropout)
        self.next = nn.Linear(units, classes)

    def forward(self, chords: Tensor) -> Tensor:
        """See the class."""
        return self.step(chords, None)[0]

    def step(self, chords: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The same from a state on, None at the beginning, and the state afterwards."""
        said, state = self.lstm(self.drop(self.embed(chords)), state)
        logits: Tensor = self.next(self.drop(said))
        return logits, state

    @torch.no_grad()
    def advance(self, chords: Tensor, state: State | None) -> tuple[Tensor, State]:
        """log p (batch, classes) of another chord after chords (batch,), and the state; the same one cannot come."""
        logits, state = self.step(chords[:, None], state)
        rows = torch.arange(len(chords))
        found = logits[:, 0].clone()
        known = chords < self.classes
        found[rows[known], chords[known]] = -torch.inf
        return found.log_softmax(dim=-1), state
