"""Onsets and Frames as published.

Hawthorne et al., "Onsets and frames: dual-objective piano transcription" (ISMIR 2018, section 3 and figure 1), with the
offset head, the wider layers and the stopped gradients of "Enabling factorized piano music modeling and generation with
the MAESTRO dataset" (ICLR 2019, section 3.3): each head has a stack of convolutions of its own (Kelz et al. 2016);
those of onset, offset and frame go on into a bidirectional LSTM, where the frame's reads the two others.

Deviations: a head for the sustain pedal, which reads the frame head's LSTM; outputs are logits.
"""

import torch
from torch import Tensor, nn

from onpu.layers.threads import one_thread

PITCHES = 88


class ConvStack(nn.Module):
    """Three convolutions and a dense layer over a mel spectrum (Kelz et al. 2016, "On the potential of simple framewise
    approaches to piano transcription", ISMIR): (batch, 1, bins, frames) -> (batch, frames, dense).

    Args:
        bins: of the spectrum.
        dense: units of the last layer.
    """

    def __init__(self, bins: int, dense: int) -> None:
        super().__init__()
        few, many = max(1, dense // 16), max(1, dense // 8)
        self.convolutions = nn.Sequential(
            *_convolution(1, few), *_convolution(few, few), nn.MaxPool2d((2, 1)), nn.Dropout(0.25),
            *_convolution(few, many), nn.MaxPool2d((2, 1)), nn.Dropout(0.25))
        self.dense = nn.Sequential(nn.Linear(many * (bins // 4), dense), nn.Dropout(0.5))

    def forward(self, x: Tensor) -> Tensor:
        """Features (batch, 1, bins, frames) -> (batch, frames, dense)."""
        y = self.convolutions(x)  # (batch, many, bins // 4, frames)
        dense: Tensor = self.dense(y.flatten(1, 2).transpose(1, 2))
        return dense


class OnsetsFrames(nn.Module):
    """(batch, 1, bins, frames) -> logits of onset, offset, frame, velocity (batch, 88, frames), pedal (batch, frames).

    `receptive` is the margin in frames after which a cut of the recording no longer shows; in principle it is infinite.

    Args:
        bins: of the mel spectrum.
        dense: units of a convolution stack's dense layer, sixteen times its first kernels.
        units: of an LSTM, in each direction.
    """

    def __init__(self, bins: int = 229, dense: int = 768, units: int = 256) -> None:
        super().__init__()
        self.bins, self.dense, self.units = bins, dense, units
        self.receptive = 100
        heads = ("onset", "offset", "frame", "velocity")
        inputs = {"onset": dense, "offset": dense, "frame": 3 * PITCHES}
        self.stacks = nn.ModuleDict({name: ConvStack(bins, dense) for name in heads})
        self.recurrent = nn.ModuleDict({name: nn.LSTM(size, units, batch_first=True, bidirectional=True)
                                        for name, size in inputs.items()})
        self.heads = nn.ModuleDict({name: nn.Linear(2 * units if name in inputs else dense, PITCHES)
                                    for name in (*heads, "sounding")})
        self.pedal = nn.Linear(2 * units, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> logits `onset`, `offset`, `frame`, `velocity`, `pedal`."""
        with one_thread():
            onset, offset = (self.heads[name](self.recurrent[name](self.stacks[name](x))[0])
                             for name in ("onset", "offset"))
            sounding = self.heads["sounding"](self.stacks["frame"](x))
            parts = [onset.detach().sigmoid(), offset.detach().sigmoid(), sounding.sigmoid()]
            held, _ = self.recurrent["frame"](torch.cat(parts, dim=-1))
        heads = {"onset": onset, "offset": offset, "frame": self.heads["frame"](held),
                 "velocity": self.heads["velocity"](self.stacks["velocity"](x))}
        return {name: head.transpose(1, 2) for name, head in heads.items()} | {"pedal": self.pedal(held)[..., 0]}


def _convolution(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
