"""How four voices are led: what textbooks of harmony forbid, counted.

Conventions: a *chord* is a step at which some voice begins a note while all four sound. What is counted is given per
100 chords, over all chorales together. A *move* leads from a chord to the next, unless the first has a fermata (a
phrase ends) or a voice rests between them. Intervals are in semitones, since scores here have no spelling; so an
augmented fourth is a diminished fifth. Rules: Aldwell, Schachter & Cadwallader, "Harmony and Voice Leading" (4th
edition 2011), chapters 1, 4 and 5; ranges: Kostka, Payne & Almén, "Tonal Harmony" (7th edition 2013), chapter 5.

    Parallel fifths     two voices move in the same direction from a perfect fifth (or twelfth …) to another
    Parallel octaves    the same of unisons and octaves
    Hidden fifths, octaves   soprano and bass move in the same direction to a fifth or an octave from another interval,
                        the soprano by more than a tone
    Out of range        notes that lie beyond `RANGES`
    Crossings           chords in which some voice sounds below the next lower one
    Wide spacing        chords with more than an octave between soprano and alto, or alto and tenor
    Awkward leaps       a voice moves by a tritone, a seventh or more than an octave, inside a phrase
    Loose dissonances   chords in which two voices are a second or a seventh apart (or octaves more), and neither of the
                        two notes is reached and left by steps, or by a step and a repetition, as passing and
                        neighbouring notes, suspensions and anticipations are
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from onpu.music.arrays import Booleans
from onpu.music.chorale import VOICES, Chorale

RANGES = ((60, 79), (55, 74), (48, 67), (40, 60))
"""MIDI pitches of the voices of a choir as textbooks have them."""
FIFTH, OCTAVE, STEP = 7, 12, 2
AWKWARD = (6, 10, 11)
DISSONANT = (1, 2, 10, 11)


def evaluate(chorales: Iterable[Chorale]) -> dict[str, float]:
    """Count what textbooks of harmony forbid, in a set of chorales.

    Parameters
    ----------
    chorales
        Four-part scores.

    Returns
    -------
    dict
        A rate per 100 chords, over all chorales together, of each of `Parallel fifths`, `Parallel octaves`, `Hidden
        fifths, octaves`, `Out of range`, `Crossings`, `Wide spacing`, `Awkward leaps` and `Loose dissonances`; and
        `Chords`, how many there are.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.voice_leading import evaluate
    >>> from onpu.music.chorale import Chorale
    >>> pitches = np.repeat([[72, 74], [67, 69], [64, 66], [48, 50]], 4, axis=1)
    >>> attacks = np.zeros((4, 8), bool)
    >>> attacks[:, ::4] = True
    >>> scores = evaluate([Chorale(pitches, attacks, np.zeros(8, bool), np.array([0]), 2, "C:major")])
    >>> scores["Parallel fifths"], scores["Parallel octaves"], scores["Chords"]
    (50.0, 50.0, 2.0)
    """
    totals: dict[str, int] = {}
    for chorale in chorales:
        for name, value in counts(chorale).items():
            totals[name] = totals.get(name, 0) + value
    chords = totals.pop("Chords", 0)
    return {name: 100 * value / max(1, chords) for name, value in totals.items()} | {"Chords": float(chords)}


def counts(chorale: Chorale) -> dict[str, int]:
    """How often each of them occurs."""
    sounding = (chorale.pitches > 0).all(axis=0)
    at = np.flatnonzero(chorale.attacks.any(axis=0) & sounding)
    chords = chorale.pitches[:, at]
    silent = np.cumsum(~sounding)
    joined = ~chorale.fermata[at[:-1]] & (silent[at[1:]] == silent[at[:-1]]) if len(at) else np.zeros(0, bool)
    before, after = chords[:, :-1][:, joined], chords[:, 1:][:, joined]
    return {"Parallel fifths": _parallels(before, after, FIFTH), "Parallel octaves": _parallels(before, after, 0),
            "Hidden fifths, octaves": _hidden(before, after), "Out of range": _outside(chorale),
            "Crossings": int((np.diff(chords, axis=0) > 0).any(axis=0).sum()),
            "Wide spacing": int((chords[:2] - chords[1:3] > OCTAVE).any(axis=0).sum()),
            "Awkward leaps": _leaps(chorale), "Loose dissonances": _loose(chorale, at), "Chords": len(at)}


def _parallels(before: np.ndarray, after: np.ndarray, interval: int) -> int:
    """Pairs of voices that go from this interval (mod 12) to itself, in the same direction."""
    found = 0
    for upper, lower in combinations(range(len(VOICES)), 2):
        moves = after[[upper, lower]] - before[[upper, lower]]
        same = (before[upper] - before[lower]) % 12 == (after[upper] - after[lower]) % 12
        found += int(((moves[0] * moves[1] > 0) & same & ((before[upper] - before[lower]) % 12 == interval)).sum())
    return found


def _hidden(before: np.ndarray, after: np.ndarray) -> int:
    soprano, bass = after[0] - before[0], after[-1] - before[-1]
    reached = (after[0] - after[-1]) % 12
    parallel = (before[0] - before[-1]) % 12 == reached
    return int((np.isin(reached, (0, FIFTH)) & ~parallel & (soprano * bass > 0) & (np.abs(soprano) > STEP)).sum())


def _outside(chorale: Chorale) -> int:
    pitches = [chorale.line(voice).pitches for voice in range(len(VOICES))]
    return sum(int(((notes < low) | (notes > high)).sum()) for notes, (low, high) in zip(pitches, RANGES, strict=True))


def _leaps(chorale: Chorale) -> int:
    """In all voices; not over rests and fermatas."""
    found = 0
    for voice in range(len(VOICES)):
        starts, ends, pitches = chorale.line(voice)
        joined = (ends[:-1] == starts[1:]) & ~chorale.fermata[starts[:-1]]
        leap = np.abs(np.diff(pitches))[joined]
        found += int((np.isin(leap, AWKWARD) | (leap > OCTAVE)).sum())
    return found


def _loose(chorale: Chorale, at: np.ndarray) -> int:
    """Chords with a dissonance of which neither note is treated."""
    if not len(at):
        return 0
    treated = [_smooth(chorale, voice, at) for voice in range(len(VOICES))]
    loose = np.zeros(len(at), bool)
    for upper, lower in combinations(range(len(VOICES)), 2):
        apart = np.abs(chorale.pitches[upper, at] - chorale.pitches[lower, at]) % 12
        loose |= np.isin(apart, DISSONANT) & ~treated[upper] & ~treated[lower]
    return int(loose.sum())


def _smooth(chorale: Chorale, voice: int, at: np.ndarray) -> np.ndarray:
    """Whether the note that sounds at each of these steps is reached and left by a step, or one of both by repetition;
    a voice's first and last note count as repeated."""
    starts, _, pitches = chorale.line(voice)
    moves = np.concatenate([[0], np.abs(np.diff(pitches)), [0]])
    note = np.searchsorted(starts, at, side="right") - 1
    reached, left = moves[note], moves[note + 1]
    smooth: Booleans = (reached <= STEP) & (left <= STEP) & (reached + left > 0)
    return smooth
