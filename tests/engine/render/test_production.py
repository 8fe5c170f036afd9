"""The production chain: onsets stay in place, levels stay in range, and it is a function of its arguments."""

import numpy as np
import pytest

from onpu.engine.render import produce, render
from onpu.engine.render.loudness import loudness
from onpu.engine.render.media import CARRIERS
from onpu.music import Stems

RATE = 44_100


@pytest.fixture(scope="module")
def clicks():
    """Two stems, one of them silent, and the clicks' times in samples."""
    rng = np.random.default_rng(1)
    starts = np.arange(0.3, 2.6, 0.37) * RATE
    samples = np.zeros((2, 2, 3 * RATE), dtype=np.float32)
    for start in starts.astype(int):
        burst = rng.standard_normal(600) * np.exp(-np.arange(600) / 150)
        samples[0, :, start : start + 600] += (0.3 * burst).astype(np.float32)
    return Stems(("drums", "piano"), samples, RATE)


def attacks(sound):
    """Rise of the envelope, at the full rate."""
    window = np.hanning(33)
    return np.maximum(np.diff(np.convolve(np.abs(sound).astype(float), window / window.sum(), "same")), 0)


def lag(before, after):
    """Seconds by which `after` comes later."""
    spectrum = np.conj(np.fft.rfft(attacks(before), 2 * len(before))) * np.fft.rfft(attacks(after), 2 * len(before))
    correlation = np.fft.irfft(spectrum)
    best = int(np.argmax(correlation))
    return (best if best < len(before) else best - len(correlation)) / RATE


def side(sound):
    """The louder of mean and left: a widened mix may cancel in the mean."""
    mean = sound.mean(axis=0)
    return mean if np.abs(mean).max() > 0.3 * np.abs(sound[0]).max() else sound[0]


def test_clicks_come_out_where_they_went_in(clicks):
    lags = [lag(clicks.samples[0, 0], side(produce(clicks, seed).samples)) for seed in range(20)]
    assert np.abs(lags).max() < 0.001
    assert abs(np.median(lags)) < 0.0002


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.__name__)
def test_no_medium_delays(clicks, carrier):
    out = carrier(clicks.samples[0], RATE, np.random.default_rng(0))
    assert out.shape == clicks.samples[0].shape and out.dtype == np.float32
    assert abs(lag(clicks.samples[0, 0], side(out))) < 0.001


def test_records_differ_in_loudness_and_stay_within_full_scale(song):
    stems = render(song, 0, 16_000, [])
    mixes = [produce(stems, seed).samples for seed in range(12)]
    levels = [loudness(mix, 16_000) for mix in mixes]
    assert all(np.isfinite(mix).all() and np.abs(mix).max() <= 1 and mix.dtype == np.float32 for mix in mixes)
    assert min(levels) < -22 and max(levels) > -15 and -36 < min(levels) and max(levels) < -6


def test_some_records_are_mono_and_some_are_not(song):
    stems = render(song, 0, 16_000, [])
    mixes = [produce(stems, seed).samples for seed in range(8)]
    sides = [np.abs(mix[0] - mix[1]).max() / np.abs(mix).max() for mix in mixes]
    assert min(sides) < 1e-2 and max(sides) > 0.1


def test_the_stems_are_left_as_they_are(song):
    stems = render(song, 0, 16_000, [])
    before = stems.samples.copy()
    first, second = produce(stems, 3).samples, produce(stems, 3).samples
    np.testing.assert_array_equal(stems.samples, before)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("samples", [0, 1, 100])
@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_the_shortest_recordings_pass(samples, rate):
    for seed in range(6):
        mix = produce(Stems(("a",), np.full((1, 2, samples), 0.1, dtype=np.float32), rate), seed)
        assert mix.samples.shape == (2, samples) and np.isfinite(mix.samples).all()
