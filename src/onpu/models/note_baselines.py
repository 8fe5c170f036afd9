"""The baselines of a course on music transcription: framewise convolutions, a recurrent network, both together.

Nam, "GCT634: Musical applications of machine learning" (KAIST 2020 to 2024, homework 3), whose networks are the halves
of Onsets and Frames (Hawthorne et al., "Onsets and frames: dual-objective piano transcription", ISMIR 2018) with heads
for onset and frame; the first is that of Kelz et al. (ISMIR 2016).

Deviations: heads for offset, velocity and pedal are added, which all read the same layer; the recurrent network's input
is normalised, without which it learned nothing in 1300 steps.
"""

from torch import Tensor, nn

from onpu.layers.threads import one_thread
from onpu.models.onsets_frames import PITCHES, ConvStack

HEADS = ("onset", "offset", "frame", "velocity")
KINDS = ("cnn", "rnn", "crnn")


class NoteBaseline(nn.Module):
    """(batch, 1, bins, frames) -> logits of onset, offset, frame, velocity (batch, 88, frames), pedal (batch, frames).

    Args:
        kind: cnn (a convolution stack, frame by frame), rnn (two bidirectional LSTM layers on the spectrum) or crnn (a
            bidirectional LSTM on the convolution stack).
        bins: of the mel spectrum.
        dense: units of the convolution stack's dense layer.
        units: of an LSTM layer, in each direction.
    """

    def __init__(self, kind: str = "crnn", bins: int = 229, dense: int = 256, units: int = 88) -> None:
        super().__init__()
        self.kind, self.bins, self.dense, self.units = kind, bins, dense, units
        self.receptive = 3 if kind == "cnn" else 250
        if kind == "rnn":
            self.normalise = nn.BatchNorm1d(bins)
        else:
            self.stack = ConvStack(bins, dense)
        if kind != "cnn":
            self.recurrent = nn.LSTM(bins if kind == "rnn" else dense, units, 2 if kind == "rnn" else 1,
                                     batch_first=True, bidirectional=True)
        size = dense if kind == "cnn" else 2 * units
        self.heads = nn.Linear(size, len(HEADS) * PITCHES + 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `onset`, `offset`, `frame`, `velocity`, `pedal`."""
        y = self.normalise(x[:, 0]).transpose(1, 2) if self.kind == "rnn" else self.stack(x)
        # y: (batch, frames, features)
        if self.kind != "cnn":
            with one_thread():
                y, _ = self.recurrent(y)
        logits = self.heads(y).transpose(1, 2)  # (batch, heads, frames)
        rolls = logits[:, 1:].unflatten(1, (len(HEADS), PITCHES))
        return {name: rolls[:, number] for number, name in enumerate(HEADS)} | {"pedal": logits[:, 0]}
