"""Measures of sections."""

import numpy as np
import pytest

from onpu.metrics.structure import evaluate, without_short
from onpu.music import Sections


def form(edges, labels):
    return Sections(np.array(edges[:-1], float), np.array(edges[1:], float), np.array(labels, dtype=np.str_),
                    np.ones(len(labels)))


TRUTH = form([1.0, 17.0, 33.0, 49.0, 60.0], ["A", "B", "A", "C"])


def test_the_truth_scores_one_whatever_its_labels_are_called():
    assert set(evaluate(TRUTH, TRUTH).values()) == {1.0}
    assert set(evaluate(TRUTH, form([1.0, 17.0, 33.0, 49.0, 60.0], ["x", "y", "x", "z"])).values()) == {1.0}


@pytest.mark.parametrize("late, near, far", [(0.4, 1.0, 1.0), (2.0, 0.0, 1.0), (4.0, 0.0, 0.0)])
def test_boundaries_count_within_half_a_second_and_three(late, near, far):
    scores = evaluate(TRUTH, form([1.0, 17.0 + late, 33.0 + late, 49.0 + late, 60.0], ["A", "B", "A", "C"]))
    assert (scores["Boundary F-measure"], scores["Boundary F-measure 3 s"]) == (near, far)


def test_one_section_has_no_boundaries_and_all_pairs():
    scores = evaluate(TRUTH, form([1.0, 60.0], ["A"]))
    assert scores["Boundary recall"] == 0 and 0 < scores["Pairwise F-measure"] < 1
    whole = form([0.0, 10.0], ["A"])
    assert set(evaluate(whole, whole).values()) == {1.0}


def test_nothing_equals_nothing_alone():
    assert set(evaluate(Sections.empty(), Sections.empty()).values()) == {1.0}
    assert set(evaluate(TRUTH, Sections.empty()).values()) == {0.0}


def test_short_sections_of_an_estimate_are_not_forgiven():
    restless = form([1.0, 17.0, 19.0, 33.0, 35.0, 49.0, 60.0], ["A", "x", "B", "y", "A", "C"])
    scores = evaluate(TRUTH, restless)
    assert scores["Boundary recall"] == 1 and scores["Boundary precision"] == pytest.approx(3 / 5)
    annotated = form([1.0, 17.0, 31.0, 33.0, 49.0, 60.0], ["A", "B", "stop", "A", "C"])
    assert evaluate(annotated, TRUTH)["Boundary F-measure"] == 1


def test_a_bar_between_sections_belongs_to_the_one_before():
    short = form([0.0, 2.0, 16.0, 18.0, 32.0, 33.0], ["pickup", "A", "break", "B", "end"])
    kept = without_short(short, 4.0)
    assert kept.labels.tolist() == ["A", "B"]
    assert kept.starts.tolist() == [0.0, 18.0] and kept.ends.tolist() == [18.0, 33.0]
    assert without_short(form([0.0, 1.0], ["A"]), 4.0).labels.tolist() == ["A"]
