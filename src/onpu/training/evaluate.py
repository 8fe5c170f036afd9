"""Scores of a trained system on annotated recordings: a row each, mean, median, confidence interval."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from onpu.data.recordings import Item
from onpu.errors import DataError, OnpuError
from onpu.files import Json, replacing
from onpu.music import Timeline
from onpu.trained import TrainedListener

BOOTSTRAP_DRAWS = 10_000
TOOL = f"mir_eval {version('mir_eval')}"


@dataclass(frozen=True)
class Row:
    """Name of a recording and its scores, measure -> value; a measure may be missing where it has no meaning.

    kind: of the music, as the validation corpus tells it; empty: not told.
    """

    name: str
    scores: dict[str, float]
    kind: str = ""


def evaluate(trained: TrainedListener, items: Iterable[Item], options: object = None,
             progress: Callable[[str], None] | None = None,
             refused: Callable[[OnpuError], None] | None = None) -> list[Row]:
    """Run a system over recordings and compare with their labels.

    options: of the decoder. The rest, and what is raised: see `scored`.
    """
    return scored(partial(trained.timeline, options=options), trained.listener.metric, items, progress, refused)


def scored(hear: Callable[[Path], Timeline], metric: Callable[[Timeline, Timeline], dict[str, float]],
           items: Iterable[Item], progress: Callable[[str], None] | None = None,
           refused: Callable[[OnpuError], None] | None = None) -> list[Row]:
    """Compare what is heard in recordings with their labels.

    hear: path -> what is found. metric: (labels, what is found) -> scores. progress: called with the name of each
    finished recording. refused: called with what is wrong with a recording that cannot be used, which is then left out;
    None: that is raised. Raises `DataError` when there are no recordings.
    """
    rows = []
    for item in items:
        try:
            found = hear(item.audio)
        except OnpuError as error:
            if refused is None:
                raise
            refused(error)
            continue
        rows.append(Row(item.name, metric(item.timeline, found)))
        if progress is not None:
            progress(item.name)
    if not rows:
        raise DataError("nothing to evaluate: the data hold no annotated recording")
    return rows


def measures(rows: Sequence[Row]) -> list[str]:
    """All measures, in the order in which they first appear."""
    return list(dict.fromkeys(name for row in rows for name in row.scores))


def mean_scores(rows: Sequence[Row]) -> dict[str, float]:
    """Measure -> mean over the kinds of music of each kind's mean, so that a kind with many recordings rules no more
    than one with few. Recordings count where they have the measure; all of one kind: the mean over them."""
    kinds = by_kind(rows)
    return {name: float(np.mean([_column(kind, name).mean() for kind in kinds.values() if name in measures(kind)]))
            for name in measures(rows)}


def criterion_score(means: Mapping[str, float], criterion: Iterable[str]) -> float:
    """Mean of the measures that choose the best weights; 0 where there is none."""
    judged = [means[name] for name in criterion if name in means]
    return float(np.mean(judged)) if judged else 0.0


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Kind -> its recordings, in the order in which the kinds first appear."""
    return {kind: [row for row in rows if row.kind == kind] for kind in dict.fromkeys(row.kind for row in rows)}


def summary(rows: Sequence[Row]) -> list[Json]:
    """For each measure: measure, mean, median, low, high, items, tool.

    low, high: see `interval`.
    """
    table = []
    for name in measures(rows):
        values = _column(rows, name)
        low, high = interval(values)
        table.append({"measure": name, "mean": round(float(values.mean()), 4),
                      "median": round(float(np.median(values)), 4), "low": round(low, 4), "high": round(high, 4),
                      "items": len(values), "tool": TOOL})
    return table


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % confidence interval of the mean of values (n,), by bootstrap: percentiles of `BOOTSTRAP_DRAWS` resamples."""
    draws = np.random.default_rng(0).integers(len(values), size=(BOOTSTRAP_DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def write_csv(rows: Sequence[Row], path: str | Path) -> None:
    """A line a recording, then mean, median and the confidence interval; the last column names the tool."""
    names = measures(rows)
    whole = {score["measure"]: score for score in summary(rows)}
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["recording", *names, "tool"])
        for row in rows:
            scores = (f"{row.scores[name]:.4f}" if name in row.scores else "" for name in names)
            table.writerow([row.name, *scores, TOOL])
        for statistic in ("mean", "median", "low", "high"):
            table.writerow([statistic, *(f"{whole[name][statistic]:.4f}" for name in names), TOOL])


def _column(rows: Sequence[Row], name: str) -> np.ndarray:
    return np.array([row.scores[name] for row in rows if name in row.scores])
