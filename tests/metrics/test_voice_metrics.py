"""Singing, step by step: figures counted by hand, and mir_eval's where it has the same."""

import mir_eval
import numpy as np
import pytest

from onpu.metrics.voice import evaluate, sung
from onpu.music import Voice


def voice(*stretches):
    starts, ends = (np.array([stretch[side] for stretch in stretches], dtype=float) for side in (0, 1))
    return Voice(starts, ends, np.full(len(stretches), ""), np.ones(len(stretches))).validate()


def test_figures_counted_by_hand():
    scores = evaluate(voice((1, 3), (5, 7)), voice((2, 5), (6, 8)), 10.0)
    assert scores == pytest.approx({"Accuracy": 0.5, "Precision": 2 / 5, "Recall": 2 / 4, "F-measure": 4 / 9})


def test_what_is_right_scores_one():
    truth = voice((0.123, 0.131), (0.5, 9.999), (10.0, 12.0))
    assert set(evaluate(truth, truth, 12.0).values()) == {1.0}


@pytest.mark.parametrize(("truth", "found", "scores"), [
    ((), (), (1, 1, 1, 1)), ((), ((1, 2),), (0.9, 0, 0, 0)), (((1, 2),), (), (0.9, 0, 0, 0)),
    (((0, 10),), ((0, 10),), (1, 1, 1, 1))])
def test_nothing_sung_and_nothing_found(truth, found, scores):
    assert tuple(evaluate(voice(*truth), voice(*found), 10.0).values()) == pytest.approx(scores)


def test_of_no_recording_everything_is_right():
    assert set(evaluate(voice(), voice(), 0.0).values()) == {1.0}


def test_always_sung_scores_the_share_of_singing():
    scores = evaluate(voice((2, 5), (6, 9)), voice((0, 10)), 10.0)
    assert scores["Accuracy"] == scores["Precision"] == pytest.approx(0.6)
    assert scores["Recall"] == 1 and scores["F-measure"] == pytest.approx(0.75)


def test_what_reaches_beyond_the_recording_counts_nothing():
    assert evaluate(voice((8, 10)), voice((8, 14)), 10.0)["Precision"] == 1


def test_steps_are_those_of_mir_eval():
    """mir_eval samples labelled intervals at the same middles."""
    rng = np.random.default_rng(4)
    edges = np.sort(rng.uniform(0, 60, 40))
    intervals, labels = np.column_stack([edges[:-1], edges[1:]]), ["1", "0"] * 19 + ["1"]
    sampled = mir_eval.util.interpolate_intervals(intervals, labels, (np.arange(6000) + 0.5) / 100, fill_value="0")
    np.testing.assert_array_equal(sung(voice(*intervals[::2]), 60.0), np.array(sampled) == "1")
