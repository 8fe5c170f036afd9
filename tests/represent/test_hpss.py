"""Two-stage harmonic-percussive separation: the published recursion, and what becomes of tones, clicks and voices."""

import numpy as np
import pytest
import torch

from onpu.represent import Features, Log, TwoStageHpss
from onpu.represent.hpss import ITERATIONS, MASK_BALANCE, harmonic

RATE = 16000


@pytest.fixture(scope="module")
def hpss():
    return TwoStageHpss()


def seconds(length):
    return torch.arange(round(length * RATE)) / RATE


def levels(hpss, sound):
    """Mean magnitude of the harmonic and the percussive part, borders left out."""
    with torch.inference_mode():
        return hpss(sound[None].float())[0, :, :, 60:-60].mean(dim=(1, 2))


def test_the_recursion_as_it_is_published():
    """Ono et al. 2008, steps 2 to 5, written down as there."""
    w = np.abs(np.random.default_rng(1).standard_normal((14, 9))) ** 2  # bins, frames
    h, p = w / 2, w / 2
    for _ in range(ITERATIONS):
        a, b = np.pad(h, ((0, 0), (1, 1)), "edge"), np.pad(p, ((1, 1), (0, 0)), "edge")
        delta = (MASK_BALANCE * (a[:, :-2] - 2 * h + a[:, 2:]) / 4 - (1 - MASK_BALANCE) * (b[:-2] - 2 * p + b[2:]) / 4)
        h = np.minimum(np.maximum(h + delta, 0), w)
        p = w - h
    found = harmonic(torch.from_numpy(w.T.copy())[None])[0].numpy().T
    clear = np.abs(h - p) > 1e-9 * w
    assert clear.mean() > 0.95
    np.testing.assert_array_equal(found[clear], (h > p)[clear])


@pytest.mark.parametrize("scale", [1.0, 1e-4])
def test_held_tones_go_clicks_are_percussive_and_a_voice_is_harmonic(hpss, scale):
    t = seconds(6)
    held = scale * 0.3 * torch.sin(2 * np.pi * 440 * t)
    clicks = torch.zeros(len(t))
    clicks[RATE // 3 :: RATE // 3] = scale
    phase = torch.cumsum(2 * np.pi * 300 * 2 ** (torch.sin(2 * np.pi * 5.5 * t) / 12) / RATE, dim=0)
    sung = scale * sum(0.2 / k * torch.sin(k * phase) for k in range(1, 8))  # a vibrato of a semitone
    tone, beat, voice = (levels(hpss, sound) for sound in (held, clicks, sung))
    assert tone.sum() < 0.05 * voice.sum()
    assert beat[1] > 3 * beat[0]
    assert voice[0] > 3 * voice[1]


def test_nothing_is_lost_or_doubled_in_the_second_stage(hpss):
    noise = torch.randn(2, 3 * RATE, generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        parts = hpss(noise)
        moving = hpss.moving(noise)
        whole = (hpss.second.spectrum(moving).abs().mT @ hpss.weights.T).mT
    torch.testing.assert_close(parts.sum(dim=1), whole, rtol=1e-4, atol=1e-6)


def test_chunks_on_the_grid_equal_the_whole(hpss):
    rng = torch.Generator().manual_seed(5)
    sound = 0.1 * torch.randn(1, 26 * RATE, generator=rng) + 0.2 * torch.sin(2 * np.pi * 330 * seconds(26))
    hop, reach = hpss.clock.hop, -(-hpss.context // hpss.clock.hop)
    with torch.inference_mode():
        whole = hpss(sound)
        first, last = 600, 900
        start = (first - reach) // hpss.grid * hpss.grid
        chunk = hpss(sound[:, start * hop : (last + reach) * hop])
    torch.testing.assert_close(chunk[..., first - start : last - start], whole[..., first:last])


@pytest.mark.parametrize("samples", [0, 1, 255, 256, 5000])
def test_shape_is_as_declared(hpss, samples):
    features = Features(hpss, Log(add=1e-4, base=np.e))
    found = features(torch.ones(3, samples))
    assert found.shape == (3, features.channels, features.bins, features.clock.count(samples)) == (
        3, 2, 40, samples // 256 + 1)
    assert found.isfinite().all() and features.grid == hpss.grid == 8
