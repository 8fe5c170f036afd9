"""The STFT against librosa and its own laws; the inverse."""

import librosa
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.errors import AudioError
from onpu.represent import Stft
from onpu.represent import frames as framing
from onpu.represent.frames import RealDft

RATE = 22050


def check_close(ours: torch.Tensor, theirs: np.ndarray, relative: float) -> None:
    """Largest difference within `relative` of the largest value."""
    assert ours.shape == theirs.shape
    assert np.abs(ours.numpy() - theirs).max() <= relative * np.abs(theirs).max()


@pytest.mark.parametrize("n_fft, hop, window, size", [
    (2048, 441, "hann", None), (1024, 256, "hamming", None), (4096, 512, "blackman", 3000), (512, 100, "cosine", 401)])
@pytest.mark.parametrize("power", [1.0, 2.0])
def test_magnitude_is_that_of_librosa(music, n_fft, hop, window, size, power):
    stft = Stft(RATE, n_fft, hop, window, size, power)
    theirs = np.abs(librosa.stft(music, n_fft=n_fft, hop_length=hop, window=window, win_length=size)) ** power
    check_close(stft(torch.from_numpy(music)[None])[0, 0], theirs, 1e-5)


@pytest.mark.parametrize("rows", [2, 14, 30, 512, 2048, 4096])
def test_real_dft_is_the_dft(rows):
    frames = torch.randn(2, 3, rows, generator=torch.Generator().manual_seed(rows))
    real, imaginary = RealDft(rows)(frames)
    expected = np.fft.rfft(frames.double().numpy())
    assert np.abs(real.numpy() + 1j * imaginary.numpy() - expected).max() < 2e-6 * np.abs(expected).max()


def test_export_path_agrees_with_the_fast_one(music, monkeypatch):
    stft, audio = Stft(RATE), torch.from_numpy(music)[None]
    fast = stft(audio)
    monkeypatch.setattr(framing, "exporting", lambda: True)
    monkeypatch.setattr("onpu.represent.spectra.exporting", lambda: True)
    monkeypatch.setattr(torch.fft, "rfft", None)
    check_close(stft(audio), fast.numpy(), 1e-6)


def test_blocks_are_invisible(music, monkeypatch):
    stft, audio = Stft(RATE, 1024, 256), torch.from_numpy(music)[None]
    whole = stft(audio)
    monkeypatch.setattr(framing, "CPU_BLOCK", 7 * 1024)
    assert torch.equal(stft(audio), whole)


@settings(max_examples=30)
@given(samples=st.integers(0, 3000), hop=st.integers(1, 700), at=st.floats(0, 1))
def test_frames_are_counted_and_centred(samples, hop, at):
    stft = Stft(8000, 512, hop)
    audio = torch.zeros(1, samples)
    frames = stft(audio).shape[-1]
    assert frames == stft.clock.count(samples) == samples // hop + 1
    index = int(at * samples // hop)
    if index * hop < samples:
        audio[0, index * hop] = 1
        assert torch.allclose(stft(audio)[0, 0, :, index], torch.ones(257), atol=1e-5)  # the window's peak


def test_parseval(music):
    stft = Stft(RATE, 1024, 256, power=2.0)
    audio = torch.from_numpy(music)[None]
    both_sides = torch.full((513,), 2.0)
    both_sides[[0, -1]] = 1
    energy = (stft(audio)[0, 0].double() * both_sides[:, None]).sum() / 1024
    gain = stft.window.double().square().sum() / 256  # what each sample is weighted with over all its frames
    inner = audio.double().square().sum() * gain
    assert abs(energy / inner - 1) < 1e-4


def test_amplitude_reads_the_amplitude_of_a_sinusoid():
    for n_fft in (1024, 4096):
        time = torch.arange(RATE) / RATE
        audio = 0.3 * torch.sin(2 * torch.pi * 50 * RATE / 1024 * time)[None]
        assert Stft(RATE, n_fft, 441, amplitude=True)(audio)[0, 0, 50 * n_fft // 1024, 25] == pytest.approx(0.3, 1e-4)


def test_inverse_returns_the_audio(music):
    audio = torch.from_numpy(np.stack([music, music[::-1]]))
    for stft in (Stft(RATE, 2048, 441), Stft(RATE, 1024, 256, "hamming", amplitude=True)):
        assert (stft.inverse(stft.spectrum(audio), audio.shape[1]) - audio).abs().max() < 1e-5


def test_what_is_wrong_is_named():
    with pytest.raises(AudioError, match=r"\(batch, samples\), not torch.float32 \(5,\)"):
        Stft(RATE)(torch.zeros(5))
    with pytest.raises(AudioError, match="int16"):
        Stft(RATE)(torch.zeros(1, 5, dtype=torch.int16))
    for arguments in ({"n_fft": 1023}, {"window": "square"}, {"window_size": 4096}):
        with pytest.raises(ValueError, match="n_fft must be even"):
            Stft(RATE, **arguments)
