"""Whether chorales begin and end in their key, and how their phrases close.

Conventions: a *chord* is what sounds at a step at which all four voices sing. Shares are of all chorales together, of
phrases those that end on a fermata. The *scale* of modes with a minor third has the raised sixth and seventh degree
beside the others.

    Final chord the tonic    the last chord is the triad of the tonic, with or without its fifth, in root position; in
                             minor its third may be major
    First chord in the key   all tones of the first chord are of the scale
    First chord the tonic    the first chord is the triad of the tonic
    Final cadence authentic  before the chord of the last fermata sound only tones of the dominant seventh chord, the
                             leading tone among them
    Phrases on root triads   phrases that end on a triad in root position
    Notes of the scale       share of the notes
"""

from collections.abc import Iterable

import numpy as np

from onpu.music.cadences import phrase_ends
from onpu.music.chorale import Chorale
from onpu.music.spelling import MINOR_MODES, MODES, parse_key

TRIADS = (frozenset({0, 4, 7}), frozenset({0, 3, 7}), frozenset({0, 4}), frozenset({0, 3}))
"""Semitones above the root; the fifth may be missing."""
DOMINANT, LEADING = frozenset({7, 11, 2, 5}), 11
RAISED = (9, 11)


def evaluate(chorales: Iterable[Chorale]) -> dict[str, float]:
    """How chorales begin and end.

    Parameters
    ----------
    chorales
        Four-part scores, each with a step at least at which all voices sing.

    Returns
    -------
    dict
        The shares that the module's description names, each in [0, 1]; of no chorales, nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.cadences import evaluate
    >>> from onpu.music.chorale import Chorale
    >>> pitches = np.repeat([[71, 72], [67, 67], [62, 64], [55, 48]], 4, axis=1)
    >>> attacks = np.zeros((4, 8), bool)
    >>> attacks[:, ::4] = True
    >>> scores = evaluate([Chorale(pitches, attacks, np.arange(8) >= 4, np.array([0]), 2, "C:major")])
    >>> scores["Final chord the tonic"], scores["First chord the tonic"], scores["Final cadence authentic"]
    (1.0, 0.0, 1.0)
    """
    found: dict[str, list[float]] = {}
    for chorale in chorales:
        for name, values in shares(chorale).items():
            found.setdefault(name, []).extend(values)
    return {name: float(np.mean(values)) if values else 0.0 for name, values in found.items()}


def shares(chorale: Chorale) -> dict[str, list[float]]:
    """What is averaged, of one chorale."""
    tonic, mode = parse_key(chorale.key)
    above = (chorale.pitches - tonic) % 12
    scale = {*MODES[mode], *(RAISED if mode in MINOR_MODES else ())}
    sung = np.flatnonzero((chorale.pitches > 0).all(axis=0))
    first, last = above[:, sung[0]], above[:, sung[-1]]
    ends = [(start, stop) for start, stop in phrase_ends(chorale) if (chorale.pitches[:, stop - 1] > 0).all()]
    before = set(above[:, ends[-1][0] - 1].tolist()) if ends and ends[-1][0] else set()
    notes = above[chorale.attacks]
    return {"Final chord the tonic": [rooted(last) and last[-1] == 0],
            "First chord in the key": [set(first.tolist()) <= scale],
            "First chord the tonic": [frozenset(first.tolist()) in TRIADS],
            "Final cadence authentic": [before <= DOMINANT and LEADING in before],
            "Phrases on root triads": [rooted(above[:, stop - 1]) for _, stop in ends],
            "Notes of the scale": [np.isin(notes, list(scale)).mean()]}


def rooted(chord: np.ndarray) -> bool:
    """Whether the pitch classes of the voices, the bass last, are a triad in root position."""
    return frozenset(((chord - chord[-1]) % 12).tolist()) in TRIADS
