"""Chord measures (mir_eval.chord).

Conventions: the weighted chord symbol recall (WCSR) of a level is the share of the time at which two labels agree, of
the time at which the level can compare them: majmin leaves out what is neither major nor minor, sevenths what is no
major or minor triad or seventh chord, all leave out X. Levels that end in _inv want the same bass, too. overseg,
underseg and seg are one minus the directional Hamming distance (Harte, 2010). Where the reference has no segment, N
is meant, from zero to its end; an estimate is judged within that span. A measure is missing where nothing can be
compared.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import mir_eval
import numpy as np

from onpu.music import Chords

Pair = tuple[Chords, Chords]

_LEVELS: dict[str, Callable[[list[str], list[str]], np.ndarray]] = {
    name: getattr(mir_eval.chord, name) for name in (
        "root", "majmin", "mirex", "thirds", "triads", "sevenths", "tetrads", "majmin_inv", "thirds_inv", "triads_inv",
        "sevenths_inv", "tetrads_inv")}
LEVELS = tuple(_LEVELS)
"""Levels of comparison, by mir_eval's names."""
SEGMENTATION = ("overseg", "underseg", "seg")
"""Measures that look at the borders alone."""

_UNKNOWN = {":aug7(": ":aug(b7,", ":aug7": ":aug(b7)", ":maj11": ":maj9"}


class Bin(NamedTuple):
    """Estimated segments of about equal confidence: its bounds; their seconds; their mean confidence, and the share of
    their time that is right, both weighted by time (NaN where there are none)."""

    low: float
    high: float
    seconds: float
    confidence: float
    right: float


def evaluate(reference: Chords, estimate: Chords) -> dict[str, float]:
    """Score chords against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated chords, and those that were found.

    Returns
    -------
    dict
        The weighted chord symbol recall of each level of comparison (`LEVELS`), then `overseg`, `underseg` and `seg`
        (`SEGMENTATION`), each in [0, 1]; all 1 where both are empty.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.chords import evaluate
    >>> from onpu.music import Chords
    >>> edges = np.array([0.0, 2.0, 4.0])
    >>> reference = Chords(edges[:2], edges[1:], np.array(["C:maj", "A:min7"]), np.ones(2))
    >>> estimate = Chords(edges[:2], edges[1:], np.array(["C:maj", "A:min"]), np.ones(2))
    >>> scores = evaluate(reference, estimate)
    >>> scores["majmin"], scores["sevenths"], scores["seg"]
    (1.0, 0.5, 1.0)
    """
    reference, estimate = _spanned(reference, estimate)
    if not len(reference.starts):
        return dict.fromkeys((*LEVELS, *SEGMENTATION), 1.0)
    scores = corpus_wcsr([(reference, estimate)])
    merged = [mir_eval.chord.merge_chord_intervals(_intervals(chords), _labels(chords))
              for chords in (reference, estimate)]
    scores["overseg"] = float(mir_eval.chord.overseg(*merged))
    scores["underseg"] = float(mir_eval.chord.underseg(*merged))
    return scores | {"seg": min(scores["overseg"], scores["underseg"])}


def corpus_wcsr(pairs: Iterable[Pair]) -> dict[str, float]:
    """WCSR of every level over the time of all recordings together; pairs: (reference, estimate) of each."""
    right, compared = dict.fromkeys(LEVELS, 0.0), dict.fromkeys(LEVELS, 0.0)
    for reference, estimate in pairs:
        reference, estimate = _spanned(reference, estimate)
        seconds, agrees = _compared(reference, estimate, LEVELS)[1:]
        for level, verdict in agrees.items():
            known = verdict >= 0
            right[level] += float(seconds[known] @ verdict[known])
            compared[level] += float(seconds[known].sum())
    return {level: right[level] / compared[level] for level in LEVELS if compared[level] > 0}


def calibration(pairs: Iterable[Pair], level: str = "tetrads", bins: int = 10) -> tuple[float, list[Bin]]:
    """Expected calibration error of the estimates' confidence, and the bins that it is computed from.

    For each estimated segment its confidence is held against the share of its time that is right at the level (time
    that the level cannot compare is left out); the error is the mean distance of the two over bins of equal width,
    weighted by time (Naeini, Cooper & Hauskrecht, AAAI 2015). NaN where no time can be compared.
    """
    edges = np.linspace(0, 1, bins + 1)
    time, confident, right = np.zeros((3, bins))
    for reference, estimate in pairs:
        middles, seconds, agrees = _compared(*_spanned(reference, estimate), (level,))
        owner = np.searchsorted(estimate.starts, middles, side="right") - 1
        inside = (owner >= 0) & (agrees[level] >= 0)
        inside[inside] = middles[inside] < estimate.ends[owner[inside]]
        owner, seconds, verdict = owner[inside], seconds[inside], agrees[level][inside]
        place = np.minimum((estimate.confidence[owner] * bins).astype(int), bins - 1)
        np.add.at(time, place, seconds)
        np.add.at(confident, place, seconds * estimate.confidence[owner])
        np.add.at(right, place, seconds * verdict)
    if not time.sum():
        return float("nan"), []
    safe = np.where(time > 0, time, np.nan)
    table = [Bin(*map(float, row)) for row in zip(edges[:-1], edges[1:], time, confident / safe, right / safe,
                                                  strict=True)]
    return float(np.abs(confident - right).sum() / time.sum()), table


def filled(chords: Chords, end: float) -> Chords:
    """The same from zero to `end` seconds: what lies beyond is cut off, and gaps become N with confidence 1."""
    rows: list[tuple[float, float, str, float]] = []
    now = 0.0
    for start, stop, label, confidence in zip(chords.starts.tolist(), np.minimum(chords.ends, end).tolist(),
                                              map(str, chords.labels), chords.confidence.tolist(), strict=True):
        if stop <= max(start, now):
            continue
        if start > now:
            rows.append((now, start, "N", 1.0))
        rows.append((max(start, now), stop, label, confidence))
        now = stop
    if now < end:
        rows.append((now, end, "N", 1.0))
    starts, ends, labels, confidences = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Chords(np.array(starts, float), np.array(ends, float), np.array(labels, np.str_),
                  np.array(confidences, float))


def _spanned(reference: Chords, estimate: Chords) -> Pair:
    """Both without gaps, over the span of the reference, or of the estimate where the reference is empty."""
    ends = reference.ends if len(reference.ends) else estimate.ends
    end = float(ends.max(initial=0.0))
    return filled(reference.validate(), end), filled(estimate.validate(), end)


def _compared(reference: Chords, estimate: Chords, levels: Sequence[str]
              ) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Stretches without a change in either, (n,): their middles and lengths in seconds, and level -> 1 right, 0 wrong,
    -1 not comparable. Both arguments span the same time."""
    cuts = np.unique(np.concatenate((reference.starts, reference.ends, estimate.starts, estimate.ends)))
    middles, seconds = (cuts[:-1] + cuts[1:]) / 2, np.diff(cuts)
    labels = [np.array(_labels(chords), np.str_)[np.searchsorted(chords.starts, middles, side="right") - 1]
              if len(middles) else np.zeros(0, np.str_) for chords in (reference, estimate)]
    pairs = sorted(set(zip(*(column.tolist() for column in labels), strict=True)))
    number = {pair: index for index, pair in enumerate(pairs)}
    each = np.array([number[pair] for pair in zip(*(column.tolist() for column in labels), strict=True)], int)
    truth, found = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return middles, seconds, {level: np.asarray(_LEVELS[level](truth, found), float)[each] if pairs else np.zeros(0)
                              for level in levels}


def _intervals(chords: Chords) -> np.ndarray:
    return np.column_stack((chords.starts, chords.ends))


def _labels(chords: Chords) -> list[str]:
    """Labels with the shorthands that mir_eval does not know written by their degrees, or reduced."""
    out = []
    for label in map(str, chords.labels):
        shorthand = next((known for known in _UNKNOWN if known in label), None)
        out.append(label if shorthand is None else label.replace(shorthand, _UNKNOWN[shorthand]))
    return out
