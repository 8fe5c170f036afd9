"""What can be said of a passage in numbers: how dense, how syncopated, how wide it is.

Conventions: of a passage with a melody the melody is meant, else its drums.
"""

import numpy as np

from onpu.music.chorale import STEPS
from onpu.music.passage import BAR, Passage

WEIGHTS = np.array([0 if step == 0 else -1 if step == BAR // 2 else -2 if step % STEPS == 0 else -3 if step % 2 == 0
                    else -4 for step in range(BAR)])
"""How strong each step of a bar is (Longuet-Higgins & Lee, "The rhythmic interpretation of monophonic music", Music
Perception 1984): each further division of the bar is one weaker."""
ATTRIBUTES = ("density", "syncopation", "range")


def attributes(passage: Passage) -> np.ndarray:
    """(3,): density, notes a bar; syncopation, mean over bars; range, semitones from the lowest to the highest note,
    of drums how many different ones are struck."""
    begins = onsets(passage)
    if "melody" in passage.parts:
        pitches = passage.line("melody").pitches
        width = float(np.ptp(pitches)) if len(pitches) else 0.0
    else:
        width = float(passage.parts["drums"].any(axis=0).sum())
    return np.array([begins.sum() / passage.bars, syncopation(begins) / passage.bars, width])


def onsets(passage: Passage) -> np.ndarray:
    """(steps,) whether a note begins, of drums whether any is struck."""
    parts = passage.parts
    return np.asarray(parts["melody"] >= 0 if "melody" in parts else parts["drums"].any(axis=1))


def syncopation(begins: np.ndarray) -> float:
    """Sum over all notes that sound through a stronger step than the one they begin at: the weight of the strongest
    such step less that of the note's (ibid.). begins: (steps,) whole bars."""
    starts = np.flatnonzero(begins)
    weights = np.tile(WEIGHTS, len(begins) // BAR)
    ends = np.append(starts, len(begins))[1:]
    total = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        total += max(0, int(weights[start:end].max()) - int(weights[start]))
    return float(total)
