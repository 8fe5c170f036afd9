"""Tables of scores: what is averaged, over what, and how sure one can be."""

import csv
from importlib.metadata import version

import numpy as np
import pytest
import tiny
import torch

from onpu.data.recordings import Item
from onpu.errors import DataError
from onpu.trained import TrainedListener
from onpu.training.evaluate import Row, by_kind, evaluate, mean_scores, summary, write_csv

ROWS = [Row("a", {"F": 1.0, "G": 0.5}), Row("b", {"F": 0.0}), Row("c", {"F": 0.8, "G": 0.7})]


def test_a_measure_is_averaged_over_the_recordings_that_have_it():
    assert mean_scores(ROWS) == pytest.approx({"F": 0.6, "G": 0.6})
    first, second = summary(ROWS)
    assert (first["measure"], first["mean"], first["median"], first["items"]) == ("F", 0.6, 0.8, 3)
    assert (second["measure"], second["items"]) == ("G", 2)
    assert first["tool"] == f"mir_eval {version('mir_eval')}"


def test_a_kind_with_many_recordings_rules_no_more_than_one_with_few():
    """Nine pianos found and one metal song lost are half right, in whatever order; a measure that a kind lacks is the
    mean of the others."""
    pianos = [Row(f"piano {number}", {"F": 1.0, "G": 0.5}, "piano") for number in range(9)]
    metal = Row("metal", {"F": 0.0}, "heavy")
    for rows in ([*pianos, metal], [*pianos[:4], metal, *pianos[4:]]):
        assert mean_scores(rows) == pytest.approx({"F": 0.5, "G": 0.5})
    assert [(kind, len(rows)) for kind, rows in by_kind([*pianos, metal]).items()] == [("piano", 9), ("heavy", 1)]


def test_the_interval_is_that_of_the_mean():
    """For many recordings the bootstrap agrees with the normal approximation, mean ± 1.96 s / √n."""
    values = np.random.default_rng(1).beta(5, 2, size=200)
    (score,) = summary([Row(str(i), {"F": value}) for i, value in enumerate(values)])
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert score["low"] == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert score["high"] == pytest.approx(values.mean() + half, abs=0.1 * half)
    (certain,) = summary([Row("a", {"F": 0.25}), Row("b", {"F": 0.25})])
    assert certain["low"] == certain["high"] == 0.25


def test_the_table_has_a_line_a_recording_and_four_below(tmp_path):
    write_csv(ROWS, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert table[0] == ["recording", "F", "G", "tool"]
    assert table[2][:3] == ["b", "0.0000", ""]
    assert [line[0] for line in table[1:]] == ["a", "b", "c", "mean", "median", "low", "high"]
    assert table[4][1] == "0.6000" and table[5][1] == "0.8000"
    assert all(len(line) == 4 for line in table)


def test_recordings_are_opened_and_compared_with_their_labels(corpus):
    torch.manual_seed(0)
    trained = TrainedListener.build(tiny.LISTENER, tiny.RECIPE)
    perfect = TrainedListener(trained.listener, trained.recipe, trained.features, trained.network)
    object.__setattr__(perfect, "decode", lambda activations, duration, options: corpus.timeline(2))
    names = []
    rows = evaluate(perfect, [Item("two", corpus.path(2), corpus.timeline(2))], progress=names.append)
    assert names == ["two"] and rows[0].scores["Recall"] == 1.0
    with pytest.raises(DataError, match="no annotated recording"):
        evaluate(perfect, [])
