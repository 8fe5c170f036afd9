"""The pitch of one note: found to a few cents, whatever its octave, its colour and some noise; none in noise."""

import numpy as np
import pytest

from onpu.represent.single_pitch import single_pitch

RATE = 16_000


def note(pitch, slope, seconds=0.6, noise=0.0):
    times, hertz = np.arange(round(seconds * RATE)) / RATE, 440 * 2 ** ((pitch - 69) / 12)
    sound = sum(np.sin(2 * np.pi * number * hertz * times + number) / number**slope
                for number in range(1, max(2, int(7000 / hertz))))
    return 0.2 * sound * np.exp(-times) + noise * np.random.default_rng(0).standard_normal(len(times))


@pytest.mark.parametrize("pitch", [36.0, 47.3, 60.0, 71.4, 84.0])
@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_the_pitch_of_a_harmonic_note_is_found_within_five_cents(pitch, slope):
    assert single_pitch(note(pitch, slope), RATE) == pytest.approx(pitch, abs=0.05)
    assert single_pitch(note(pitch, slope, noise=0.01), RATE) == pytest.approx(pitch, abs=0.1)


def test_noise_silence_and_clicks_have_no_pitch():
    noise = np.random.default_rng(1).standard_normal(8000)
    assert single_pitch(noise, RATE) is None
    assert single_pitch(np.zeros(8000), RATE) is None
    assert single_pitch(np.zeros(10), RATE) is None
