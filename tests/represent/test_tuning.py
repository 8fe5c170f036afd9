"""Tuning is found from the spectrum, and taking it out puts the notes where they belong."""

import math

import numpy as np
import pytest
import torch
from tones import RATE, tone

from onpu.errors import AudioError
from onpu.represent import Cqt, Features, Log
from onpu.represent.tuning import estimate_tuning, shift_bins

MUL = 1000.0
OCTAVE = 36


@pytest.fixture(scope="module")
def front():
    return Features(Cqt(RATE, 2048, bins=6 * OCTAVE, bins_per_octave=OCTAVE, amplitude=True), Log(MUL))


def spectrum(front, samples):
    with torch.inference_mode():
        return front(torch.from_numpy(samples.astype(np.float32))[None])


def notes(cents, seed=3):
    """Sixteen notes of a scale, one after the other over a bass, so many cents off."""
    rng = np.random.default_rng(seed)
    pitches = rng.choice([60, 62, 64, 65, 67, 69, 71, 72], 16)
    return np.concatenate([tone(pitch + cents / 100, 0.4, 0.2) + tone(pitch - 24 + cents / 100, 0.4, 0.2)
                           for pitch in pitches])


@pytest.mark.parametrize("cents", [-45, -30, -10, 0, 20, 40, 45])
def test_the_tuning_of_notes_is_found(front, cents):
    found, agreement = estimate_tuning([spectrum(front, notes(cents))], OCTAVE, MUL)
    assert found == pytest.approx(cents, abs=5)
    assert 0.3 < agreement <= 1


def test_pieces_are_heard_as_a_whole(front):
    whole = spectrum(front, notes(25))
    pieces = [whole[..., :17], whole[..., 17:50], whole[..., 50:]]
    np.testing.assert_allclose(estimate_tuning(pieces, OCTAVE, MUL), estimate_tuning([whole], OCTAVE, MUL), rtol=1e-4)


def test_silence_has_no_tuning_and_noise_agrees_on_little(front):
    assert estimate_tuning([torch.zeros(1, 1, 216, 40)], OCTAVE, MUL) == (0.0, 0.0)
    assert estimate_tuning([torch.zeros(1, 1, 216, 0)], OCTAVE, MUL) == (0.0, 0.0)
    noise = 0.1 * np.random.default_rng(0).standard_normal(5 * RATE)
    assert estimate_tuning([spectrum(front, noise)], OCTAVE, MUL)[1] < 0.2


def test_what_is_beyond_numbers_is_an_error():
    with pytest.raises(AudioError, match="scale"):
        estimate_tuning([torch.full((1, 1, 216, 3), torch.inf)], OCTAVE, MUL)


@pytest.mark.parametrize("cents", [-40, 15, 35])
def test_a_spectrum_moved_by_its_tuning_is_in_tune(front, cents):
    x = shift_bins(spectrum(front, notes(cents)), cents * OCTAVE / 1200)
    assert estimate_tuning([x], OCTAVE, MUL)[0] == pytest.approx(0, abs=8)


@pytest.mark.parametrize("semitones", [-5, 3])
def test_moved_by_semitones_is_transposed(front, semitones):
    """C4 comes to lie where Eb4 does."""
    time = np.arange(2 * RATE) / RATE
    c, other = (0.3 * np.sin(2 * math.pi * 440 * 2 ** ((pitch - 69) / 12) * time) for pitch in (60, 60 + semitones))
    there, here = spectrum(front, other), shift_bins(spectrum(front, c), -semitones * OCTAVE / 12)
    middle = slice(8, 14)
    assert torch.equal(here[0, 0, :, middle].argmax(dim=0), there[0, 0, :, middle].argmax(dim=0))
    near = here[0, 0, :, 11].argmax()
    torch.testing.assert_close(here[0, 0, near - 1 : near + 2, middle], there[0, 0, near - 1 : near + 2, middle],
                               rtol=0.02, atol=0.02)


def test_laws_of_moving():
    x = torch.rand(2, 1, 60, 5, generator=torch.Generator().manual_seed(0))
    ramp = torch.arange(60.0)[:, None].expand(60, 3)
    assert torch.equal(shift_bins(x, 0), x)
    assert torch.equal(shift_bins(x, 7)[..., :53, :], x[..., 7:, :]) and not shift_bins(x, 7)[..., 53:, :].any()
    assert torch.equal(shift_bins(x, -7)[..., 7:, :], x[..., :53, :]) and not shift_bins(x, -7)[..., :7, :].any()
    for bins in (0.4, -1.3, 2.75):
        torch.testing.assert_close(shift_bins(ramp, bins)[4:-4], ramp[4:-4] + bins)
        torch.testing.assert_close(shift_bins(2 * x, bins), 2 * shift_bins(x, bins))
    for beyond in (60, -60, 75.5, -300):
        assert not shift_bins(x, beyond).any()
