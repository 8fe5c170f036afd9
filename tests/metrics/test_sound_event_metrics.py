"""Sound events by segments, against the definitions worked by hand."""

import pytest

from onpu.metrics.events import evaluate
from onpu.music.events import Events


def events(*rows):
    return Events.of([(*row, 1.0) for row in rows]).validate()


def test_substitutions_count_once():
    """Second 0: right. 1: rain for wind. 2: nothing for wind. 3: birds for nothing."""
    truth = events((0.0, 1.0, "rain"), (1.0, 3.0, "wind"))
    found = events((0.0, 2.0, "rain"), (3.0, 4.0, "birds"))
    scores = evaluate(truth, found, 4.0)
    assert scores["Error rate"] == pytest.approx((1 + 1 + 1) / 3)
    assert (scores["Precision"], scores["Recall"]) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_an_event_counts_in_each_second_that_it_touches_and_once_in_it():
    truth = events((0.9, 1.1, "rain"))
    assert evaluate(truth, events((0.0, 0.1, "rain"), (0.2, 0.3, "rain"), (1.0, 2.0, "rain")), 3.0)["F-measure"] == 1
    assert evaluate(truth, events((2.0, 3.0, "rain")), 3.0) == {
        "F-measure": 0.0, "Precision": 0.0, "Recall": 0.0, "Error rate": 1.5}


def test_nothing_found_and_nothing_there():
    nothing, rain = events(), events((0.0, 2.0, "rain"))
    assert evaluate(nothing, nothing, 2.0) == {"F-measure": 1.0, "Precision": 1.0, "Recall": 1.0, "Error rate": 0.0}
    assert evaluate(rain, nothing, 2.0)["Error rate"] == 1.0
    assert evaluate(nothing, rain, 2.0)["Error rate"] == 2.0 and evaluate(nothing, rain, 2.0)["F-measure"] == 0


def test_sounds_that_nobody_knows_count_too():
    assert evaluate(events((0.0, 1.0, "whale")), events((0.0, 1.0, "whale")), 1.0)["F-measure"] == 1
