"""How something that was played is made: how many notes, how many at once, how loud, which; and what of it is copied.

Conventions: *Notes a second* over the time from the first beginning to the last end, *Polyphony* the mean number of
notes that sound then. *Velocity* and *Velocity spread*, mean and standard deviation. *Pitch-class entropy*, bits, of
how often each of the twelve begins (log2 12 = 3.58 where all do equally). *Pitch*, mean, MIDI.

A copied run is a row of notes whose intervals follow each other in another performance, too, in whatever key and time;
notes that begin within 30 ms count from the lowest up. Short runs are shared by all music: hold the longest against
that of pieces that were certainly not copied (Papadopoulos, Roy & Pachet, "Avoiding plagiarism in Markov sequence
generation", AAAI 2014, asks so of melodies).
"""

from collections.abc import Iterable

import numpy as np

from onpu.music import Notes

CHORD_ONSET_SECONDS = 0.03
"""Seconds."""
SEPARATOR_INTERVAL = 10_000
"""An interval that no two notes have: between performances."""


def evaluate(notes: Notes) -> dict[str, float]:
    """Measure a performance.

    Parameters
    ----------
    notes
        All that is played.

    Returns
    -------
    dict
        `Notes a second`, `Polyphony`, `Velocity`, `Velocity spread`, `Pitch` and `Pitch-class entropy`; of no notes,
        nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.performances import evaluate
    >>> from onpu.music import Notes
    >>> notes = Notes(np.array([0.0, 1.0]), np.array([2.0, 2.0]), np.array([60.0, 64.0]), np.array([60, 80]),
    ...               np.zeros(2, int), np.ones(2))
    >>> scores = evaluate(notes)
    >>> scores["Notes a second"], scores["Polyphony"], scores["Velocity"], scores["Pitch-class entropy"]
    (1.0, 1.5, 70.0, 1.0)
    """
    if not len(notes.onsets):
        return {}
    seconds = float(notes.offsets.max() - notes.onsets.min())
    counts = np.bincount(np.rint(notes.pitches).astype(int) % 12, minlength=12) / len(notes.pitches)
    likely = counts[counts > 0]
    return {"Notes a second": len(notes.onsets) / seconds,
            "Polyphony": float((notes.offsets - notes.onsets).sum() / seconds),
            "Velocity": float(notes.velocities.mean()), "Velocity spread": float(notes.velocities.std()),
            "Pitch": float(notes.pitches.mean()),
            "Pitch-class entropy": float(-(likely * np.log2(likely)).sum())}


def intervals(notes: Notes) -> np.ndarray:
    """(n - 1,) semitones from each note to the next, int16."""
    starts = np.sort(notes.onsets, kind="stable")
    chord = np.concatenate([[0], np.cumsum(np.diff(starts) > CHORD_ONSET_SECONDS)])[: len(starts)]
    pitches = np.rint(notes.pitches[np.argsort(notes.onsets, kind="stable")]).astype(np.int16)
    return np.diff(pitches[np.lexsort((pitches, chord))])


def row_of(performances: Iterable[Notes]) -> np.ndarray:
    """The intervals of several performances, one after the other, with `SEPARATOR_INTERVAL` between them."""
    return np.concatenate([np.append(intervals(notes), np.int16(SEPARATOR_INTERVAL)) for notes in performances]
                          or [np.zeros(0, np.int16)])


def longest_run(notes: Notes, others: np.ndarray) -> int:
    """Notes of the longest run that a performance shares with others, whose intervals are given (`row_of`)."""
    run, longest = np.zeros(len(others) + 1, np.int16), 0
    for interval in intervals(notes):
        run[1:] = (run[:-1] + 1) * (others == interval)
        longest = max(longest, int(run.max(initial=0)))
    return longest + 1 if longest else min(1, len(notes.onsets))
