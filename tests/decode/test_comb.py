"""Resonating comb filters find the period of a pulse train, and its octave as the rival."""

import numpy as np
import pytest

from onpu.decode.comb import ALPHA, _comb, peaks, tempo_histogram
from onpu.decode.peaks import refine
from onpu.decode.tempo import tempo_of


def pulses(bpm, fps, seconds=60, every_other=1.0):
    times = np.arange(0.5, seconds, 60 / bpm)
    heights = np.where(np.arange(len(times)) % 2, every_other, 1.0)
    seconds_of_frames = np.arange(int(seconds * fps)) / fps
    return times, (heights * np.exp(-0.5 * ((seconds_of_frames[:, None] - times) / 0.017) ** 2)).max(axis=1)


def test_comb_is_the_recursion_of_the_paper():
    x = np.random.default_rng(0).random(50)
    y = np.zeros(50)
    for t in range(50):
        y[t] = x[t] + (ALPHA * y[t - 7] if t >= 7 else 0)
    np.testing.assert_allclose(_comb(x, 7), y)


@pytest.mark.parametrize("fps", [50, 100])
@pytest.mark.parametrize("bpm", [45, 61, 88, 120, 133.3, 180])
def test_peak_lies_at_the_tempo(bpm, fps):
    tempi, votes = tempo_histogram(pulses(bpm, fps)[1], fps, (40, 250))
    found, heights = peaks(tempi, votes)
    assert np.all(np.diff(heights) <= 0)
    assert abs(found[0] / bpm - 1) < 0.04
    assert votes.sum() == pytest.approx(1)


def test_weak_offbeats_make_the_slower_octave_the_rival():
    times, activation = pulses(160, 100, every_other=0.5)
    tempo = tempo_of(times, activation, 100, (40, 250))
    assert tempo.bpm[0] == pytest.approx(160, rel=1e-3)
    assert tempo.octave == pytest.approx(0.5, rel=0.03)
    assert tempo.strength.sum() == pytest.approx(1)


def test_silence_has_no_tempo():
    tempo = tempo_of(np.zeros(0), np.zeros(300), 50, (40, 250))
    assert len(tempo.bpm) == len(tempo.curve) == 0
    assert tempo_histogram(np.zeros(300), 50, (40, 250))[1].sum() == 0


def test_refine_finds_a_peak_between_frames():
    centres = np.array([10.0, 20.25, 30.5, 41.7])
    grid = np.arange(60)
    activation = np.exp(-0.5 * ((grid[:, None] - centres) / 1.2) ** 2).max(axis=1)
    np.testing.assert_allclose(refine(activation, np.array([10, 21, 30, 40]), 2), centres, atol=0.08)
    assert refine(np.full(9, 0.5), np.array([4]), 2)[0] == 4
