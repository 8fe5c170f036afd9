"""Onset measures are mir_eval's, over onsets that are heard as one."""

import mir_eval
import numpy as np
import pytest

from onpu.metrics.onsets import evaluate, merged
from onpu.music import Onsets


def onsets(times):
    return Onsets(np.asarray(times, dtype=float), np.ones(len(times)))


def test_perfect_estimate_scores_one():
    times = np.arange(0.3, 20, 0.21)
    assert set(evaluate(onsets(times), onsets(times)).values()) == {1.0}


def test_agrees_with_mir_eval():
    rng = np.random.default_rng(2)
    truth = np.cumsum(rng.uniform(0.1, 0.6, 80))
    found = np.sort(np.concatenate([truth[::2] + rng.normal(0, 0.03, 40), rng.uniform(0, 20, 15)]))
    found = merged(found)
    scores = evaluate(onsets(truth), onsets(found))
    expected = mir_eval.onset.f_measure(truth, found, window=0.05)
    assert (scores["Onset F-measure"], scores["Onset precision"], scores["Onset recall"]) == expected
    assert scores["Onset F-measure 25 ms"] == mir_eval.onset.f_measure(truth, found, window=0.025)[0] < expected[0]


def test_a_chord_is_one_onset():
    assert merged(np.array([1.02, 0.5, 1.0, 1.04, 1.06])).tolist() == [0.5, 1.0, 1.04]
    chord = onsets([0.5, 1.0, 1.01, 1.02])
    assert set(evaluate(chord, onsets([0.5, 1.0])).values()) == {1.0}


@pytest.mark.parametrize(("truth", "found", "score"), [([], [], 1), ([1.0], [], 0), ([], [1.0], 0)])
def test_nothing_against_nothing_is_right_and_against_something_wrong(truth, found, score):
    assert set(evaluate(onsets(truth), onsets(found)).values()) == {score}
