"""Areas under curves against counting pairs, and what tags and instruments are scored by."""

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.metrics.instruments import evaluate as instruments
from onpu.metrics.tags import average_precision, evaluate, roc_auc
from onpu.music import Instruments, Tags, Timeline


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_share_of_pairs_in_order(seed):
    rng = np.random.default_rng(seed)
    truth, scores = rng.random(60) < 0.3, np.round(rng.random(60), 1)
    pairs = [np.sign(a - b) / 2 + 0.5 for a in scores[truth] for b in scores[~truth]]
    assert roc_auc(truth, scores) == pytest.approx(np.mean(pairs))


def test_average_precision_of_a_known_ranking():
    assert average_precision(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([1, 0, 0, 0]), np.full(4, 0.5)) == pytest.approx(0.25), "ties say nothing"


def test_where_all_are_alike_there_is_no_area():
    assert np.isnan(roc_auc(np.ones(3), np.arange(3.0))) and np.isnan(average_precision(np.zeros(3), np.arange(3.0)))


def test_tags_of_a_written_piece_follow_from_its_notes():
    song = compose(2, "reggae", 15.0).timeline
    own = song.tags.select(np.array([label.partition(":")[0] not in ("kind", "style") for label in song.tags.labels]))
    assert evaluate(song, Timeline(15.0, tags=own)) == {"F-measure": 1, "Precision": 1, "Recall": 1, "Genre": 1}
    wrong = Tags(np.array(["genre:metal", *own.labels[1:]]), np.ones(len(own)))
    scores = evaluate(song, Timeline(15.0, tags=wrong))
    assert scores["Genre"] == 0 and scores["F-measure"] == pytest.approx(1 - 1 / len(own))


def test_instruments_are_counted_second_by_second():
    def band(*rows):
        starts, ends, labels = zip(*rows, strict=True)
        return Instruments(np.array(starts, float), np.array(ends, float), np.array(labels), np.ones(len(rows)))

    truth, found = band((0, 10, "piano"), (0, 5, "drums")), band((0, 8, "piano"), (5, 10, "drums"))
    scores = instruments(truth, found, 10.0)
    assert scores["Precision"] == pytest.approx(8 / 13) and scores["Recall"] == pytest.approx(8 / 15)
    assert instruments(Instruments.empty(), Instruments.empty(), 10.0)["F-measure"] == 1
