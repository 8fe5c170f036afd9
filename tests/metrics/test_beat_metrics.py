"""The measures are those of mir_eval, and say something sensible where it says nothing."""

import mir_eval
import numpy as np
import pytest

from onpu.metrics import beats, tempo
from onpu.music import Beats, Tempo

GRID = Beats.of(np.arange(0.5, 20, 0.5), np.arange(39) % 4 + 1)


def test_perfect_estimate_scores_one():
    assert all(value == pytest.approx(1) for value in beats.evaluate(GRID, GRID).values())


def test_double_tempo_is_half_wrong_and_metrically_allowed():
    double = Beats.of(np.arange(0.5, 19.6, 0.25), np.arange(77) % 4 + 1)
    scores = beats.evaluate(GRID, double)
    assert scores["Beat F-measure"] == pytest.approx(2 / 3, abs=0.01)
    assert scores["CMLt"] == 0 and scores["AMLt"] > 0.95


def test_agrees_with_mir_eval_on_a_jittered_estimate():
    rng = np.random.default_rng(3)
    found = Beats.of(GRID.times + rng.normal(0, 0.04, 39), GRID.positions)
    scores = beats.evaluate(GRID, found)
    assert scores["Beat F-measure"] == mir_eval.beat.f_measure(GRID.times, found.times)
    assert scores["Downbeat F-measure"] == mir_eval.beat.f_measure(GRID.downbeats, found.downbeats)
    assert scores["Cemgil"] == mir_eval.beat.cemgil(GRID.times, found.times)[0]


def test_nothing_against_nothing_is_right_and_against_something_wrong():
    none = Beats.of(np.zeros(0), np.zeros(0))
    assert set(beats.evaluate(none, none).values()) == {1.0}
    assert set(beats.evaluate(GRID, none).values()) == {0.0}


def test_downbeats_are_not_scored_where_the_reference_knows_none():
    unknown = Beats.of(GRID.times, np.zeros(39))
    scores, whole = beats.evaluate(unknown, GRID), beats.evaluate(GRID, GRID)
    assert set(whole) - set(scores) == {"Downbeat F-measure"} and scores["Beat F-measure"] == 1


@pytest.mark.parametrize(("found", "one", "two"), [(100, 1, 1), (103.9, 1, 1), (104.5, 0, 0), (200, 0, 1), (51, 0, 1),
                                                   (34, 0, 1), (300, 0, 1), (150, 0, 0)])
def test_tempo_octaves(found, one, two):
    scores = tempo.evaluate(100.0, Tempo(np.array([found]), np.ones(1), np.zeros(0), np.zeros(0)))
    assert (scores["Accuracy 1"], scores["Accuracy 2"]) == (one, two)
    assert scores["P-score"] == (1.0 if one else 0.0) or abs(found / 100 - 1) <= 0.08


def test_reference_tempo_is_that_of_the_median_interval():
    assert tempo.reference_tempo(GRID) == pytest.approx(120)
    assert np.isnan(tempo.reference_tempo(Beats.of(np.zeros(1), np.ones(1))))
