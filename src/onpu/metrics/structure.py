"""Measures of sections (mir_eval.segment): boundaries, and which parts are alike.

Conventions: boundaries within 0.5 s and 3 s (Turnbull et al. 2007; MIREX), the recording's own beginning and end not
counted; pairwise F-measure of labels (Levy & Sandler 2008) over frames of 0.1 s. Annotated sections shorter than
`LEAST_SECONDS`, such as a bar in which the band stops, and the last chord, belong to the one before them; those of an
estimate stay, and count as errors. Where both have no boundary, boundaries score 1.
"""

import mir_eval
import numpy as np

from onpu.music import Sections

LEAST_SECONDS = 4.0
WINDOWS = (0.5, 3.0)
MEASURES = ("precision", "recall", "F-measure")


def evaluate(reference: Sections, estimate: Sections) -> dict[str, float]:
    """Score sections against annotated ones.

    Parameters
    ----------
    reference, estimate
        In order and without overlaps.

    Returns
    -------
    dict
        `Boundary precision`, `Boundary recall` and `Boundary F-measure`, of 0.5 s and, with ` 3 s` behind them, of 3 s;
        `Pairwise F-measure` of the labels; all in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.structure import evaluate
    >>> from onpu.music import Sections
    >>> def form(edges, labels):
    ...     return Sections(np.array(edges[:-1]), np.array(edges[1:]), np.array(labels), np.ones(len(labels)))
    >>> scores = evaluate(form([0.0, 10.0, 20.0, 30.0], ["A", "B", "A"]), form([0.0, 10.2, 30.0], ["A", "B"]))
    >>> round(scores["Boundary F-measure"], 3), round(scores["Pairwise F-measure"], 3)
    (0.667, 0.589)
    """
    truth, found = without_short(reference, LEAST_SECONDS), estimate
    scores: dict[str, float] = {}
    if not len(truth) or not len(found):
        both = float(len(truth) == len(found))
        names = [f"Boundary {name}{_suffix(window)}" for window in WINDOWS for name in MEASURES]
        return dict.fromkeys((*names, "Pairwise F-measure"), both)
    end = float(truth.ends[-1])
    sides = [_to_end(value, float(truth.starts[0]), end) for value in (truth, found)]
    for window in WINDOWS:
        values = boundaries(sides[0][0], sides[1][0], window)
        scores |= {f"Boundary {name}{_suffix(window)}": value for name, value in zip(
            MEASURES, values, strict=True)}
    pairwise = mir_eval.segment.pairwise(*sides[0], *sides[1])
    return scores | {"Pairwise F-measure": float(pairwise[2])}


def boundaries(truth: np.ndarray, found: np.ndarray, window: float) -> tuple[float, float, float]:
    """Precision, recall and F-measure of the inner boundaries of intervals (n, 2)."""
    if len(truth) == 1 or len(found) == 1:
        both = float(len(truth) == len(found))
        return both, both, both
    precision, recall, f_measure = mir_eval.segment.detection(truth, found, window=window, trim=True)
    return float(precision), float(recall), float(f_measure)


def without_short(sections: Sections, least: float) -> Sections:
    """The sections, of which those shorter than `least` seconds belong to the one before, or else to the one after."""
    starts, labels = sections.starts.tolist(), sections.labels.tolist()
    ends, sure = sections.ends.tolist(), sections.confidence.tolist()
    number = 0
    while number < len(starts):
        if len(starts) > 1 and ends[number] - starts[number] < least:
            near = number - 1 if number else 1
            starts[near], ends[near] = min(starts[near], starts[number]), max(ends[near], ends[number])
            for column in (starts, ends, labels, sure):
                del column[number]
            number = max(0, number - 1)
        else:
            number += 1
    return Sections(np.array(starts), np.array(ends), np.array(labels, dtype=np.str_), np.array(sure))


def _to_end(sections: Sections, start: float, end: float) -> tuple[np.ndarray, list[str]]:
    """Intervals (n, 2) without gaps between these times, the first of which is 0 here, and labels, as mir_eval has
    them."""
    edges = np.clip(np.append(sections.starts, end), start, end) - start
    edges[0] = 0.0
    kept = np.diff(edges) > 1e-6
    return np.column_stack([edges[:-1], edges[1:]])[kept], [
        str(label) for label, own in zip(sections.labels, kept, strict=True) if own]


def _suffix(window: float) -> str:
    return "" if window == WINDOWS[0] else f" {window:g} s"
