"""Recurrence over frequency: LSTMs that read the bands of a frame like time.

F-LSTM: Li, Mohamed, Zweig & Gong, "LSTM time and frequency recurrence for automatic speech recognition" (ASRU 2015,
section 3): overlapping chunks of bands are the steps of an LSTM, whose outputs at all chunks go into the LSTM over
time. TF-LSTM: Sainath & Li, "Modeling time-frequency patterns with LSTM vs. convolutional architectures for LVCSR
tasks" (Interspeech 2016, section 2.3): the cell of a chunk also sees what the same chunk said a frame before.
"""

import torch
from torch import Tensor, nn

from onpu.layers.spatial import GATES, SpatialLstm


class Chunks(nn.Module):
    """Bands (batch, channels, bins, frames) -> overlapping chunks (batch, frames, chunks, channels * width).

    Args:
        bins: of the features.
        width: bands of a chunk.
        step: bands from one chunk to the next; the last chunk ends where no further one fits.
    """

    def __init__(self, bins: int, width: int = 8, step: int = 4) -> None:
        super().__init__()
        if not 1 <= step or not 1 <= width <= bins:
            raise ValueError(f"chunks of {width} bands, {step} apart, do not lie in {bins} bands")
        self.width, self.step = width, step
        self.count = (bins - width) // step + 1

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        chunks: Tensor = x.unfold(2, self.width, self.step)  # (batch, channels, chunks, frames, width)
        return chunks.permute(0, 3, 2, 1, 4).flatten(3)


class FrequencyLstm(nn.Module):
    """F-LSTM: (batch, channels, bins, frames) -> (batch, frames, chunks * directions * units); frames by themselves.

    Args:
        channels, bins: of the features.
        units: of the LSTM, in each direction.
        width, step: of the chunks.
        both: whether the bands are read upwards and downwards; the paper reads upwards.
    """

    def __init__(self, channels: int, bins: int, units: int = 16, width: int = 8, step: int = 4,
                 both: bool = False) -> None:
        super().__init__()
        self.chunks = Chunks(bins, width, step)
        self.lstm = nn.LSTM(channels * width, units, batch_first=True, bidirectional=both)
        self.outputs = self.chunks.count * units * (2 if both else 1)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        chunks = self.chunks(x)
        said: Tensor = self.lstm(chunks.flatten(0, 1))[0]  # (batch * frames, chunks, units)
        return said.reshape(*chunks.shape[:2], -1)


class TimeFrequencyLstm(nn.Module):
    """TF-LSTM: (batch, channels, bins, frames) -> (batch, frames, chunks * units); a frame knows those before it.

    Deviation: the cell of the two-dimensional LSTM is that of Theis & Bethge (`onpu.layers.spatial`), which has a
    forget gate for each of the two directions, as the paper's has, but bends the cell times the output gate.

    Args:
        channels, bins: of the features.
        units: of the LSTM.
        width, step: of the chunks.
    """

    def __init__(self, channels: int, bins: int, units: int = 16, width: int = 8, step: int = 4) -> None:
        super().__init__()
        self.chunks = Chunks(bins, width, step)
        self.inputs = nn.Linear(channels * width, GATES * units)
        self.lstm = SpatialLstm(units)
        self.outputs = self.chunks.count * units

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        said: Tensor = self.lstm(self.inputs(self.chunks(x).transpose(1, 2)))  # (batch, chunks, frames, units)
        return torch.flatten(said.transpose(1, 2), 2)
