"""Recurrent network that hears singing.

Leglaive, Hennequin & Badeau, "Singing voice detection with deep recurrent neural networks" (ICASSP 2015, section 3):
three bidirectional LSTM layers of 30, 20 and 40 units a direction on 80 inputs a frame, one sigmoid.

Deviations: inputs are batch-normalised in place of standardised by the statistics of the training set; the LSTM has no
peephole connections; dropout between the layers in place of noise on the weights; the output is a logit.
"""

from itertools import pairwise

from torch import Tensor, nn

from onpu.layers.threads import one_thread


class VoiceBlstm(nn.Module):
    """(batch, channels, bins, frames) -> voice (batch, frames), logits.

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        channels, bins: of the features.
        first_units, second_units, third_units: of the layers, in each direction.
        dropout: share of what each layer gives on that is set to zero in training.
    """

    def __init__(self, channels: int = 2, bins: int = 40, first_units: int = 30, second_units: int = 20,
                 third_units: int = 40, dropout: float = 0.2) -> None:
        super().__init__()
        self.channels, self.bins, self.dropout = channels, bins, dropout
        self.first_units, self.second_units, self.third_units = first_units, second_units, third_units
        self.receptive = 600
        self.normalise = nn.BatchNorm1d(channels * bins)
        sizes = [channels * bins, 2 * first_units, 2 * second_units, 2 * third_units]
        self.lstms = nn.ModuleList([nn.LSTM(before, after // 2, batch_first=True, bidirectional=True)
                                    for before, after in pairwise(sizes)])
        self.drop = nn.Dropout(dropout)
        self.voice = nn.Linear(sizes[-1], 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, channels, bins, frames) -> logits `voice` (batch, frames)."""
        y = self.normalise(x.flatten(1, 2)).transpose(1, 2)  # (batch, frames, channels * bins)
        with one_thread():
            for lstm in self.lstms:
                y, _ = lstm(y)  # (batch, frames, 2 units)
                y = self.drop(y)
        return {"voice": self.voice(y)[..., 0]}
