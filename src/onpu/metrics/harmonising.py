"""How chords that were found for a melody agree with those that were written.

Conventions: chords are numbers of the vocabulary of `onpu.music.phrase`, one for each half bar (whole bar in triple
time), all counted alike. *Root*: share with the same root, N being a root of its own. *Majmin*: the same root and
third, where 7 counts as major. *Exact*: the same chord. *Chord tones*: share of the melody's steps that sound a tone of
the chord of that time (where that is not N). *Changes*: share of the chords that are another than the one before.
Others may fit as well as what was written, so the last two say how like it in kind it is.
"""

from collections.abc import Sequence

import numpy as np

from onpu.music.phrase import NONE, QUALITIES, Phrase, chord_tones

SEVENTH = QUALITIES.index("7")


def evaluate(reference: Sequence[Phrase], estimate: Sequence[Phrase]) -> dict[str, float]:
    """Score chords that were found for melodies against those that were written.

    Parameters
    ----------
    reference, estimate
        Phrases with the same melodies, in the same order.

    Returns
    -------
    dict
        `Root`, `Majmin`, `Exact`, `Chord tones` and `Changes`, each in [0, 1], over all phrases together; of none,
        nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from onpu.metrics.harmonising import evaluate
    >>> from onpu.music.phrase import Phrase, chord_number
    >>> melody = np.repeat([60, 64, 67, 62], 4)
    >>> written = np.array([chord_number("C:maj"), chord_number("G:7")])
    >>> reference = Phrase(melody, np.ones(16, bool), written, 4, "C:major")
    >>> estimate = replace(reference, chords=np.array([chord_number("C:maj"), chord_number("G:maj")]))
    >>> scores = evaluate([reference], [estimate])
    >>> scores["Root"], scores["Majmin"], scores["Exact"]
    (1.0, 1.0, 0.5)
    """
    if not reference:
        return {}
    truth, found = (np.concatenate([phrase.chords for phrase in phrases]) for phrases in (reference, estimate))
    return {"Root": float((_roots(truth) == _roots(found)).mean()),
            "Majmin": float((_thirds(truth) == _thirds(found)).mean()),
            "Exact": float((truth == found).mean()), **manner(estimate)}


def manner(phrases: Sequence[Phrase]) -> dict[str, float]:
    """Chord tones and changes of some phrases."""
    tones, fits, changes = chord_tones(), [], []
    for phrase in phrases:
        chords = np.repeat(phrase.chords, phrase.slot)
        heard = (phrase.pitches > 0) & (chords != NONE)
        fits.append(tones[chords[heard], phrase.pitches[heard] % 12])
        changes.append(np.diff(phrase.chords) != 0)
    return {"Chord tones": _share(fits), "Changes": _share(changes)}


def _share(parts: list[np.ndarray]) -> float:
    whole = np.concatenate(parts) if parts else np.zeros(0)
    return float(whole.mean()) if len(whole) else 0.0


def _roots(chords: np.ndarray) -> np.ndarray:
    return np.where(chords == NONE, 12, chords // len(QUALITIES))


def _thirds(chords: np.ndarray) -> np.ndarray:
    return np.where((chords != NONE) & (chords % len(QUALITIES) == SEVENTH), chords - SEVENTH, chords)
