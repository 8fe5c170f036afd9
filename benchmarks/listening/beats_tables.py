"""Tables of the benchmark of beats: one over all sets, then for each set the means and every recording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.listening.beats_data import SETS
from benchmarks.listening.beats_scores import BEAT, DOWNBEAT, MEASURES, METRE, METRE_TIME, OCTAVES, octave, score
from benchmarks.listening.calibration import beat_calibration
from benchmarks.recordings import Item
from benchmarks.report import table
from benchmarks.roles import ROLES
from benchmarks.tools import Answer, Tool, pace
from onpu.music import Beats
from onpu.training.evaluate import interval

SUMMED = (BEAT, DOWNBEAT, OCTAVES, METRE, METRE_TIME)
"""Measures of the first table."""
ERROR = "ECE"
NAN = float("nan")


@dataclass(frozen=True)
class Compared:
    """A set: its recordings and, for each tool, what it found in them. notes: what is to be said of a tool's row."""

    name: str
    items: list[Item]
    answers: dict[str, list[Answer]]
    notes: dict[str, str]

    @cached_property
    def scores(self) -> dict[str, list[dict[str, float]]]:
        """Tool -> the scores of each recording."""
        return {tool: [score(item.truth, answer.timeline) for item, answer in zip(self.items, answers, strict=True)]
                for tool, answers in self.answers.items()}


def listen(name: str, items: Sequence[Item], tools: Sequence[Tool], notes: Mapping[str, str]) -> Compared:
    """What each tool finds in each recording; the F-measures of beats are printed as it goes on."""
    answers: dict[str, list[Answer]] = {tool.name: [] for tool in tools}
    for item in items:
        for tool in tools:
            answers[tool.name].append(tool.call(item.path))
        found = [score(item.truth, answers[tool.name][-1].timeline) for tool in tools]
        print(name, item.name, *(f"{one[BEAT]:.3f} / {one[DOWNBEAT]:.3f}" for one in found), flush=True)
    return Compared(name, list(items), answers, dict(notes))


def column(scores: Sequence[Mapping[str, float]], measure: str) -> np.ndarray:
    """The values of a measure over the recordings that have it."""
    values = np.array([one[measure] for one in scores])
    return values[~np.isnan(values)]


def means(compared: Compared) -> dict[str, dict[str, float]]:
    """Tool -> measure -> mean over the recordings that have it; and the calibration error of confidences."""
    found = {tool: {measure: float(values.mean()) if len(values := column(scores, measure)) else NAN
                    for measure in MEASURES} for tool, scores in compared.scores.items()}
    for tool, answers in compared.answers.items():
        pairs = [(item.truth.require(Beats), answer.timeline.require(Beats))
                 for item, answer in zip(compared.items, answers, strict=True)]
        told = any((beats.confidence < 1).any() for _, beats in pairs)
        found[tool][ERROR] = beat_calibration(pairs) if told else NAN
    return found


def first_table(sets: Sequence[Compared], before: Mapping[tuple[str, str], float], earlier: str) -> str:
    """One row a set and measure: role, recordings, what was measured before, and each tool's mean with its interval.

    before: (set, measure) -> mean of the weights that `earlier` names.
    """
    tools = list(dict.fromkeys(tool for compared in sets for tool in compared.answers))
    rows: list[list[object]] = []
    for compared in sets:
        scores = compared.scores
        whole = means(compared)
        for measure in SUMMED:
            cells = {tool: column(one, measure) for tool, one in scores.items()}
            count = max(map(len, cells.values()))
            if count:
                rows.append([compared.name, ROLES[compared.name], str(count), measure,
                             before.get((compared.name, measure), NAN),
                             *(mean_with_interval(cells.get(tool, np.zeros(0))) for tool in tools)])
        rows.append([compared.name, ROLES[compared.name], str(len(compared.items)), f"{ERROR} of the beats' confidence",
                     before.get((compared.name, ERROR), NAN),
                     *(whole.get(tool, {}).get(ERROR, NAN) for tool in tools)])
    return table(["set", "role", "n", "measure", earlier, *tools], rows)


def mean_with_interval(values: np.ndarray) -> str:
    """`0.903 [0.861, 0.940]`: 95 % bootstrap interval of the mean."""
    if not len(values):
        return "-"
    low, high = interval(values)
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def set_part(compared: Compared) -> str:
    """Means of all measures, a row a tool, and the scores of every recording."""
    scores, whole = compared.scores, means(compared)
    used = [measure for measure in (*MEASURES, ERROR) if any(not np.isnan(one[measure]) for one in whole.values())]
    rows = [[tool + compared.notes.get(tool, ""), *(whole[tool][measure] for measure in used),
             pace(compared.items, answers)] for tool, answers in compared.answers.items()]
    each = [[item.name, *(_cell(scores[tool][number], octave(item.truth, answers[number].timeline))
                          for tool, answers in compared.answers.items())]
            for number, item in enumerate(compared.items)]
    shown = ", of each recording: beat F / downbeat F / AMLt (tempo found over true)"
    return (f"## {compared.name}: {SETS[compared.name]} ({len(each)}; role: {ROLES[compared.name]})\n\n"
            + table(["mean", *used, "x real time"], rows) + f"\n{compared.name}{shown}\n\n"
            + table(["recording", *compared.answers], each))


def _cell(scores: Mapping[str, float], ratio: str) -> str:
    values = " / ".join("-" if np.isnan(scores[name]) else f"{scores[name]:.3f}" for name in (BEAT, DOWNBEAT, OCTAVES))
    return values + ("" if ratio in ("1", "") else f" (×{ratio})")
