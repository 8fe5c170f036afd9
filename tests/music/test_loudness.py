"""Loudness by ITU-R BS.1770-4 and EBU Tech 3341, keys on the Camelot wheel."""

import math

import numpy as np
import pytest

from onpu.errors import AudioError, LabelError
from onpu.music.camelot import camelot, short_key
from onpu.music.loudness import integrated_loudness, replaygain


def tone(decibels, seconds, rate=48_000, hertz=1000.0):
    time = np.arange(round(seconds * rate)) / rate
    return np.tile(10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * time), (2, 1))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_a_tone_of_minus_23_decibels_in_both_channels_has_minus_23_lufs(rate):
    assert integrated_loudness([tone(-23, 20, rate)], rate) == pytest.approx(-23, abs=0.1)  # Tech 3341, case 1


def test_what_is_soft_beside_the_rest_is_left_out():
    parts = [tone(-36, 10), tone(-23, 60), tone(-36, 10)]  # Tech 3341, case 3
    assert integrated_loudness(parts, 48_000) == pytest.approx(-23, abs=0.1)
    parts = [tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10)]  # case 4
    assert integrated_loudness(parts, 48_000) == pytest.approx(-23, abs=0.1)


def test_it_is_the_same_however_the_sound_is_cut():
    sound = tone(-20, 5) + np.random.default_rng(0).normal(0, 0.02, (2, 240_000))
    whole = integrated_loudness([sound], 48_000)
    assert integrated_loudness(np.split(sound, [7, 9000, 9001, 100_000], axis=1), 48_000) == pytest.approx(whole)
    assert replaygain(whole) == pytest.approx(-18 - whole)


def test_silence_has_none_and_too_little_is_refused():
    assert integrated_loudness([np.zeros((1, 48_000))], 48_000) == -math.inf
    with pytest.raises(AudioError, match=r"0\.4 s"):
        integrated_loudness([np.zeros((1, 4_000))], 48_000)


def test_neighbours_on_the_wheel_are_fifths_and_relatives():
    assert [camelot(key) for key in ("C:major", "A:minor", "G:major", "F#:minor", "Gb:major", "Ab:minor")] == [
        "8B", "8A", "9B", "11A", "2B", "1A"]
    assert camelot("D:dorian") == "8A" and short_key("Eb:minor") == "Ebm" and short_key("F major") == "F"
    with pytest.raises(LabelError):
        camelot("H:major")
