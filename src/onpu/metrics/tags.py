"""How good tags are: of one recording, and of a set, tag by tag.

The area under the ROC curve is the chance that a recording which has a tag gets more of it than one which has not
(Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006); the area under the curve of
precision over recall is the mean of the precisions at each recording that has the tag (average precision).
"""

import numpy as np

from onpu.music import Tags, Timeline
from onpu.music.words import OPPOSITES, WORDS, is_written, levels, tags_of


def evaluate(reference: Timeline, estimate: Timeline, words: tuple[str, ...] = WORDS) -> dict[str, float]:
    """Compare the tags of a recording.

    Parameters
    ----------
    reference
        With the true tags; of a written piece, those that follow from its notes are true.
    estimate
        With those that were found.
    words
        Which there are.

    Returns
    -------
    dict
        `F-measure`, `Precision` and `Recall` of the set of tags, each in [0, 1], and `Genre`, 1 where the likeliest
        genre is right, else 0; that only where the words are onpu's own.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.tags import evaluate
    >>> from onpu.music import Tags, Timeline
    >>> def tagged(*labels):
    ...     return Timeline(9.0, tags=Tags(np.array(labels), np.ones(len(labels))))
    >>> scores = evaluate(tagged("genre:rock", "mood:tense"), tagged("genre:rock", "mood:calm"))
    >>> scores["Genre"], scores["Precision"]
    (1.0, 0.5)
    """
    true = known_tags(reference) if words == WORDS else reference.require(Tags)
    found = estimate.require(Tags)
    wanted, said = set(true.labels.tolist()), set(found.labels.tolist())
    right = len(wanted & said)
    precision = right / len(said) if said else float(not wanted)
    recall = right / len(wanted) if wanted else float(not said)
    scores = {"F-measure": 2 * precision * recall / max(precision + recall, 1e-9), "Precision": precision,
              "Recall": recall}
    return scores | ({"Genre": float(genre(true) == genre(found))} if words == WORDS else {})


def known_tags(reference: Timeline) -> Tags:
    """The tags of a written piece, or those that were given; without the composer's own names of kinds and styles."""
    if is_written(reference):
        return tags_of(levels(reference).mean(axis=1))
    tags = reference.require(Tags)
    return tags.select(np.isin(tags.labels, [*WORDS, *OPPOSITES.values()]))


def genre(tags: Tags) -> str:
    """The surest genre; "" where none is named."""
    rows = [(sure, str(label)) for label, sure in zip(tags.labels, tags.confidence, strict=True)
            if label.startswith("genre:")]
    return max(rows)[1] if rows else ""


def roc_auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve of scores (n,) for a truth (n,) of bools; ties count half; NaN where all are alike."""
    truth = np.asarray(truth, bool)
    positive, negative = int(truth.sum()), int((~truth).sum())
    if not positive or not negative:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """Mean precision at each true one, the highest score first; recordings of equal score are taken together. NaN where
    none is true."""
    truth = np.asarray(truth, bool)
    if not truth.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    right = np.cumsum(truth[order])[last]
    return float((np.diff(right, prepend=0) * right / (last + 1)).sum() / truth.sum())
