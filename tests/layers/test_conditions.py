"""What networks of samples are told: the tone of a note at each sample, and levels that begin in their order."""

import numpy as np
import torch

from onpu.layers.conditions import Tones
from onpu.layers.initialise import ordered_
from onpu.represent.line_frames import HOP, TONE, tone_frames

RATE = 16_000


def waves(keys, harmonics):
    """Sines and cosines (2 harmonics, samples) of keys (frames,)."""
    tones = Tones(harmonics, HOP, 2 * harmonics)
    with torch.no_grad():
        tones.mix.weight.copy_(torch.eye(2 * harmonics))
        return tones(torch.from_numpy(tone_frames(np.array(keys, float), HOP / RATE))[None])[0].numpy()


def test_a_tone_is_the_sine_of_its_key_from_the_onset_on_across_frames():
    found = waves([0, 0, 69, 69, 69, 69], 3)
    times = np.arange(4 * HOP) / RATE
    assert not found[:, : 2 * HOP].any()
    for number in (1, 2, 3):
        np.testing.assert_allclose(found[number - 1, 2 * HOP :], np.sin(2 * np.pi * number * 440 * times), atol=1e-3)
        np.testing.assert_allclose(found[number + 2, 2 * HOP :], np.cos(2 * np.pi * number * 440 * times), atol=1e-3)


def test_each_note_begins_with_a_period_and_rings_until_the_next():
    keys = [60, 60, 0, 0, 60, 62]
    rows = tone_frames(np.array(keys, float), HOP / RATE)
    assert rows.shape == (TONE, 6)
    pitches = rows[1] * RATE / HOP
    np.testing.assert_allclose(pitches, [261.6256] * 5 + [293.6648], rtol=1e-6)
    np.testing.assert_allclose(rows[0, [0, 4, 5]], 0, atol=1e-6)
    np.testing.assert_allclose(rows[0, :4], np.arange(4) * 261.6256 * HOP / RATE % 1, atol=1e-5)


def test_partials_beyond_half_the_rate_are_silent():
    found = np.abs(waves([79] * 20, 12)).max(axis=1)  # 784 Hz: ten partials below 8 kHz
    assert (found[:10] > 0.9).all() and not found[10:12].any()
    assert (found[12:22] > 0.9).all() and not found[22:].any()


def test_levels_side_by_side_begin_alike():
    torch.manual_seed(0)
    weight = ordered_(torch.empty(256, 64), 2.0, 0.5)
    beside, apart = (weight[1:] - weight[:-1]).square().mean(), (weight[128:] - weight[:128]).square().mean()
    assert beside < apart / 1000
    assert 0.4 < float(weight.square().mean().sqrt()) < 0.6
