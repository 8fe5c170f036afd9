"""How well stretches of two songs' chroma can be laid on each other, in any key and at any steady or changing tempo.

Serrà, Serra & Andrzejak, "Cross recurrence quantification for cover song identification" (New Journal of Physics 2009,
Qmax): with e the likeness of frame i of one and j of the other, less what chance gives,

    Q(i, j) = max(0, e(i, j) + max(Q(i - 1, j - 1), Q(i - 2, j - 1), Q(i - 1, j - 2)))

and the largest Q tells how long and how well a stretch agrees. The steps let either song run up to twice as fast.
Deviation: e is the cosine of the chroma less a threshold, in place of a binary recurrence and penalties for gaps. All
songs and keys at once; the keys are those in which the mean chroma agree best (optimal transposition index).
"""

from collections.abc import Sequence

import numpy as np

CHANCE = 0.5
"""Cosine of two frames' chroma from which on they speak for each other."""
FAINT = 0.3
"""Norm of a frame below which it says little."""
KEYS = 4
"""Transpositions that are tried of each song."""
AT_A_TIME = 4_000_000
"""Values of e that are held at a time."""


def align(query: np.ndarray, songs: Sequence[np.ndarray], keys: int = KEYS) -> tuple[np.ndarray, np.ndarray]:
    """Align a song with each of others.

    query, songs: chroma (12, frames), of any scale; frames without harmony are zeros. keys: transpositions that are
    tried, up to 12. Returns scores (songs,) in [0, 1 - CHANCE], and how many semitones (-5 to 6) each song lies above
    the query.
    """
    own = _frames(query)
    scores, shifts = np.zeros(len(songs)), np.zeros(len(songs), int)
    if not own.shape[1]:
        return scores, shifts
    order = sorted(range(len(songs)), key=lambda number: songs[number].shape[1])
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * keys * songs[order[stop]].shape[1] * own.shape[1] <= AT_A_TIME:
            stop += 1
        some = order[start:stop]
        scores[some], shifts[some] = _aligned(own, [_frames(songs[number]) for number in some], keys)
        start = stop
    return scores, (shifts + 5) % 12 - 5


def _frames(chroma: np.ndarray) -> np.ndarray:
    """Columns of length 1 at most."""
    x = np.array(chroma, np.float32)
    x /= max(float(x.max(initial=0.0)), 1e-9)
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=0), FAINT), np.float32)


def _aligned(query: np.ndarray, songs: list[np.ndarray], keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and transpositions of songs of about one length."""
    longest = max(1, *(song.shape[1] for song in songs))
    padded = np.stack([np.pad(song, ((0, 0), (0, longest - song.shape[1]))) for song in songs])
    rolled = np.stack([np.roll(query, shift, axis=0) for shift in range(12)])  # (12, 12, frames)
    agree = padded.mean(axis=2) @ rolled.mean(axis=2).T
    tried = np.argsort(-agree, axis=1, kind="stable")[:, :keys]
    likeness = np.matmul(rolled[tried].swapaxes(2, 3), padded[:, None]) - np.float32(CHANCE)
    likeness = np.ascontiguousarray(np.moveaxis(likeness, 2, 0))  # (query frames, songs, keys, song frames)
    before = np.zeros((*likeness.shape[1:-1], longest + 2), np.float32)
    earlier, best = np.zeros_like(before), np.zeros(before.shape[:-1], np.float32)
    for row in likeness:
        now = np.zeros_like(before)
        came = np.maximum(np.maximum(before[..., 1:-1], earlier[..., 1:-1]), before[..., :-2])
        np.maximum(came + row, 0, out=now[..., 2:])
        earlier, before = before, now
        np.maximum(best, now.max(axis=-1), out=best)
    chosen = best.argmax(axis=1)
    lengths = np.array([max(1, song.shape[1]) for song in songs])
    found = best[np.arange(len(songs)), chosen] / np.sqrt(query.shape[1] * lengths)
    return np.clip(found, 0, 1 - CHANCE), tried[np.arange(len(songs)), chosen]
