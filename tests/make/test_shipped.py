"""What the shipped weights make is music: melodies come back, chords are of the key, parallels are shunned."""

import numpy as np
import pytest
import torch

from onpu.engine.compose.bands import composed_passage
from onpu.make import load
from onpu.make.chorale import ChoraleOptions
from onpu.make.midinet import MidinetOptions
from onpu.make.musicvae import MusicvaeOptions, evaluate, kind_of
from onpu.make.performance import PerformanceOptions
from onpu.make.seq2seq import Seq2SeqOptions
from onpu.metrics import cadences, voice_leading
from onpu.metrics.melodies import in_chord
from onpu.music.phrase import chord_label
from onpu.represent.tokens import encoded
from onpu.weights import models


def composed(count):
    found = (composed_passage(seed) for seed in range(200))
    return [passage for passage in found if passage is not None][:count]


@pytest.mark.parametrize(("name", "least"), [("musicvae", 0.75), ("musicvae-drums-2", 0.6)])
def test_composed_passages_come_back_though_songs_were_learned(name, least):
    trained = load(name)
    with torch.inference_mode():
        scores = [evaluate(trained, passage, np.random.default_rng(0)) for passage in composed(12)]
    assert np.mean([each["Free-running"] for each in scores if each]) > least


@pytest.mark.parametrize("name", [name for name, card in models().items() if card["task"] == "musicvae"])
def test_what_lies_between_two_passages_begins_with_the_one_and_ends_with_the_other(name):
    trained = load(name)
    kind = kind_of(trained)
    first, second = [passage.cut(0, kind.bars) for passage in composed(60) if passage.bars >= kind.bars][:2]
    asked = [MusicvaeOptions(begin=first, end=second, share=share, temperature=0.0) for share in (0.0, 0.5, 1.0)]
    found = [encoded(trained(options=options), kind.parts) for options in asked]
    ends = [encoded(each, kind.parts) for each in (first, second)]
    differ = [[float((tokens != end).mean()) for end in ends] for tokens in found]
    assert differ[0][0] < differ[1][0] and differ[2][1] < differ[1][1]
    assert differ[0][0] < differ[0][1] and differ[2][1] < differ[2][0]


def test_chords_for_the_ode_to_joy_are_of_its_key():
    chords = [chord_label(int(number), "C:major") for number in load("seq2seq")(options=Seq2SeqOptions()).chords]
    own = {"C", "F", "G", "D:min", "E:min", "A:min", "G:7", "C:maj", "F:maj", "G:maj"}
    assert np.mean([chord in own for chord in chords]) > 0.9 and len(set(chords)) > 2


def test_melodies_over_chords_are_mostly_of_the_chords():
    chords = ("C:maj", "A:min", "F:maj", "G:maj")
    melody = load("midinet")(options=MidinetOptions(chords=chords, bars=16, seed=1))
    assert in_chord(melody).mean() > 0.5


def test_pianists_play_several_notes_a_second_and_none_for_ever():
    notes = load("performance")(options=PerformanceOptions(seed=1, seconds=8.0))
    assert 1 < len(notes.onsets) / 8 < 40 and np.all(notes.offsets > notes.onsets)
    assert notes.velocities.std() > 2 and np.ptp(notes.pitches) > 7


def test_chorales_have_no_parallels_and_close_from_the_dominant_to_the_tonic():
    sung = load("chorale")(options=ChoraleOptions(bars=4, seed=1, key="a minor"))
    found = voice_leading.evaluate([sung]) | cadences.evaluate([sung])
    assert found["Parallel fifths"] + found["Parallel octaves"] < 5
    assert found["Final chord the tonic"] == found["Final cadence authentic"] == 1
