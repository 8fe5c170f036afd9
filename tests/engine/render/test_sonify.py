"""What is heard over a recording, and when."""

import numpy as np
import pytest

from onpu.engine.render.sonify import RECORDING_GAIN, sonified
from onpu.errors import LabelError
from onpu.music import Audio, Beats, Chords, Melody, Notes, Timeline

RATE = 8000
SILENCE = Audio(np.zeros((2, 12 * RATE), np.float32), RATE)


def heard(source=SILENCE, **arguments):
    options = {name: arguments.pop(name) for name in ("decibels", "alone") if name in arguments}
    values = arguments.pop("values", tuple(arguments))
    return np.concatenate(list(sonified(source, Timeline(12.0, **arguments), values, **options)), axis=1)


def peak_hertz(samples):
    return np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax() * RATE / len(samples)


def test_a_click_begins_on_each_beat_and_is_higher_on_downbeats():
    times = np.array([0.5, 1.0, 4.999, 5.5])  # one over the edge of two blocks
    sound = heard(beats=Beats.of(times, np.array([1, 2, 1, 2])))[0]
    for time, hertz in zip(times, (1600, 1000, 1600, 1000), strict=True):
        start = round(time * RATE)
        assert not sound[start - 800 : start].any() and np.abs(sound[start : start + 8]).max() > 0.1
        assert peak_hertz(sound[start : start + 400]) == pytest.approx(hertz, abs=40)
    assert not sound[: round(0.5 * RATE)].any() and not sound[round(6 * RATE) :].any()


def test_the_melody_sounds_at_its_pitch_and_only_where_it_is_sung():
    times = np.arange(0, 12, 0.01)
    hertz = np.where(times < 6, 220.0, 330.0) * np.where((times > 3) & (times < 9), -1, 1)
    sound = heard(melody=Melody(times, hertz, np.ones(len(times))))[0]
    assert peak_hertz(sound[RATE : 2 * RATE]) == pytest.approx(220, abs=2)
    assert peak_hertz(sound[10 * RATE : 11 * RATE]) == pytest.approx(330, abs=2)
    assert np.abs(sound[round(3.1 * RATE) : round(8.9 * RATE)]).max() == 0
    assert np.abs(np.diff(sound)).max() < 0.3  # no clicks where blocks meet


def test_chords_and_notes_sound_for_their_lengths():
    sure = np.ones(1)
    chords = Chords(np.array([2.0]), np.array([4.0]), np.array(["A:min"]), sure)
    notes = Notes(np.array([7.0]), np.array([8.0]), np.array([69.0]), np.array([100]), np.zeros(1, int), sure)
    sound = heard(chords=chords, notes=notes)[1]
    level = np.abs(sound).reshape(-1, RATE // 10).max(axis=1)
    sounds = np.flatnonzero(level > 1e-4) / 10
    assert set(sounds.round(1)) <= {*np.arange(2.0, 4.1, 0.1).round(1), *np.arange(7.0, 8.1, 0.1).round(1)}
    assert len(sounds) >= 30 and peak_hertz(sound[7 * RATE : 8 * RATE]) == pytest.approx(440, abs=2)


def test_the_recording_goes_on_underneath_or_not_at_all():
    noise = np.random.default_rng(0).normal(0, 0.1, (1, 12 * RATE)).astype(np.float32)
    beats = Beats.of(np.array([1.0]), np.array([1]))
    both, alone = (heard(Audio(noise, RATE), beats=beats, alone=alone) for alone in (False, True))
    np.testing.assert_allclose(both[:, 2 * RATE :], RECORDING_GAIN * noise[:, 2 * RATE :], atol=1e-6)
    assert not alone[:, 2 * RATE :].any() and both.shape == noise.shape
    louder = heard(beats=beats, decibels=-20.0, alone=True)
    np.testing.assert_allclose(np.abs(louder).max(), np.abs(heard(beats=beats)).max() / 10, rtol=1e-3)


def test_what_is_not_there_or_has_no_sound_is_named():
    with pytest.raises(LabelError, match="no chords"):
        heard(values=("chords",))
    with pytest.raises(LabelError, match="tags cannot be made audible"):
        heard(values=("tags",))
