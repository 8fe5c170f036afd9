"""Style transfer: level, length and rate stay, the style comes nearer than it was, and what is no style is said."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.errors import AudioError, OnpuError
from onpu.layers.style import StyleTarget
from onpu.listen import load
from onpu.make.style import RATE, RandomEars, StyleOptions, levels_of, magnitudes, transfer

FEW = StyleOptions(iterations=20, strength=100.0)


@pytest.fixture(scope="module")
def tone():
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)


def seen(sound, seed):
    ears = RandomEars(seed)
    return ears(levels_of(ears.stft.spectrum(torch.from_numpy(sound)[None])[0]))[0]


def test_levels_are_undone():
    spectrum = torch.tensor([0.0, 0.5, 20.0])
    torch.testing.assert_close(magnitudes(levels_of(spectrum)), spectrum)


def test_a_tone_takes_on_noise_and_stays_where_it_was(tone, noise):
    found = transfer((tone, RATE), (noise, RATE), FEW)
    assert found.rate == RATE and found.samples.shape == (1, RATE)
    assert np.sqrt(np.square(found.samples).mean()) == pytest.approx(np.sqrt(np.square(tone).mean()), rel=0.02)
    target = StyleTarget(seen(noise, 7))  # filters that did not make it
    level = np.float32(np.sqrt(np.square(noise).mean()) / np.sqrt(np.square(tone).mean()))
    before, after = (float(target.distance(seen(sound * level, 7))) for sound in (tone, found.samples[0]))
    assert after < 0.7 * before
    spectrum = np.abs(np.fft.rfft(found.samples[0]))
    assert abs(int(spectrum.argmax()) - 440) <= 2


def test_without_a_style_the_content_is_left_as_it_was(tone, noise):
    found = transfer((tone, RATE), (noise, RATE), replace(FEW, strength=0.0)).samples[0]
    inside = slice(RATE // 10, -RATE // 10)
    assert np.square(found - tone)[inside].mean() < 1e-3 * np.square(tone).mean()


def test_equal_seeds_give_equal_sounds_and_the_rate_is_kept(tone, noise):
    one, again, other = (transfer((tone[::2].copy(), RATE // 2), (noise, RATE), replace(FEW, seed=seed)).samples
                         for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other) and one.shape == (1, RATE // 2)


def test_what_is_no_style_is_said_in_a_line(tone, noise):
    with pytest.raises(AudioError, match=r"rain\.wav: lasts 0\.50 s, and a style needs 1 s; give a longer recording"):
        transfer((tone, RATE), (noise[: RATE // 2], RATE), FEW, style_name="rain.wav")
    with pytest.raises(AudioError, match="the style: is silent"):
        transfer((tone, RATE), (np.zeros(2 * RATE, np.float32), RATE), FEW)
    with pytest.raises(OnpuError, match="need a listener"):
        transfer((tone, RATE), (noise, RATE), StyleOptions(filters="learned"))


def test_learned_filters_hear_sounds_shorter_than_their_own_reach(tone, noise):
    options = StyleOptions(filters="learned", iterations=3)
    found = transfer((tone[: RATE // 2], RATE), (noise[:RATE], RATE), options, listener=load("tags")).samples
    assert found.shape == (1, RATE // 2) and np.isfinite(found).all() and found.any()
