"""How something is played, and what of it is copied."""

import numpy as np
import pytest

from onpu.metrics.performances import evaluate, intervals, longest_run, row_of
from onpu.music import Notes


def line(pitches, step=0.5, length=0.5, velocity=80):
    onsets = step * np.arange(len(pitches))
    count = len(pitches)
    return Notes(onsets, onsets + length, np.array(pitches, float), np.full(count, velocity), np.zeros(count, int),
                 np.ones(count))


def test_measures_are_what_they_say():
    scores = evaluate(line([60, 62, 64, 65], length=1.0))
    assert scores["Notes a second"] == pytest.approx(4 / 2.5) and scores["Polyphony"] == pytest.approx(4 / 2.5)
    assert scores["Pitch-class entropy"] == pytest.approx(2.0) and scores["Velocity spread"] == 0
    assert evaluate(line([60, 72, 48]))["Pitch-class entropy"] == 0 and evaluate(line([])) == {}


def test_a_copy_is_found_in_any_key_and_time_and_its_length_is_that_of_the_run():
    rng = np.random.default_rng(0)
    learned = [line(rng.integers(40, 80, 50)) for _ in range(3)]
    others = row_of(learned)
    copied = learned[1].pitches[10:22] + 5
    mixed = line([*rng.integers(40, 80, 9), *copied, *rng.integers(40, 80, 9)], step=0.11)
    assert 12 <= longest_run(mixed, others) <= 14
    assert longest_run(learned[2], others) == 50
    assert longest_run(line(rng.integers(40, 80, 40)), others) < 6
    assert longest_run(line([]), others) == 0 and longest_run(line([60]), others) == 1
    assert longest_run(line([60, 61]), row_of([])) == 1


def test_runs_do_not_go_from_one_performance_to_the_next():
    others = row_of([line([60, 62, 64]), line([64, 65, 67])])
    assert longest_run(line([60, 62, 64, 65, 67]), others) == 3


def test_notes_of_a_chord_count_from_the_lowest_up():
    chord = line([67, 60, 64, 72], step=0.01)
    assert intervals(chord).tolist() == [4, 3, 5]
