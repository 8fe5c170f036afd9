"""Compression, normalisation and change over time, against librosa and plain loops."""

import librosa
import numpy as np
import pytest
import torch

from onpu.errors import DataError
from onpu.represent import (
    Affine,
    Concatenate,
    Decibels,
    Deltas,
    Features,
    Log,
    Mel,
    PositiveDifference,
    Standardise,
    Stft,
    Whiten,
    half_window_lag,
)


@pytest.fixture
def spectrum() -> torch.Tensor:
    """Magnitudes (2, 3, 5, 40)."""
    return torch.rand(2, 3, 5, 40, generator=torch.Generator().manual_seed(5)) ** 4


def test_log(spectrum):
    x = spectrum.double().numpy()
    for log, expected in [(Log(10.0), np.log10(1 + 10 * x)), (Log(add=0, floor=1e-3, base=np.e), np.log(x.clip(1e-3))),
                          (Log(5.0, 0.5, base=2.0), np.log2(0.5 + 5 * x))]:
        assert np.abs(log(spectrum).numpy() - expected).max() < 1e-5
    with pytest.raises(ValueError, match="positive"):
        Log(add=0.0)


def test_decibels_are_those_of_librosa(spectrum):
    for item, x in enumerate(spectrum.flatten(1, 2).numpy()):  # channels in a row: since 1.0 librosa takes them apart
        for ours, theirs in [(Decibels(span=30.0), librosa.power_to_db(x, top_db=30)),
                             (Decibels(None, span=None), librosa.power_to_db(x, ref=np.max, top_db=None)),
                             (Decibels(2.0, 0.01, None), librosa.power_to_db(x, ref=2.0, amin=0.01, top_db=None)),
                             (Decibels(None, amplitude=True), librosa.amplitude_to_db(x, ref=np.max))]:
            assert np.abs(ours(spectrum)[item].flatten(0, 1).numpy() - theirs).max() < 2e-5


def test_salience_input_lies_between_0_and_1(spectrum):
    features = Affine(1 / 80, 1)(Decibels(None, amplitude=True)(spectrum))
    assert features.amax() == 1 and features.amin() >= 0


@pytest.mark.parametrize("n_fft, lag", [(512, 1), (1024, 1), (2048, 1), (4096, 2), (8192, 5)])
def test_lag_is_half_of_the_window_down(n_fft, lag):
    assert half_window_lag(n_fft, 441) == lag
    window = np.hanning(n_fft)
    samples = n_fft / 2 - np.argmax(window > 0.5 * window.max())
    assert max(1, round(samples / 441)) == lag


@pytest.mark.parametrize("lag", [1, 3, 50])
def test_positive_difference(spectrum, lag):
    x = spectrum.numpy()
    expected = np.zeros_like(x)
    for n in range(lag, 40):
        expected[..., n] = np.maximum(0, x[..., n] - x[..., n - lag])
    assert np.array_equal(PositiveDifference(lag, None)(spectrum), expected)
    for axis, name in ((1, "channels"), (2, "bins")):
        transform = PositiveDifference(lag, name)
        stacked = transform(spectrum)
        assert np.array_equal(stacked, np.concatenate([spectrum, expected], axis=axis))
        assert stacked.shape[1:3] == transform.shape(3, 5)


@pytest.mark.parametrize("width, order", [(9, 1), (9, 2), (5, 2)])
def test_deltas_are_those_of_librosa(spectrum, width, order):
    transform = Deltas(width, order)
    ours = transform(spectrum).unflatten(2, (order + 1, 5))
    assert transform.shape(3, 5) == (3, 5 * (order + 1))
    assert torch.equal(ours[:, :, 0], spectrum)
    for k in range(1, order + 1):
        theirs = librosa.feature.delta(spectrum.numpy(), width=width, order=k, mode="nearest")
        assert np.abs(ours[:, :, k].numpy() - theirs).max() < 1e-5


def test_standardise_learns_mean_and_deviation():
    rng = torch.Generator().manual_seed(2)
    shapes = ((1, 50), (3, 7), (2, 0), (1, 200))
    items = [torch.randn(n, 2, 4, frames, generator=rng) * 3 + 100 for n, frames in shapes]
    for item in items:
        item[:, 1, 2] = 0.25  # a band that never changes
    standardise = Standardise(2, 4).fit(items)
    every = np.concatenate([item.movedim(0, 2).flatten(2).double().numpy() for item in items], axis=2)
    assert np.allclose(standardise.mean[..., 0], every.mean(axis=2), rtol=1e-6)
    expected = every.std(axis=2)
    expected[1, 2] = 1
    assert np.allclose(standardise.deviation[..., 0], expected, rtol=1e-5)
    result = standardise(torch.cat([item.movedim(0, 2).flatten(2) for item in items], dim=2)[None])
    assert result.mean(-1).abs().max() < 1e-4

    restored = Standardise(2, 4)
    restored.load_state_dict(standardise.state_dict())
    assert torch.equal(restored(items[0]), standardise(items[0]))
    with pytest.raises(DataError, match="no frames"):
        Standardise(2, 4).fit([items[2]])


@pytest.mark.parametrize("decay, floor", [(1, 0.1), (7, 0.01), (100, 1e-3)])
def test_whiten_is_the_recursion_of_stowell_and_plumbley(spectrum, decay, floor):
    spectrum[..., 20:] *= 0.01
    memory = 10 ** (-3 / decay)
    x = spectrum.numpy()
    peak, expected = np.full((2, 3, 5), floor), np.empty(x.shape)
    for n in range(40):
        peak = np.maximum(np.maximum(x[..., n], floor), memory * peak)
        expected[..., n] = x[..., n] / peak
    assert np.abs(Whiten(decay, floor)(spectrum).numpy() - expected).max() < 1e-5


def test_whiten_raises_what_is_quiet(music):
    audio = torch.from_numpy(music)[None].repeat(2, 1)
    audio[1] *= 0.1
    magnitudes = Stft(22050, amplitude=True)(audio)
    white = Whiten(50, 1e-4)(magnitudes)
    assert white.amin() >= 0 and white.amax() == 1
    above_floor = magnitudes[1] / white[1] > 1.001e-4
    assert above_floor.float().mean() > 0.3
    assert torch.allclose(white[0][above_floor], white[1][above_floor], atol=1e-4)


def test_features_add_up_what_they_depend_on():
    mel = Mel(22050, 1024, 256, 40)
    chain = Features(mel, Log(), PositiveDifference(3, "channels"), Deltas(5, 1))
    assert (chain.channels, chain.bins, chain.context) == (2, 80, 512 + (3 + 2) * 256)
    assert Features(mel, Decibels()).context is None
    assert Features(mel, Decibels(span=None)).context == 512
    both = Concatenate([chain, Features(mel, Deltas(3, 1), PositiveDifference(1, "channels"))], "channels")
    assert (both.channels, both.bins, both.context) == (4, 80, chain.context)
    assert both(torch.zeros(1, 1000)).shape == (1, 4, 80, 4)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="clocks"):
        Concatenate([Mel(22050), Mel(22050, hop=441)], "bins")
    with pytest.raises(ValueError, match="do not join"):
        Concatenate([Mel(22050), Mel(22050, bands=40)], "channels")
    for wrong in (lambda: PositiveDifference(0), lambda: Deltas(4), lambda: Whiten(0, 1.0), lambda: Whiten(10, 0.0)):
        with pytest.raises(ValueError, match="must be"):
            wrong()
