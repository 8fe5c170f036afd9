"""Laws of the root mean square."""

import numpy as np
import pytest

from onpu.music.audio import rms


def test_level_of_a_sine_and_of_silence():
    sine = np.sin(2 * np.pi * np.arange(1000) / 50)
    assert rms(sine) == pytest.approx(0.5**0.5)
    assert rms(np.zeros((2, 9))) == rms(np.zeros((2, 0))) == 0


@pytest.mark.parametrize("factor", [0.25, -3.0])
def test_level_grows_with_the_sound_and_does_not_know_its_shape(factor):
    sound = np.random.default_rng(0).standard_normal((2, 60))
    assert rms(factor * sound) == pytest.approx(abs(factor) * rms(sound))
    assert rms(sound.reshape(3, 40)) == pytest.approx(rms(sound))


def test_precision_is_that_of_the_samples_or_what_is_asked_for():
    sound = np.full(9, 3e-24, np.float32)  # its squares are less than float32 holds
    assert rms(sound) == 0 and rms(sound, np.float64) == pytest.approx(3e-24)
    assert rms(sound).dtype == np.float32 and rms(sound, np.float64).dtype == np.float64
