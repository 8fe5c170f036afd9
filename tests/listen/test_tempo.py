"""One tempo from an activation: the comb filters find it, the tempo head decides between octaves."""

import numpy as np
import pytest

from onpu.decode.tasks.beats import TEMPI
from onpu.decode.tasks.tempo import TempoOptions, decode
from onpu.music import Clock

CLOCK = Clock(22050, 441)


def activation(bpm, offbeat=0.0, seconds=30.0):
    seconds_of_frames = np.arange(int(seconds * CLOCK.fps)) / CLOCK.fps
    out = np.zeros(len(seconds_of_frames))
    for height, shift in ((1.0, 0.0), (offbeat, 0.5)):
        times = (np.arange(0.4, seconds * bpm / 60) + shift) * 60 / bpm
        peaks = height * np.exp(-0.5 * ((seconds_of_frames[:, None] - times) / 0.017) ** 2)
        out = np.maximum(out, peaks.max(axis=1))
    return out


def head(bpm):
    heard = np.exp(-0.5 * (np.log(TEMPI / bpm) / 0.05) ** 2)
    return np.repeat(heard[:, None], 1500, axis=1)


@pytest.mark.parametrize("bpm", [47, 70, 104, 126, 168])
def test_pulse_train(bpm):
    tempo = decode({"beat": activation(bpm)}, CLOCK, TempoOptions())["tempo"]
    assert tempo.bpm[0] == pytest.approx(bpm, rel=0.03)
    assert 0 < tempo.strength.sum() <= 1 + 1e-9


@pytest.mark.parametrize("bpm", [80.0, 160.0])
def test_the_head_decides_between_octaves(bpm):
    activations = {"beat": activation(80, offbeat=0.9), "tempo": head(bpm)}
    assert decode(activations, CLOCK, TempoOptions())["tempo"].bpm[0] == pytest.approx(bpm, rel=0.03)


def test_range_is_the_users_choice():
    tempo = decode({"beat": activation(160, 0.0)}, CLOCK, TempoOptions(bpm_range=(50.0, 100.0)))["tempo"]
    assert tempo.bpm[0] == pytest.approx(80, rel=0.03)


def test_nothing_audible_has_no_tempo():
    tempo = decode({"beat": np.full(1500, 0.01), "tempo": head(100)}, CLOCK, TempoOptions())["tempo"]
    assert len(tempo.bpm) == len(tempo.curve) == 0
