"""Networks for sound events: a front end that reads the bands, a recurrent layer over time, a sigmoid an event.

Çakır, Parascandolo, Heittola, Huttunen & Virtanen, "Convolutional recurrent neural networks for polyphonic sound event
detection" (IEEE/ACM TASLP 25(6), 2017, section III): convolutions with max-pooling over frequency alone, recurrent
layers, a dense layer of sigmoids. In place of the convolutions there may be an LSTM over the bands (F-LSTM), one over
bands and time (TF-LSTM, both in `onpu.layers.frequency`), or nothing.

Deviations: the recurrent layer is a bidirectional LSTM; batch normalisation standardises the bands; outputs are logits.
"""

from torch import Tensor, nn

from onpu.layers.frequency import FrequencyLstm, TimeFrequencyLstm
from onpu.layers.threads import one_thread

FRONTS = ("crnn", "lstm", "f-lstm", "tf-lstm")
POOLS = (4, 2, 2)
"""Bins of which each block of convolutions keeps the largest."""


class EventNetwork(nn.Module):
    """(batch, 1, bins, frames) -> events (batch, classes, frames), logits.

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        bins: of the features.
        classes: of events.
        front: one of `FRONTS`.
        width: kernels of a convolution, or units of the LSTM over the bands.
        units: of the LSTM over time, in each direction.
        dropout: share of what goes into and comes out of it that is set to zero in training.
    """

    def __init__(self, bins: int = 40, classes: int = 12, front: str = "crnn", width: int = 32, units: int = 32,
                 dropout: float = 0.2) -> None:
        super().__init__()
        self.bins, self.classes, self.front, self.width = bins, classes, front, width
        self.units, self.dropout = units, dropout
        self.receptive = 300
        self.normalise = nn.BatchNorm1d(bins)
        if front == "crnn":
            self.read: nn.Module = Convolutions(width)
            inside = width * (bins // POOLS[0] // POOLS[1] // POOLS[2])
        elif front == "f-lstm":
            self.read = FrequencyLstm(1, bins, width)
            inside = self.read.outputs
        elif front == "tf-lstm":
            self.read = TimeFrequencyLstm(1, bins, width)
            inside = self.read.outputs
        else:
            self.read, inside = Frames(), bins
        self.lstm = nn.LSTM(inside, units, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(dropout)
        self.events = nn.Linear(2 * units, classes)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `events` (batch, classes, frames)."""
        y = self.normalise(x[:, 0])[:, None]
        with one_thread():
            y, _ = self.lstm(self.drop(self.read(y)))  # (batch, frames, 2 units)
        return {"events": self.events(self.drop(y)).transpose(1, 2)}


class Convolutions(nn.Module):
    """(batch, 1, bins, frames) -> (batch, frames, channels * fewer bins)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, pool in zip((1, width, width), POOLS, strict=True):
            layers += [nn.Conv2d(before, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                       nn.MaxPool2d((pool, 1))]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        found: Tensor = self.layers(x)
        return found.flatten(1, 2).transpose(1, 2)


class Frames(nn.Module):
    """(batch, 1, bins, frames) -> (batch, frames, bins): the bands as they are."""

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return x[:, 0].transpose(1, 2)
