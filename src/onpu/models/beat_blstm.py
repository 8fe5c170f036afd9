"""Recurrent network for beats and downbeats.

Böck, Krebs & Widmer, "Joint beat and downbeat tracking with recurrent neural networks" (ISMIR 2016, section 2.1): three
bidirectional LSTM layers of 25 units a direction on 314 inputs a frame, softmax over no beat, beat and downbeat.

Deviations: the LSTM has no peephole connections; one network instead of an ensemble of eight.
"""

from torch import Tensor, nn


class BeatBlstm(nn.Module):
    """(batch, 1, bins, frames) -> events (batch, 3, frames), logits of no beat, beat, downbeat.

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.
    """

    def __init__(self, bins: int = 314, units: int = 25, layers: int = 3, dropout: float = 0.0):
        super().__init__()
        self.bins, self.units, self.layers, self.dropout = bins, units, layers, dropout
        self.lstm = nn.LSTM(bins, units, layers, batch_first=True, bidirectional=True, dropout=dropout)
        self.events = nn.Linear(2 * units, 3)
        self.receptive = 1000

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `events` (batch, 3, frames)."""
        y, _ = self.lstm(x.squeeze(1).transpose(1, 2))  # (batch, frames, 2 units)
        return {"events": self.events(y).transpose(1, 2)}
