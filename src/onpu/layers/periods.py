"""Samples one and more periods of a note before, heard beside those just before.

Wu, Hayashi, Tobing, Kobayashi & Toda, "Quasi-periodic WaveNet: an autoregressive raw waveform generative model with
pitch-dependent dilated convolution neural network" (Interspeech 2019; IEEE/ACM TASLP 29, 2021): holes that follow the
pitch let a small network look back by whole periods, where those of fixed holes see a period or not as it happens.

    levels, companded, from -1 to 1 -> values at t - m T + o -> linear

T: the period of the note that is told, in samples, which is no whole number: values between samples are found by cubic
interpolation (Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981, a = -1/2).

Deviation: one layer of such holes, before all others, in place of a stack of them.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

NEAR = (-2, -1, 0, 1)
"""Samples before and after the one that lies a period before, which are heard too; of earlier periods the one alone."""


TAPS = (-1, 0, 1, 2)
"""Whole samples before and after, between which `cubic` interpolates."""


class PeriodsBefore(nn.Module):
    """Levels heard before each sample (batch, samples), whole numbers; tone (batch, 2, frames) as
    `onpu.represent.line_frames.tone_frames` has it, with periods of more than four samples -> (batch, width, samples).
    Zeros where no note is told, and for what lies before the beginning."""

    def __init__(self, periods: int, hop: int, levels: int, width: int):
        super().__init__()
        self.hop, self.levels = hop, levels
        self.looks = [(1, NEAR)] + [(number, (0,)) for number in range(2, periods + 1)]
        self.mix = nn.Linear(sum(len(near) for _, near in self.looks), width, bias=False)

    def forward(self, levels: Tensor, tone: Tensor) -> Tensor:
        """See the class. `levels`: the level before each sample, as `onpu.models.wavenet.before_each` has it."""
        values = (levels * (2 / (self.levels - 1)) - 1).to(tone.dtype)
        pace = (tone[:, 1] / self.hop).repeat_interleave(self.hop, dim=1)
        period = torch.where(pace > 0, 1 / pace.clamp(min=1e-6), 0.0)
        heard = [row * (pace > 0) for count, near in self.looks for row in _between(values, period * count, near)]
        mixed: Tensor = torch.matmul(self.mix.weight, torch.stack(heard, dim=1))
        return mixed


def _between(values: Tensor, before: Tensor, near: Sequence[int]) -> list[Tensor]:
    """Values (batch, samples), of which number t is the one before sample t, at `before` + each of `near` samples
    before each."""
    whole = before.floor()
    weights = cubic(before - whole)
    base = torch.arange(1, values.shape[1] + 1, device=values.device) - whole.long()
    taps = {}
    for tap in range(near[0] + TAPS[0], near[-1] + TAPS[-1] + 1):
        place = base - tap
        taps[tap] = values.gather(1, place.clamp(0, values.shape[1] - 1)) * (place > 0)
    return [sum((taps[first + tap] * weight for tap, weight in zip(TAPS, weights, strict=True)), torch.zeros(()))
            for first in near]


def cubic(share: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Weights of the values at -1, 0, 1 and 2 for one at a place from 0 to 1."""
    return (share * (-0.5 + share * (1 - 0.5 * share)), 1 + share * share * (1.5 * share - 2.5),
            share * (0.5 + share * (2 - 1.5 * share)), share * share * (0.5 * share - 0.5))


class PeriodRows:
    """What `PeriodsBefore` say of a tone (1, 2, frames), one sample after the other, the last frame for ever. Samples
    that were drawn lie behind as many zeros as are looked back at most."""

    def __init__(self, periods: PeriodsBefore, tone: Tensor):
        self.periods, self.paces, self.frame, self.time = periods, tone[0, 1].double().cpu().numpy(), -1, 0
        mix = periods.mix.weight.detach().cpu().float().numpy()
        self.mix = np.repeat(mix, len(TAPS), axis=1)
        slowest = float(self.paces[self.paces > 0].min(initial=np.inf))
        self.lead = math.ceil(periods.hop / slowest * periods.looks[-1][0]) + NEAR[-1] + TAPS[-1] + 1
        self.values = np.zeros(self.lead + 1, np.float32)
        self.steps, self.weights = np.zeros(0, np.int64), np.zeros((0, 0), np.float32)

    def __call__(self, level: int | None) -> np.ndarray:
        """(width,) at the next sample, after the level that was drawn; None: there is none yet."""
        if level is not None:
            if self.lead + self.time == len(self.values):
                self.values = np.concatenate([self.values, np.zeros(len(self.values), np.float32)])
            self.values[self.lead + self.time] = level * (2 / (self.periods.levels - 1)) - 1
            self.time += 1
        frame = min(self.time // self.periods.hop, len(self.paces) - 1)
        if frame != self.frame:
            if self.frame < 0 or self.paces[frame] != self.paces[self.frame]:
                self._look_back(float(self.paces[frame]))
            self.frame = frame
        row: np.ndarray = self.weights @ self.values[self.time - self.steps]
        return row

    def _look_back(self, pace: float) -> None:
        """How far before a sample it looks, from the end of the zeros on, and what each sample there counts."""
        if pace <= 0:
            self.steps, self.weights = np.zeros(0, np.int64), np.zeros((len(self.mix), 0), np.float32)
            return
        looks = [(count, near) for count, nears in self.periods.looks for near in nears]
        before = torch.tensor([self.periods.hop / pace * count for count, _ in looks])
        whole = before.floor()
        taps = torch.stack(cubic(before - whole), dim=1).numpy()
        back = whole.long().numpy()[:, None] + np.array([near for _, near in looks])[:, None] + np.array(TAPS)
        self.steps, self.weights = back.ravel() - self.lead, self.mix * taps.ravel()
