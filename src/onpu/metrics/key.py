"""Key measures (mir_eval.key).

Conventions: the first candidate counts; modes beyond major and minor are taken as the one that has their third. Scores
are 1 for the right key, 0.5 for one a fifth off, 0.3 for the relative and 0.2 for the parallel one (MIREX audio key
detection). MIREX counts fifths in both directions since 2017; mir_eval, by default, only those above the reference.
"""

import mir_eval

from onpu.music import Key
from onpu.music.spelling import MINOR_MODES, parse_key, signature

NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def evaluate(reference: Key, estimate: Key) -> dict[str, float]:
    """Score the key of a recording against the annotated one.

    Parameters
    ----------
    reference, estimate
        Of each the first candidate counts.

    Returns
    -------
    dict
        `MIREX score` (fifths in both directions), `Weighted score` (mir_eval's default) and `Accuracy` (the right key),
        each in [0, 1]; 1 where both are empty, 0 where one is.

    Raises
    ------
    LabelError
        When a label is no key.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.key import evaluate
    >>> from onpu.music import Key
    >>> evaluate(Key(np.array(["C:major"]), np.ones(1)), Key(np.array(["A:minor"]), np.ones(1)))
    {'MIREX score': 0.3, 'Weighted score': 0.3, 'Accuracy': 0.0}
    """
    if not len(reference.labels) or not len(estimate.labels):
        return dict.fromkeys(("MIREX score", "Weighted score", "Accuracy"), float(len(reference.labels) ==
                                                                                  len(estimate.labels)))
    truth, found = str(reference.labels[0]), str(estimate.labels[0])
    plain = weighted_score(truth, found, both_fifths=False)
    return {"MIREX score": weighted_score(truth, found), "Weighted score": plain, "Accuracy": float(plain == 1)}


def weighted_score(reference: str, estimate: str, both_fifths: bool = True) -> float:
    """Score of an estimated key, `Eb:major` or `A:dorian`; both_fifths: a fifth below scores as one above."""
    truth, found = _reduced(reference), _reduced(estimate)
    score = float(mir_eval.key.weighted_score(truth, found))
    if both_fifths and float(mir_eval.key.weighted_score(found, truth)) == 0.5:
        return 0.5
    return score


def signature_distance(sharps: int, estimate: str) -> int:
    """Fifths, 0 to 6, from a key signature of so many sharps (flats negative) to that of an estimated key."""
    steps = (signature(*parse_key(estimate)) - sharps) % 12
    return min(steps, 12 - steps)


def _reduced(label: str) -> str:
    """The key as mir_eval writes it."""
    tonic, mode = parse_key(label)
    return f"{NAMES[tonic]} {'minor' if mode in MINOR_MODES else 'major'}"
