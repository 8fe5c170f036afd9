"""Holes that follow the pitch."""

import torch

from onpu.layers.periods import PeriodsBefore
from onpu.represent.line_frames import HOP, tone_frames

LEVELS = 4096


def heard(period, levels, mix):
    layer = PeriodsBefore(2, HOP, LEVELS, 1)
    layer.mix.weight.data = torch.tensor([mix])
    tone = torch.tensor([[[0.0], [HOP / period]]]).repeat(1, 1, -(-len(levels) // HOP))
    return layer(levels[None], tone)[0, 0]


def wave(period, samples):
    """Levels of a sine, and its values."""
    values = torch.sin(2 * torch.pi * torch.arange(samples) / period)
    return ((values + 1) * (LEVELS - 1) / 2).round().long(), values


def test_a_period_before_a_note_is_as_it_is_now_between_samples_too():
    for period in (20.0, 31.4, 63.7):
        levels, values = wave(period, 400)
        before = torch.cat([levels[:1], levels[:-1]])
        once = heard(period, before, [0.0, 0.0, 1.0, 0.0, 0.0])
        twice = heard(period, before, [0.0, 0.0, 0.0, 0.0, 1.0])
        torch.testing.assert_close(once[150:], values[150:], atol=5e-3, rtol=0)
        torch.testing.assert_close(twice[150:], values[150:], atol=5e-3, rtol=0)
        next_one = heard(period, before, [1.0, 0.0, 0.0, 0.0, 0.0])  # two samples less than a period before
        torch.testing.assert_close(next_one[150:-2], values[152:], atol=5e-3, rtol=0)


def test_nothing_is_heard_without_a_note_and_before_the_beginning():
    levels, _ = wave(30.0, 240)
    layer = PeriodsBefore(2, HOP, LEVELS, 3)
    silent = torch.from_numpy(tone_frames(torch.zeros(3).numpy(), HOP / 16_000))[None]
    assert not layer(levels[None], silent).any()
    assert not heard(40.0, levels, [0.0, 0.0, 1.0, 0.0, 0.0])[:37].any()
