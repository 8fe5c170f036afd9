"""Recurrent network that hears phonemes.

Graves, Fernández, Gomez & Schmidhuber, "Connectionist temporal classification: labelling unsegmented sequence data with
recurrent neural networks" (ICML 2006, section 5.1): bidirectional LSTM layers over the spectrum, an output for each
phoneme and one for the blank, log-probabilities of which CTC makes those of sequences.

Deviations: two layers of 128 units a direction in place of one of 100; inputs are batch-normalised; the LSTM has no
peephole connections; dropout in place of noise on the inputs; a second output says for each frame which phoneme
sounds, or none, and is what boundaries are found by.
"""

from torch import Tensor, nn

from onpu.layers.threads import one_thread

USUAL = -6.0, 2.0
"""Mean and deviation of logarithms of magnitudes, from which the statistics of the inputs begin; far from them the
gates of an untrained layer stay open for good."""

class PhonemeBlstm(nn.Module):
    """(batch, channels, bins, frames) -> `ctc` (batch, phonemes + 1, frames), the blank last, and `phonemes` (batch,
    phonemes + 1, frames), silence last; both logits.

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        phonemes: how many there are.
        channels, bins: of the features.
        units: of each layer, in each direction.
        layers: how many.
        dropout: share of what each layer gives on that is set to zero in training.
    """

    def __init__(self, phonemes: int, channels: int = 1, bins: int = 64, units: int = 128, layers: int = 2,
                 dropout: float = 0.3) -> None:
        super().__init__()
        self.phonemes, self.channels, self.bins = phonemes, channels, bins
        self.units, self.layers, self.dropout = units, layers, dropout
        self.receptive = 600
        self.normalise = nn.BatchNorm1d(channels * bins)
        assert self.normalise.running_mean is not None and self.normalise.running_var is not None
        self.normalise.running_mean.fill_(USUAL[0])
        self.normalise.running_var.fill_(USUAL[1] ** 2)
        self.lstms = nn.ModuleList([nn.LSTM(2 * units if layer else channels * bins, units, batch_first=True,
                                            bidirectional=True) for layer in range(layers)])
        self.drop = nn.Dropout(dropout)
        self.ctc = nn.Linear(2 * units, phonemes + 1)
        self.sounding = nn.Linear(2 * units, phonemes + 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """See the class."""
        y = self.normalise(x.flatten(1, 2)).transpose(1, 2)  # (batch, frames, channels * bins)
        with one_thread():
            for lstm in self.lstms:
                y, _ = lstm(y)
                y = self.drop(y)
        return {"ctc": self.ctc(y).transpose(1, 2), "phonemes": self.sounding(y).transpose(1, 2)}
