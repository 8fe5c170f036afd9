"""Drum measures: classes of General MIDI numbers, hits that are heard as one, means as the field takes them."""

import numpy as np
import pytest

from onpu.metrics.drums import classes, distinct, evaluate
from onpu.music import Drums
from onpu.music.drums import CLASSES

NAMES = list(CLASSES)


def drums(*hits):
    """Of (time, pitch) or (time, pitch, velocity)."""
    rows = sorted((time, pitch, *loud) for time, pitch, *loud in hits)
    return Drums(np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=int),
                 np.array([row[2] if len(row) > 2 else 100 for row in rows]), np.ones(len(rows)))


def test_numbers_fall_into_their_classes():
    named = {35: "Kick", 36: "Kick", 37: "Snare", 39: "Snare", 42: "Closed hi-hat", 44: "Closed hi-hat",
             46: "Open hi-hat", 41: "Tom", 50: "Tom", 51: "Ride", 53: "Ride", 49: "Crash", 55: "Crash", 52: "Crash",
             54: "Percussion", 56: "Percussion", 70: "Percussion", 81: "Percussion"}
    assert [NAMES[number] for number in classes(np.array(list(named)))] == list(named.values())
    assert classes(np.array([pitches[0] for pitches in CLASSES.values()])).tolist() == list(range(len(CLASSES)))


def test_perfect_estimate_scores_one():
    groove = drums(*((step * 0.25, pitch) for step, pitch in enumerate([36, 42, 38, 46, 36, 51, 49, 47, 54] * 4)))
    scores = evaluate(groove, groove)
    assert set(scores.values()) == {1.0} and len(scores) == 12


def test_means_are_over_what_the_reference_has():
    truth = drums((1, 36), (2, 36), (3, 38), (4, 38))
    found = drums((1, 36), (2, 36), (3, 38), (4.5, 38), (1, 42), (3, 49))
    scores = evaluate(truth, found)
    assert scores["Kick F"] == 1 and scores["Snare F"] == 0.5 and scores["Hi-hat F"] == 0 and scores["Crash F"] == 0
    assert scores["Kick, snare, hi-hat F"] == scores["Class F"] == 0.75
    assert scores["All hits F"] == pytest.approx(2 * 3 / (4 + 6))
    assert "Tom F" not in scores and "Ride F" not in scores


def test_open_and_closed_hi_hat_are_one_instrument():
    scores = evaluate(drums((1, 42), (2, 46)), drums((1, 46), (2, 42)))
    assert scores["Hi-hat F"] == scores["Kick, snare, hi-hat F"] == 1
    assert scores["Closed hi-hat F"] == scores["Open hi-hat F"] == scores["All hits F"] == 0
    heard = distinct(drums((1, 42), (1.01, 46), (2, 42)))
    assert list(zip(heard.times.tolist(), heard.pitches.tolist(), strict=True)) == [(1.01, 46), (2, 42)]


def test_hits_of_a_class_that_are_heard_as_one():
    heard = distinct(drums((1, 38, 60), (1.01, 39, 90), (1.005, 36, 80), (1.2, 38, 30)))
    assert heard.times.tolist() == [1, 1.005, 1.2]
    assert heard.velocities.tolist() == [90, 80, 30] and heard.pitches.tolist() == [38, 36, 38]


def test_nothing_against_nothing_is_right_and_against_something_wrong():
    some = drums((1, 36), (2, 42))
    assert set(evaluate(drums(), drums()).values()) == {1.0}
    assert set(evaluate(some, drums()).values()) == set(evaluate(drums(), some).values()) == {0.0}
