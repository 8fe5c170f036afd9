"""The measures are those of mir_eval; calibration is what its definition says."""

import mir_eval
import numpy as np
import pytest

from onpu.metrics import chords
from onpu.music import Chords

LABELS = ("C:maj", "A:min7", "F:maj7", "G:7/3", "N", "D:sus4", "B:hdim7/b5", "E:aug", "Bb:min6", "X", "C#:9", "E:5")


def of(*rows: tuple[float, float, str], confidence: float = 1.0) -> Chords:
    starts, ends, labels = zip(*rows, strict=True)
    return Chords(np.array(starts, float), np.array(ends, float), np.array(labels), np.full(len(rows), confidence))


def drawn(seed: int, end: float = 40.0) -> Chords:
    rng = np.random.default_rng(seed)
    cuts = np.concatenate(([0.0], np.sort(rng.uniform(0, end, 24)), [end]))
    return of(*zip(cuts[:-1], cuts[1:], rng.choice(LABELS, 25), strict=True))


NOTHING = Chords(np.zeros(0), np.zeros(0), np.zeros(0, np.str_), np.zeros(0))


@pytest.mark.parametrize("seed", range(5))
def test_all_measures_are_those_of_mir_eval(seed):
    truth, found = drawn(seed), drawn(seed + 100)
    half = Chords(found.starts[:13], found.ends[:13], np.where(truth.labels[:13] == "N", "C", truth.labels[:13]),
                  found.confidence[:13])
    for estimate in (found, half, truth):
        expected = mir_eval.chord.evaluate(
            np.column_stack((truth.starts, truth.ends)), truth.labels.tolist(),
            np.column_stack((estimate.starts, estimate.ends)), estimate.labels.tolist())
        assert chords.evaluate(truth, estimate) == pytest.approx(dict(expected), abs=1e-9)


def test_perfect_estimate_scores_one():
    assert all(value == pytest.approx(1) for value in chords.evaluate(drawn(1), drawn(1)).values())
    assert set(chords.evaluate(NOTHING, NOTHING).values()) == {1.0}


def test_gaps_are_no_chord():
    truth, silent = of((1, 2, "C:maj"), (3, 4, "G:maj")), of((0, 1, "N"), (1, 2, "C:maj"), (2, 3, "N"), (3, 4, "G"))
    assert chords.evaluate(truth, silent) == pytest.approx(chords.evaluate(truth, truth))
    assert chords.evaluate(truth, NOTHING)["root"] == pytest.approx(0.5)
    assert chords.evaluate(NOTHING, of((0, 4, "C:maj")))["root"] == 0
    assert chords.evaluate(truth, of((0, 4, "C:maj"), (4, 90, "D:min")))["root"] == pytest.approx(0.25)


def test_a_measure_without_anything_to_compare_is_missing():
    scores = chords.evaluate(of((0, 1, "C:sus4")), of((0, 1, "C:maj")))
    assert "majmin" not in scores and scores["root"] == 1 and scores["triads"] == 0


def test_a_power_chord_is_neither_major_nor_minor():
    power = of((0, 1, "E:5"))
    for answer, triads in (("E:5", 1), ("E:maj", 0), ("E:min", 0)):
        scores = chords.evaluate(power, of((0, 1, answer)))
        assert not {"majmin", "sevenths"} & set(scores)
        assert (scores["root"], scores["triads"], scores["tetrads"]) == (1, triads, triads)
    for truth in ("E:maj", "E:min"):
        scores = chords.evaluate(of((0, 1, truth)), power)
        assert (scores["root"], scores["majmin"], scores["triads"]) == (1, 0, 0)


def test_shorthands_unknown_to_mir_eval_are_compared():
    assert chords.evaluate(of((0, 1, "C:aug7")), of((0, 1, "C:aug(b7)")))["tetrads"] == 1
    assert chords.evaluate(of((0, 1, "C:aug7(9)/3")), of((0, 1, "C:aug")))["triads"] == 1
    assert chords.evaluate(of((0, 1, "C:aug7")), of((0, 1, "C:aug")))["tetrads"] == 0
    assert chords.evaluate(of((0, 1, "C:maj11")), of((0, 1, "C:maj7")))["tetrads"] == 1


def test_corpus_score_weighs_by_time():
    right = of((0, 30, "C:maj"))
    wrong = of((0, 10, "C:maj")), of((0, 10, "D:maj"))
    assert chords.corpus_wcsr([(right, right), wrong])["root"] == pytest.approx(0.75)
    sus = of((0, 60, "C:sus4"))
    assert chords.corpus_wcsr([(right, right), wrong, (sus, wrong[1])])["majmin"] == pytest.approx(0.75)


def test_calibration_by_hand():
    truth = of((0, 10, "C:maj"), (10, 20, "G:maj"), (20, 30, "X"))
    found = Chords(np.array([0.0, 8, 20]), np.array([8.0, 20, 30]), np.array(["C:maj", "G:maj", "A:min"]),
                   np.array([0.95, 0.55, 0.1]))
    error, table = chords.calibration([(truth, found)])
    assert error == pytest.approx((8 * 0.05 + 12 * abs(10 / 12 - 0.55)) / 20)
    assert [(row.seconds, row.right) for row in table if row.seconds] == [(12, pytest.approx(10 / 12)), (8, 1)]


def test_calibration_of_honest_confidence_is_zero():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0, 1, 20_000)
    labels = np.where(rng.uniform(0, 1, 20_000) < sure, "C:maj", "D:maj")
    starts = np.arange(20_000.0)
    found = Chords(starts, starts + 1, labels, sure)
    error, table = chords.calibration([(of((0, 20_000, "C:maj")), found)])
    assert error < 0.02 and len(table) == 10
    assert chords.calibration([(of((0, 9, "X")), of((0, 9, "C:maj")))])[1] == []
