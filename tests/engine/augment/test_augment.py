"""Augmentation: what happens to the sound happens to the labels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.engine.augment.audio import augment, band_limit, crop, gain, noise, speed, stretch, transpose
from onpu.engine.augment.labels import doubled, retimed, transposed, transposed_label
from onpu.errors import AudioError
from onpu.music import Audio, Beats, Chords, Drums, Keys, Melody, Metre, Notes, Sections, Tags, Tempo, Timeline, Voice

RATE = 22_050
CLICKS = 0.25 + 0.5 * np.arange(8)


def labelled(duration=4.5):
    beats = Beats.of(CLICKS, np.arange(8) % 4 + 1)
    one, two = np.ones(1), np.ones(2)
    return Timeline(
        duration, beats,
        Metre(np.array([0.25, 2.25]), np.array([4, 3]), np.array([4, 4]), two),
        Tempo(np.array([120.0, 60.0]), np.array([0.7, 0.2]), CLICKS, np.full(8, 120.0)),
        Keys(np.array([0.25]), np.array([4.25]), np.array(["Bb:major"]), one),
        Chords(np.array([0.25, 2.25]), np.array([2.25, 4.25]), np.array(["Bb:maj", "F#:min7/b3"]), two),
        Melody(np.arange(450) / 100, np.full(450, 440.0), np.ones(450)),
        Notes(CLICKS, CLICKS + 0.4, np.full(8, 69.0), np.full(8, 80.0), np.zeros(8, dtype=int), np.ones(8)),
        Drums(CLICKS, np.full(8, 36), np.full(8, 100.0), np.ones(8)),
        Voice(np.array([1.0]), np.array([3.0]), np.array(["la"]), one),
        Sections(np.array([0.25]), np.array([4.25]), np.array(["verse"]), one),
        Tags(np.array(["genre:test"]), one)).validate()


def clicks(duration=4.5):
    """Clicks over a soft sine of 440 Hz, at CLICKS."""
    rng = np.random.default_rng(0)
    out = 0.05 * np.sin(2 * np.pi * 440 * np.arange(round(duration * RATE)) / RATE)
    for time in CLICKS:
        start = round(time * RATE)
        out[start : start + 300] += 0.8 * rng.standard_normal(300) * np.exp(-np.arange(300) / 60)
    return Audio(np.tile(out.astype(np.float32), (2, 1)), RATE)


def heard_clicks(audio, count):
    """Times of the strongest rises of the envelope, seconds."""
    envelope = np.convolve(np.abs(np.diff(audio.samples[0].astype(float))), np.ones(64) / 64, "same")
    rise = envelope[64:] - envelope[:-64]
    times = []
    for _ in range(count):
        best = int(np.argmax(rise))
        times.append((best + 32) / RATE)
        rise[max(0, best - RATE // 8) : best + RATE // 8] = -1
    return np.sort(times)


def pitch(audio):
    spectrum = np.abs(np.fft.rfft(audio.samples[0] * np.hanning(audio.samples.shape[1]), 1 << 18))
    return np.argmax(spectrum[: 1 << 16]) * RATE / (1 << 18)


@pytest.mark.parametrize("factor", [0.7, 0.95, 1.0, 1.3])
@pytest.mark.parametrize("effect", [speed, stretch])
def test_clicks_stay_on_their_beats(effect, factor):
    sound, timeline = effect(clicks(), labelled(), factor)
    assert sound.duration == pytest.approx(timeline.duration, abs=1 / RATE)
    np.testing.assert_allclose(timeline.beats.times, CLICKS / factor)
    np.testing.assert_allclose(heard_clicks(sound, 8), timeline.beats.times, atol=0.002)
    np.testing.assert_allclose(timeline.tempo.bpm, np.array([120, 60]) * factor)


@pytest.mark.parametrize("semitones", [-5, 0, 3, 0.5])
def test_transposition_moves_the_pitch_and_not_the_time(semitones):
    sound, timeline = transpose(clicks(), labelled(), semitones)
    assert sound.samples.shape == clicks().samples.shape
    np.testing.assert_allclose(heard_clicks(sound, 8), CLICKS, atol=0.002)
    assert pitch(sound) == pytest.approx(440 * 2 ** (semitones / 12), rel=0.004)
    assert timeline.notes.pitches[0] == 69 + semitones
    assert timeline.melody.frequencies[0] == pytest.approx(440 * 2 ** (semitones / 12))


def test_speed_moves_the_pitch_and_stretching_does_not():
    faster, timeline = speed(clicks(), labelled(), 1.25)
    assert pitch(faster) == pytest.approx(550, rel=0.004)
    assert timeline.chords.labels.tolist() == ["D:maj", "Bb:min7/b3"]
    stretched, timeline = stretch(clicks(), labelled(), 1.25)
    assert pitch(stretched) == pytest.approx(440, rel=0.004)
    assert timeline.chords.labels.tolist() == ["Bb:maj", "F#:min7/b3"]


def test_stretching_keeps_the_loudness():
    sound = clicks()
    for factor in (0.7, 1.4):
        level = np.sqrt(np.mean(stretch(sound, labelled(), factor)[0].samples ** 2))
        assert level == pytest.approx(np.sqrt(np.mean(sound.samples**2)), rel=0.15)


@given(st.floats(0.5, 2.0), st.integers(-11, 11))
@settings(max_examples=30)
def test_label_changes_undo_each_other(factor, semitones):
    timeline = labelled()
    again = transposed(retimed(transposed(retimed(timeline, factor), semitones), 1 / factor), -semitones)
    for name, column in timeline.arrays().items():
        if name == "chords.labels":
            assert [pitch_class(label) for label in again.arrays()[name]] == [pitch_class(label) for label in column]
        elif column.dtype.kind == "f":
            np.testing.assert_allclose(again.arrays()[name], column, rtol=1e-9)
    again.validate()


def pitch_class(label):
    root, _, rest = label.partition(":")
    return (dict(C=0, D=2, E=4, F=5, G=7, A=9, B=11)[root[0]] + root.count("#") - root.count("b")) % 12, rest


@given(st.sampled_from(["C", "Db", "F#", "B", "Cb", "E#", "Gbb"]), st.sampled_from([":maj", ":min7/b3", ":hdim7", ""]),
       st.integers(-24, 24))
def test_chords_move_by_so_many_semitones(root, rest, semitones):
    before, after = pitch_class(root + rest), pitch_class(transposed_label(root + rest, semitones))
    assert after == ((before[0] + semitones) % 12, before[1])


def test_no_chord_and_unknown_chord_stay():
    assert [transposed_label(label, 3) for label in ("N", "X")] == ["N", "X"]


def test_notes_that_are_doubled_are_all_struck_twice_and_stay_in_order():
    timeline = labelled()
    notes = doubled(timeline, 12).validate().notes
    assert notes.onsets.tolist() == sorted([*CLICKS, *CLICKS])
    assert sorted(notes.pitches.tolist()) == [69.0] * 8 + [81.0] * 8
    np.testing.assert_array_equal(doubled(timeline, 12).beats.times, timeline.beats.times)
    assert timeline.notes.pitches.tolist() == [69.0] * 8


def test_cropped_sound_and_labels_fit():
    sound, timeline = crop(clicks(), labelled(), 1.0, 2.0)
    assert sound.duration == pytest.approx(2.0, abs=1e-4)
    np.testing.assert_allclose(heard_clicks(sound, 4), timeline.beats.times, atol=0.006)
    beyond, rest = crop(clicks(), labelled(), 4.0, 9.0)
    assert beyond.duration == pytest.approx(0.5) == rest.duration


def test_gain_noise_and_band_leave_the_labels_alone():
    timeline = labelled()
    sound = clicks()
    louder, same = gain(sound, timeline, 60.0)
    assert np.abs(louder.samples).max() == pytest.approx(1, abs=1e-6) and same is timeline
    noisy, same = noise(sound, timeline, 20.0, seed=1)
    ratio = np.mean((noisy.samples - sound.samples) ** 2) / np.mean(sound.samples**2)
    assert 10 * np.log10(ratio) == pytest.approx(-20, abs=0.1) and same is timeline
    narrow, same = band_limit(sound, timeline, 1000, 3000)
    np.testing.assert_allclose(heard_clicks(narrow, 8), CLICKS, atol=0.006)
    before, after = (np.abs(np.fft.rfft(x.samples[0]))[round(440 * 4.5)] for x in (sound, narrow))
    assert 20 * np.log10(after / before) == pytest.approx(-28.5, abs=1.5) and same is timeline


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_augment_is_a_function_of_its_seed_whose_labels_hold(channels):
    sound = Audio(np.resize(clicks().samples, (channels, clicks().samples.shape[1])), RATE)
    tempi = []
    for seed in range(12):
        changed, timeline = augment(sound, labelled(), seed)
        again, _ = augment(sound, labelled(), seed)
        np.testing.assert_array_equal(changed.samples, again.samples)
        assert changed.channels == channels and np.isfinite(changed.samples).all()
        assert changed.duration == pytest.approx(timeline.validate().duration, abs=1 / RATE)
        tempi.append(timeline.tempo.bpm[0])
    assert len(set(tempi)) > 1 and tempi.count(120.0) > 2


def test_an_impossible_speed_is_an_error():
    with pytest.raises(AudioError, match=r"choose a factor from 0\.5 to 2"):
        speed(clicks(), labelled(), 3.0)


def test_labels_that_were_not_looked_for_stay_unknown():
    bare = replace(Timeline(2.0), beats=Beats.of([1.0], [1]))
    assert set(retimed(bare, 2.0).found()) == {"beats"}
