"""What chords are called that a network tells by class, root, bass and pitch classes: class numbers, inversions, and
labels of what has no name in the vocabulary."""

import numpy as np

from onpu.music import harte
from onpu.music.spelling import names

ROOTS = harte.NONE // len(harte.VOCABULARY)
ROOT_CONTEXT_FRAMES = 5
"""Frames over which the root of an unnamed chord is heard."""


def numbered(number: int, qualities: int) -> int:
    """The class of the vocabulary, of a class of a network that tells so many of its qualities apart."""
    if number >= ROOTS * qualities:
        return harte.NONE + number - ROOTS * qualities
    root, quality = divmod(number, qualities)
    return root * len(harte.VOCABULARY) + quality


def inversion(number: int, bass: np.ndarray) -> int:
    """Semitones from root to bass: the chord tone that the bass head (13,) likes best."""
    if number >= harte.NONE:
        return 0
    root, quality = divmod(number, len(harte.VOCABULARY))
    return max(harte.QUALITIES[harte.VOCABULARY[quality]], key=lambda tone: bass[(root + tone) % 12])


def roots_of_unnamed(unnamed: np.ndarray, root: np.ndarray) -> np.ndarray:
    """For frames of unnamed chords 100 times the likeliest root of `ROOT_CONTEXT_FRAMES`, so that they come apart."""
    around = np.apply_along_axis(np.convolve, 1, root, np.ones(min(ROOT_CONTEXT_FRAMES, len(unnamed))), "same")
    return np.where(unnamed, 100 * around.argmax(axis=0), 0)


def bare(root: np.ndarray, pitches: np.ndarray) -> str:
    """What has no name, but a root (13,), is a power chord with its fifth among the pitches (12,), or a single note."""
    best = int(root.argmax())
    others = np.delete(pitches, [best % 12, (best + 7) % 12])
    if best == 12 or pitches[best] < 0.5 or others.max() > 0.5:
        return "X"
    return harte.write(names(0, "major")[best], "5" if pitches[(best + 7) % 12] > 0.5 else "1")
