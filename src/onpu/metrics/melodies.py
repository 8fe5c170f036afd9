"""How melodies over chords are made, in numbers that two sets of them can be compared by.

Conventions: a melody is a `Passage` with a melody; measures that need chords take those of its bars. A note counts
where it begins; what it is to the chord is asked of the bar in which it begins. Distances between sets are the overlap
of their histograms (Yang & Lerch, "On the evaluation of generative models in music", Neural Computing and Applications
2020, compare sets by the overlap of what they measure): 1 where they are equal, 0 where they have nothing in common.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from onpu.music.arrays import Integers
from onpu.music.harte import parse
from onpu.music.passage import BAR, Passage
from onpu.music.spelling import MODES

LONGEST = BAR
"""Steps; longer notes are counted as this long."""
MAX_INTERVAL = 12
"""Semitones; wider leaps are counted as so wide."""


def evaluate(melodies: Sequence[Passage]) -> dict[str, float]:
    """Measure a set of melodies with chords, all pooled.

    Parameters
    ----------
    melodies
        Passages with a melody and a chord a bar; those without a note are left out.

    Returns
    -------
    dict
        `Notes in the chord`; `Notes in the scale`, the major scale that most notes of a melody are in; `Notes a bar`;
        `Range`, semitones from the lowest to the highest note of a melody, mean; `Leaps`, the share of intervals wider
        than a fifth; `Distinct bars`, the share of bars that are no transposition of another one; `Repeated bars`, the
        share of bars that are equal to the one before. Of no melody, nothing.

    Raises
    ------
    LabelError
        When a chord is not in Harte's syntax.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.melodies import evaluate
    >>> from onpu.music.passage import HOLD, Passage
    >>> line = np.full(16, HOLD)
    >>> line[[0, 4, 8, 12]] = 60, 62, 64, 72
    >>> scores = evaluate([Passage({"melody": line}, ("C:maj",))])
    >>> scores["Notes in the chord"], scores["Notes a bar"], scores["Range"]
    (0.75, 4.0, 12.0)
    """
    melodies = [melody for melody in melodies if (melody.parts["melody"] >= 0).any()]
    if not melodies:
        return {}
    bars = sum(melody.bars for melody in melodies)
    notes = [melody.line("melody").pitches for melody in melodies]
    leaps = np.concatenate([np.abs(np.diff(pitches)) for pitches in notes])
    pairs = [(a, b) for melody in melodies for a, b in zip(bars_of(melody), bars_of(melody)[1:], strict=False)]
    shapes = [shape(bar) for melody in melodies for bar in bars_of(melody)]
    degrees = np.concatenate([in_chord(melody) for melody in melodies])
    return {"Notes in the chord": float(degrees.mean()),
            "Notes in the scale": float(sum(in_scale(pitches) * len(pitches) for pitches in notes)
                                        / sum(map(len, notes))),
            "Notes a bar": sum(map(len, notes)) / bars,
            "Range": float(np.mean([np.ptp(pitches) for pitches in notes])),
            "Leaps": float((leaps > 7).mean()) if len(leaps) else 0.0,
            "Distinct bars": len(set(shapes)) / len(shapes),
            "Repeated bars": float(np.mean([a == b for a, b in pairs])) if pairs else 0.0}


def in_chord(melody: Passage) -> np.ndarray:
    """For each note whether it is of the chord of the bar in which it begins."""
    line = melody.line("melody")
    return np.array([pitch % 12 in parse(melody.chords[start // BAR]).classes
                     for start, pitch in zip(line.starts.tolist(), line.pitches.tolist(), strict=True)], dtype=bool)


def in_scale(pitches: np.ndarray) -> float:
    """The largest share of notes that a major scale holds."""
    counts = np.bincount(pitches % 12, minlength=12)
    return float(max(counts[[(tonic + step) % 12 for step in MODES["major"]]].sum() for tonic in range(12))
                 / max(1, counts.sum()))


def bars_of(melody: Passage) -> list[tuple[int, ...]]:
    """The events of each bar."""
    return [tuple(row) for row in melody.parts["melody"].reshape(-1, BAR).tolist()]


def shape(bar: tuple[int, ...]) -> tuple[int, ...]:
    """A bar, moved so that its first note is 60."""
    first = next((event for event in bar if event >= 0), 60)
    return tuple(event - first + 60 if event >= 0 else event for event in bar)


def longest_copy(melody: Passage, others: Iterable[Passage]) -> int:
    """Notes of the longest run that a melody shares with any of the others: the same steps between beginnings and the
    same intervals. A note alone is a run of 1; where there are no others, 0."""
    own = _moves(melody)
    apart = np.full((1, 2), np.iinfo(np.int64).max)  # equal to no move, so that no run goes on in the next melody
    parts = [part for other in others for part in (_moves(other), apart)]
    if not parts:
        return 0
    moves = np.concatenate(parts)
    run, longest = np.zeros(len(moves) + 1, np.int64), 0
    for row in own:
        run[1:] = np.where((moves == row).all(axis=1), run[:-1] + 1, 0)
        longest = max(longest, int(run.max()))
    return longest + 1


def _moves(melody: Passage) -> np.ndarray:
    """(notes - 1, 2) interval and steps from each note to the next."""
    line = melody.line("melody")
    return np.stack([np.diff(line.pitches), np.diff(line.starts)], axis=1)


def overlaps(real: Sequence[Passage], made: Sequence[Passage]) -> dict[str, float]:
    """Name of a histogram -> how much of it two sets have in common, in [0, 1]."""
    found = {}
    for name, (values, least, most) in HISTOGRAMS.items():
        shares = []
        for melodies in (real, made):
            rows = [values(melody) for melody in melodies]
            pooled = np.clip(np.concatenate(rows) if rows else np.zeros(0, np.int64), least, most)
            counts = np.bincount(pooled - least, minlength=most - least + 1)
            shares.append(counts / max(1, counts.sum()))
        found[name] = float(np.minimum(*shares).sum())
    return found


def degrees(melody: Passage) -> np.ndarray:
    """Semitones of each note over the root of its bar's chord; bars without one are left out."""
    line = melody.line("melody")
    roots = np.array([parse(chord).root for chord in melody.chords])[line.starts // BAR]
    found: Integers = ((line.pitches - roots) % 12)[roots >= 0]
    return found


def lengths(melody: Passage) -> np.ndarray:
    """Steps from each note to the next, of the last to the end."""
    return np.diff(np.append(melody.line("melody").starts, melody.steps))


def intervals(melody: Passage) -> np.ndarray:
    """Semitones from each note to the next."""
    return np.diff(melody.line("melody").pitches)


HISTOGRAMS: dict[str, tuple[Callable[[Passage], np.ndarray], int, int]] = {
    "degrees of the chord": (degrees, 0, 11), "lengths": (lengths, 1, LONGEST),
    "intervals": (intervals, -MAX_INTERVAL, MAX_INTERVAL),
    "places in the bar": (lambda melody: melody.line("melody").starts % BAR, 0, BAR - 1)}
"""Name -> values of a melody, the least and the most of them."""
