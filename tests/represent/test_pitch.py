"""CQT and chroma against librosa, harmonics against separate CQTs, pure tones where they belong."""

import librosa
import numpy as np
import pytest
import torch

from onpu.represent import Chroma, Cqt, Hcqt
from onpu.represent.pitch import C1, HalveRate

RATE = 22050


def tones(frequencies: np.ndarray, seconds: float = 1.0) -> torch.Tensor:
    """Sinusoids of amplitude 1, (frequencies, samples)."""
    time = np.arange(round(seconds * RATE)) / RATE
    return torch.from_numpy(np.sin(2 * np.pi * np.asarray(frequencies)[:, None] * time)).float()


def check_agreement(audio: np.ndarray, bins: int, density: int, hop: int) -> None:
    """The CQT is librosa's in its course and in its energy, as a whole and in every band that sounds."""
    ours = Cqt(RATE, hop, C1, bins, density)(torch.from_numpy(audio)[None])[0, 0].numpy()
    theirs = np.abs(librosa.cqt(audio, sr=RATE, hop_length=hop, fmin=C1, n_bins=bins, bins_per_octave=density,
                                tuning=0))
    assert ours.shape == theirs.shape
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] >= 0.9995
    assert abs((ours**2).sum() / (theirs**2).sum() - 1) < 0.01
    loud = theirs.max(axis=1) > 0.05 * theirs.max()
    assert min(np.corrcoef(a, b)[0, 1] for a, b in zip(ours[loud], theirs[loud], strict=True)) >= 0.995


@pytest.mark.parametrize("bins, density, hop", [(84, 12, 512), (84, 12, 441), (168, 24, 512), (252, 36, 2205),
                                                (360, 60, 256), (50, 12, 320)])
def test_cqt_is_that_of_librosa(music, bins, density, hop):
    check_agreement(music, bins, density, hop)


@pytest.mark.parametrize("density", [12, 36])
def test_cqt_of_a_recording_is_that_of_librosa(recording, density):
    check_agreement(recording, 7 * density, density, 512)


@pytest.mark.parametrize("rate, hop, density", [
    (22050, 512, 12), (44100, 4410, 36), (16000, 160, 24), (22050, 441, 60)])
def test_a_tone_reads_its_amplitude_in_its_bin(rate, hop, density):
    cqt = Cqt(rate, hop, 110.0, 4 * density, density, amplitude=True)
    for bin in range(0, cqt.bins, 7):
        time = torch.arange(2 * rate, dtype=torch.float64) / rate
        audio = 0.4 * torch.sin(2 * torch.pi * 110 * 2 ** (bin / density) * time).float()[None]
        frame = cqt(audio)[0, 0, :, cqt.clock.count(2 * rate) // 2]
        assert frame.argmax() == bin
        assert frame[bin] == pytest.approx(0.4, rel=2e-3)


def test_a_tone_between_two_bins_reads_the_same_in_both():
    cqt = Cqt(RATE, 512, 55.0, 72, 12, amplitude=True)
    for bin in range(3, 70, 6):
        frame = cqt(tones([55 * 2 ** ((bin + 0.5) / 12)], 2.0))[0, 0, :, 43]
        assert set(frame.topk(2).indices.tolist()) == {bin, bin + 1}
        assert frame[bin] == pytest.approx(float(frame[bin + 1]), rel=0.05)


@pytest.mark.parametrize("hop", [441, 512, 100])
def test_a_click_comes_out_in_its_frame(hop):
    cqt = Cqt(RATE, hop, C1, 84)
    audio = torch.zeros(1, 100 * hop)
    audio[0, 50 * hop] = 1
    around = cqt(audio)[0, 0, :, 42:59]
    assert (around.argmax(dim=1) == 8).all()
    assert torch.allclose(around, around.flip(1), atol=2e-3 * float(around.max()))


def test_octave_is_invisible_whatever_the_number_of_bins(music):
    audio = torch.from_numpy(music)[None]
    whole = Cqt(RATE, 512, C1, 84)(audio)
    part = Cqt(RATE, 512, C1 * 2 ** (17 / 12), 40)(audio)
    assert torch.allclose(part, whole[:, :, 17:57], atol=1e-3 * float(whole.max()))


def test_halving_keeps_what_is_below_and_removes_what_would_fold():
    halve = HalveRate()
    kept, gone = (tones(np.array(hz))[:, :12800] for hz in ([100, 1000, 4400], [6620, 8000, 11000]))
    assert (halve(kept) - kept[:, ::2])[:, 100:-100].abs().max() < 1e-4
    assert halve(gone)[:, 100:-100].abs().max() < 10 ** (-85 / 20)


def test_hcqt_is_a_cqt_a_harmonic(music):
    audio = torch.from_numpy(music)[None]
    harmonics = (0.5, 1, 3, 2, 5)
    hcqt = Hcqt(RATE, 512, 2 * C1, 96, 24, harmonics)
    stacked = hcqt(audio)
    assert stacked.shape[1:3] == (hcqt.channels, hcqt.bins) == (5, 96)
    for channel, harmonic in enumerate(harmonics):
        alone = Cqt(RATE, 512, 2 * C1 * harmonic, 96, 24)(audio)[:, 0]
        assert torch.allclose(stacked[:, channel], alone, atol=1e-3 * float(alone.max()))


def test_partials_meet_in_the_bin_of_their_pitch():
    hcqt = Hcqt(RATE, 256, C1, 180, 36, (1, 2, 3, 4, 5))
    pitch = C1 * 2 ** (80 / 36)
    audio = tones(pitch * np.arange(1, 6), 2.0).sum(0, keepdim=True) / 5
    frame = hcqt(audio)[0, :, :, 86]
    assert frame.prod(dim=0).argmax() == 80
    assert (frame[:, 80] > frame[:, [79, 81]].amax(dim=1)).all()


@pytest.mark.parametrize("density", [12, 36])
@pytest.mark.parametrize("norm, theirs", [("max", np.inf), ("sum", 1), ("euclid", 2), (None, None)])
def test_chroma_is_that_of_librosa(music, density, norm, theirs):
    ours = Chroma(RATE, 512, C1, 7, density, norm)(torch.from_numpy(music)[None])[0, 0].numpy()
    expected = librosa.feature.chroma_cqt(y=music, sr=RATE, tuning=0, norm=theirs, bins_per_octave=density, threshold=0)
    assert np.corrcoef(ours.ravel(), expected.ravel())[0, 1] > 0.999
    assert np.abs(ours - expected).max() < 0.03 * expected.max()


@pytest.mark.parametrize("density, fmin", [(12, C1), (24, C1), (36, 55.0)])
def test_a_triad_has_three_pitch_classes(density, fmin):
    audio = tones(440 * 2 ** ((np.array([64, 67, 71]) - 69) / 12)).sum(0, keepdim=True)
    frame = Chroma(RATE, 512, fmin, 6, density)(audio)[0, 0, :, 21]
    assert sorted(frame.topk(3).indices.tolist()) == [4, 7, 11]
    assert Chroma()(torch.zeros(1, 5000)).abs().max() < 1e-4


def test_bins_above_half_of_the_rate_are_refused():
    with pytest.raises(ValueError, match="take fewer bins"):
        Cqt(RATE, 512, C1, 110)
    with pytest.raises(ValueError, match="norm must be"):
        Chroma(norm="l2")
