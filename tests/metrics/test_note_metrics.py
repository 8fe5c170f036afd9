"""Measures of notes, frames, melody and several pitches, on cases that can be counted by hand."""

import numpy as np
import pytest

from onpu.metrics import melody, multif0, notes
from onpu.music import Melody, MultiF0, Notes

EMPTY = Notes(*(np.zeros(0) for _ in range(6)))


def played(*rows):
    table = np.array(rows, dtype=np.float64)
    return Notes(table[:, 0], table[:, 1], table[:, 2], table[:, 3], np.zeros(len(table), int), np.ones(len(table)))


SCALE = played((0, 0.5, 60, 40), (0.5, 1.0, 62, 60), (1.0, 1.5, 64, 80), (1.5, 2.0, 65, 100))


def shifted(onset=0.0, offset=0.0, pitch=0.0):
    return Notes(SCALE.onsets + onset, SCALE.offsets + offset, SCALE.pitches + pitch, SCALE.velocities, SCALE.programs,
                 SCALE.confidence)


def test_the_truth_is_perfect_and_nothing_is_worth_nothing():
    assert set(notes.evaluate(SCALE, SCALE).values()) == {1.0}
    assert set(notes.evaluate(SCALE, EMPTY).values()) == {0.0} == set(notes.evaluate(EMPTY, SCALE).values())
    assert set(notes.evaluate(EMPTY, EMPTY).values()) == {1.0}


@pytest.mark.parametrize(("change", "found", "ended"), [
    ({"onset": 0.04, "offset": 0.04}, 1, 1), ({"onset": 0.06, "offset": 0.06}, 0, 0), ({"offset": 0.2}, 1, 0),
    ({"pitch": 0.4}, 1, 1), ({"pitch": 1.0}, 0, 0), ({"pitch": 12.0}, 0, 0)])
def test_tolerances(change, found, ended):
    scores = notes.evaluate(SCALE, shifted(**change))
    assert (scores["Note F-measure"], scores["Note-with-offset F-measure"]) == (found, ended)


def test_velocities_may_be_of_another_scale_but_not_of_another_order():
    louder = Notes(SCALE.onsets, SCALE.offsets, SCALE.pitches, 0.5 * SCALE.velocities + 40, SCALE.programs,
                   SCALE.confidence)
    upside_down = Notes(SCALE.onsets, SCALE.offsets, SCALE.pitches, np.array([100, 40, 40, 100]), SCALE.programs,
                        SCALE.confidence)
    assert notes.evaluate(SCALE, louder)["Note-with-velocity F-measure"] == 1
    assert notes.evaluate(SCALE, upside_down)["Note-with-velocity F-measure"] < 0.6


def test_frames_are_counted_in_hundredths():
    half = notes.frame_scores(played((0, 1, 60, 80)), played((0.5, 1.5, 60, 80)))
    assert half["Frame precision"] == half["Frame recall"] == pytest.approx(0.5, abs=0.01)
    assert notes.roll(played((0.1, 0.3, 60, 80)), 50).sum() == 20


def test_melody_in_the_wrong_octave_has_chroma_alone():
    times = np.arange(200) / 100
    truth = Melody(times, np.where(times < 1, 220.0, 0.0), np.ones(200))
    octave = melody.evaluate(truth, Melody(times, 2 * truth.frequencies, np.ones(200)))
    assert octave["Raw pitch accuracy"] == 0 and octave["Raw chroma accuracy"] == pytest.approx(1, abs=0.02)
    assert octave["Overall accuracy"] == pytest.approx(0.5, abs=0.01)
    silent = melody.evaluate(Melody(times, np.zeros(200), np.ones(200)), truth)
    assert set(silent) == {"Voicing false alarm", "Overall accuracy"} and silent["Voicing false alarm"] == 0.5


def test_pitches_at_once_are_matched_one_to_one():
    times = np.repeat(np.arange(100) / 100, 2)
    truth = MultiF0(times, np.tile([220.0, 330.0], 100), np.ones(200))
    half = MultiF0(times[::2], np.full(100, 220.0), np.ones(100))
    scores = multif0.evaluate(truth, half, np.arange(100) / 100)
    assert scores == {"Precision": 1.0, "Recall": 0.5, "Accuracy": 0.5}
