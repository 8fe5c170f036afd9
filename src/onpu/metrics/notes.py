"""Note measures (mir_eval.transcription) and frame measures.

Conventions: a note is found when its onset lies within ±50 ms and its pitch within ±50 cents, each reference note once;
with offset also within the larger of 50 ms and a fifth of its length; with velocity also within a tenth of full scale
after a linear fit. Frame precision, recall and F-measure compare sets of rounded pitches every 10 ms. An empty
reference with an empty estimate scores 1.
"""

import mir_eval
import numpy as np

from onpu.music import Notes

MEASURES = ("Note precision", "Note recall", "Note F-measure", "Note-with-offset F-measure",
            "Note-with-velocity F-measure", "Frame precision", "Frame recall", "Frame F-measure")
FRAMES_PER_SECOND = 100
"""Frames a second of the frame measures."""


def evaluate(reference: Notes, estimate: Notes) -> dict[str, float]:
    """Score notes against annotated ones.

    Parameters
    ----------
    reference, estimate
        Annotated notes, and those that were found.

    Returns
    -------
    dict
        `Note precision`, `Note recall`, `Note F-measure`, `Note-with-offset F-measure`, `Note-with-velocity F-measure`,
        and `Frame precision`, `Frame recall`, `Frame F-measure`, each in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.notes import evaluate
    >>> from onpu.music import Notes
    >>> def notes(onsets, offsets):
    ...     count = len(onsets)
    ...     return Notes(np.array(onsets), np.array(offsets), np.array([60.0, 64.0])[:count], np.full(count, 80),
    ...                  np.zeros(count, int), np.ones(count))
    >>> scores = evaluate(notes([0.0, 1.0], [1.0, 2.0]), notes([0.02], [0.5]))
    >>> round(scores["Note F-measure"], 3), scores["Note-with-offset F-measure"]
    (0.667, 0.0)
    """
    if not len(reference.onsets) or not len(estimate.onsets):
        alike = float(len(reference.onsets) == len(estimate.onsets))
        return dict.fromkeys(MEASURES, alike)
    truth, found = _columns(reference), _columns(estimate)
    precision, recall, both, _ = mir_eval.transcription.precision_recall_f1_overlap(*truth, *found, offset_ratio=None)
    ended = mir_eval.transcription.precision_recall_f1_overlap(*truth, *found)[2]
    struck = mir_eval.transcription_velocity.precision_recall_f1_overlap(
        *truth, reference.velocities, *found, estimate.velocities)[2]
    return {"Note precision": float(precision), "Note recall": float(recall), "Note F-measure": float(both),
            "Note-with-offset F-measure": float(ended), "Note-with-velocity F-measure": float(struck)
            } | frame_scores(reference, estimate)


def frame_scores(reference: Notes, estimate: Notes) -> dict[str, float]:
    """Precision, recall and F-measure of the pitches that sound."""
    count = int(np.ceil(FRAMES_PER_SECOND * max(reference.offsets.max(initial=0), estimate.offsets.max(initial=0)))) + 1
    truth, found = roll(reference, count), roll(estimate, count)
    hits = float((truth & found).sum())
    precision, recall = hits / max(float(found.sum()), 1), hits / max(float(truth.sum()), 1)
    return {"Frame precision": precision, "Frame recall": recall,
            "Frame F-measure": 2 * precision * recall / max(precision + recall, 1e-9)}


def roll(notes: Notes, count: int) -> np.ndarray:
    """What sounds in each of `count` frames: (128, count) bool."""
    out = np.zeros((128, count), dtype=bool)
    rows = np.clip(np.rint(notes.pitches), 0, 127).astype(int)
    firsts, lasts = (np.rint(FRAMES_PER_SECOND * times).astype(int) for times in (notes.onsets, notes.offsets))
    for row, first, last in zip(rows, firsts, lasts, strict=True):
        out[row, first : max(last, first + 1)] = True
    return out


def _columns(notes: Notes) -> tuple[np.ndarray, np.ndarray]:
    """Intervals in seconds, and Hz of the pitches rounded to semitones."""
    intervals = np.stack([notes.onsets, np.maximum(notes.offsets, notes.onsets + 1e-3)], axis=1)
    return intervals, mir_eval.util.midi_to_hz(np.rint(notes.pitches))
