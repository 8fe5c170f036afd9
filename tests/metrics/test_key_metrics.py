"""The key scores are those of MIREX and of mir_eval."""

import mir_eval
import numpy as np
import pytest

from onpu.metrics import key
from onpu.music import Key
from onpu.music.spelling import key_label

ALL = [(tonic, mode) for tonic in range(12) for mode in ("major", "minor")]


def of(*labels: str) -> Key:
    return Key(np.array(labels, np.str_), np.full(len(labels), 0.5))


@pytest.mark.parametrize("truth", ALL)
def test_default_score_is_that_of_mir_eval(truth):
    for found in ALL:
        expected = mir_eval.key.weighted_score(key_label(*truth).replace(":", " "), key_label(*found).replace(":", " "))
        assert key.weighted_score(key_label(*truth), key_label(*found), both_fifths=False) == expected


@pytest.mark.parametrize(("truth", "found", "score"), [
    ("C:major", "C:major", 1.0), ("C:major", "G:major", 0.5), ("C:major", "F:major", 0.5), ("C:major", "A:minor", 0.3),
    ("A:minor", "C:major", 0.3), ("C:major", "C:minor", 0.2), ("C:major", "D:minor", 0.0), ("C#:major", "Db:major", 1),
    ("A:minor", "D:minor", 0.5), ("A:dorian", "A:minor", 1.0), ("G:mixolydian", "G:major", 1.0)])
def test_mirex_score(truth, found, score):
    assert key.evaluate(of(truth), of(found, "B:major"))["MIREX score"] == score


def test_nothing_against_nothing_is_right_and_against_something_wrong():
    assert set(key.evaluate(of(), of()).values()) == {1.0}
    assert set(key.evaluate(of("C:major"), of()).values()) == {0.0}


@pytest.mark.parametrize(("sharps", "found", "fifths"), [
    (0, "A:minor", 0), (-3, "Eb:major", 0), (6, "Gb:major", 0), (-6, "F#:major", 0), (0, "G:major", 1),
    (5, "Db:major", 2), (0, "D:dorian", 0), (1, "F#:major", 5)])
def test_distance_to_a_signature(sharps, found, fifths):
    assert key.signature_distance(sharps, found) == fifths
