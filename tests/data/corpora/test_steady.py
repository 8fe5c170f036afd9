"""Labels by rule: a steady pulse is found exactly, bars where they are clear; what is not steady is dropped."""

import numpy as np
import pytest

from onpu.data.corpora.steady import label_steady
from onpu.decode.steady_pulse import MOST_DRIFT, find_pulse
from onpu.metrics.beats import f_measure
from onpu.music import Audio

RATE, FPS = 22_050, 50.0
CHORDS = ((0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2))


def song(beats, metre=4, seconds=60.0, chords=True):
    """A kick on each bar's first and third beat, a snare between, hi-hats on the half beats, a chord a bar."""
    rng = np.random.default_rng(0)
    out = 0.001 * rng.standard_normal(int(seconds * RATE))
    decay = np.exp(-np.arange(int(0.15 * RATE)) / RATE / 0.03)
    kick = np.sin(2 * np.pi * 55 * np.arange(len(decay)) / RATE) * decay
    noise = rng.standard_normal(len(decay)) * decay

    def add(sound, time):
        start = int(time * RATE)
        out[start : start + len(sound)] += sound[: max(0, len(out) - start)]

    for number, time in enumerate(beats):
        add(0.8 * kick if number % metre in (0, 2) else 0.4 * noise, time)
        if number + 1 < len(beats):
            add(0.1 * noise, (time + beats[number + 1]) / 2)
        if chords and number % metre == 0:
            held = np.arange(int((beats[min(number + metre, len(beats) - 1)] - time) * RATE)) / RATE
            add(0.05 * sum(np.sin(2 * np.pi * 220 * 2 ** (p / 12) * held) for p in CHORDS[number // metre % 4]), time)
    return Audio(out.astype(np.float32)[None], RATE)


def hearing(beats, metre=4, downbeats=True):
    """What a network hears that is right on most beats and noisy."""
    def listen(audio):
        rng = np.random.default_rng(1)
        frames = int(audio.duration * FPS) + 1
        beat, down = 0.04 * rng.random(frames), 0.02 * rng.random(frames)
        for number, time in enumerate(beats):
            at = min(round(time * FPS), frames - 1)
            beat[at] = 0.3 + 0.6 * rng.random()
            down[at] = (0.6 if downbeats and number % metre == 0 else 0.1) * rng.random()
        return beat, down, FPS
    return listen


@pytest.mark.parametrize(("bpm", "metre", "start"), [(120, 4, 0.0), (97, 4, 0.31), (143, 4, 1.2), (104, 3, 0.4)])
def test_beats_and_bars_of_a_steady_song(bpm, metre, start):
    beats = np.arange(start, 59.0, 60 / bpm)
    found = label_steady(song(beats, metre), hearing(beats, metre))
    assert f_measure(beats, found.times, 0.012) > 0.98
    assert 60 / np.diff(found.times[3:]).mean() == pytest.approx(bpm, abs=1e-6)
    assert set(found.positions) == set(range(1, metre + 1))
    assert f_measure(beats[::metre], found.downbeats, 0.012) > 0.95


def test_a_tempo_between_whole_numbers_is_kept():
    beats = np.arange(0.2, 59.0, 60 / 121.37)
    found = label_steady(song(beats), hearing(beats))
    assert 60 / np.diff(found.times[3:]).mean() == pytest.approx(121.37, abs=0.02)


def test_what_is_not_steady_is_dropped():
    steps = 0.5 * (1 + 0.05 * np.sin(np.arange(120) / 7))
    rubato = 0.3 + np.cumsum(steps)[:115]
    assert label_steady(song(rubato), hearing(rubato)) is None
    slower = 0.3 + np.cumsum(np.linspace(0.48, 0.54, 113))
    assert label_steady(song(slower), hearing(slower)) is None
    noise = Audio(np.random.default_rng(2).standard_normal((1, 40 * RATE)).astype(np.float32) * 0.1, RATE)
    assert label_steady(noise, hearing(np.arange(0, 39, 0.5))) is None
    assert label_steady(Audio(np.zeros((1, 40 * RATE), np.float32), RATE), hearing(np.zeros(0))) is None


def test_tempi_that_may_be_felt_at_half_or_twice_are_dropped():
    for bpm, kept in ((84, True), (176, True), (196, False), (60, False)):
        beats = np.arange(0.1, 59.0, 60 / bpm)
        assert (label_steady(song(beats), hearing(beats)) is not None) == kept, bpm


def test_off_beats_are_dropped_where_the_drums_say_so():
    beats = np.arange(0.1, 59.0, 0.5)
    assert label_steady(song(beats), hearing(beats[:-1] + 0.25)) is None


def test_bars_are_unknown_where_network_and_harmony_do_not_agree():
    beats = np.arange(0.3, 59.0, 0.5)
    audio = song(beats, chords=False)
    found = label_steady(audio, hearing(beats, downbeats=False))
    assert len(found.times) > 100 and not found.positions.any()


def test_drift_of_the_pulse_is_measured():
    flux = np.zeros(9000)
    flux[np.round(np.arange(20, 8900, 37.5)).astype(int)] = 1
    pulse = find_pulse(flux, 150.0)
    assert pulse.frequency == pytest.approx(4.0, abs=1e-3) and pulse.coherence > 0.99 and pulse.drift < 0.003
    flux[4500:] = np.roll(flux[4500:], 9)  # a cut: 60 ms are missing
    assert find_pulse(flux, 150.0).drift > MOST_DRIFT


def test_beats_end_with_the_music():
    beats = np.arange(0.5, 40.0, 0.5)
    audio = song(np.arange(0.5, 40.0, 0.5), seconds=60.0)
    audio.samples[:, int(40.5 * RATE):] = 0
    assert 39 < label_steady(audio, hearing(beats)).times[-1] < 41
