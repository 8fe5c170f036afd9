"""How well stretches of two songs' pitch classes can be laid on each other, in any key and at any steady or changing
tempo.

Serrà, Serra & Andrzejak, "Cross recurrence quantification for cover song identification" (New Journal of Physics 2009,
Qmax): with e the similarity of frame i of one and j of the other, less what chance gives,

    Q(i, j) = max(0, e(i, j) + max(Q(i - 1, j - 1), Q(i - 2, j - 1), Q(i - 1, j - 2)))

and the largest Q tells how long and how well a stretch agrees. The steps let either song run up to twice as fast. So
`align` sifts many songs. `align_steadily` then looks closer at few: the query is played at each of `TEMPI`, and only
(i - 1, j - 1) is a step, for a song seldom changes its tempo against another's, and free steps let strangers agree.

Frames have three layers of twelve pitch classes: chords, all pitches, melody (`onpu.similar.describing`); e is the mean
of their cosines by `WEIGHTS`, less a threshold, in place of a binary recurrence and penalties for gaps. All songs and
keys at once; the keys are those in which the means over time agree best (optimal transposition index).
"""

from collections.abc import Sequence

import numpy as np

WEIGHTS, FAINT = (0.4, 0.3, 0.3), (0.3, 0.3, 0.2)
"""What the layers count, and the norm of a frame of each below which it says little."""
CHANCE, CHANCE_STEADILY = 0.4, 0.35
"""Similarity of two frames from which on they speak for each other, with free steps and with steady ones."""
KEYS = 4
"""Transpositions that are tried of each song."""
TEMPI = tuple(2 ** (step / 6.5) for step in range(-4, 5))
"""Factors of the query's tempo that are tried: up to one and a half either way."""
AT_A_TIME = 4_000_000
"""Values of e that are held at a time."""


def align(query: np.ndarray, songs: Sequence[np.ndarray], keys: int = KEYS) -> tuple[np.ndarray, np.ndarray]:
    """Align a song with each of others, with free steps.

    Parameters
    ----------
    query, songs
        Chroma (36, frames), of any scale; frames without harmony are zeros.
    keys
        Transpositions that are tried, up to 12.

    Returns
    -------
    scores, shifts
        (songs,) in [0, 1 - CHANCE], and how many semitones (-5 to 6) each song lies above the query.
    """
    return _best(_layers(query), songs, keys, CHANCE, steady=False)


def align_steadily(query: np.ndarray, songs: Sequence[np.ndarray], keys: int = KEYS) -> tuple[np.ndarray, np.ndarray]:
    """The same with steady steps at each of `TEMPI`; scores in [0, 1 - CHANCE_STEADILY]."""
    found = [_best(_layers(_at_tempo(query, tempo)), songs, keys, CHANCE_STEADILY, steady=True) for tempo in TEMPI]
    scores, shifts = (np.stack(each) for each in zip(*found, strict=True))
    best = scores.argmax(axis=0)
    everywhere = np.arange(len(songs))
    return scores[best, everywhere], shifts[best, everywhere]


def _at_tempo(chroma: np.ndarray, tempo: float) -> np.ndarray:
    """Means over stretches of `tempo` frames each."""
    frames = int(chroma.shape[1] / tempo)
    edges = np.arange(frames + 1) * tempo
    total = np.concatenate([np.zeros((len(chroma), 1)), np.cumsum(chroma, axis=1, dtype=np.float64)], axis=1)
    at = np.minimum(edges.astype(int), chroma.shape[1])
    after = np.minimum(at + 1, chroma.shape[1])
    return np.asarray(np.diff(total[:, at] + (total[:, after] - total[:, at]) * (edges - at), axis=1))


def _best(query: np.ndarray, songs: Sequence[np.ndarray], keys: int, chance: float,
          steady: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores and shifts of all songs, those of about one length at a time."""
    scores, shifts = np.zeros(len(songs)), np.zeros(len(songs), int)
    if not query.shape[1]:
        return scores, shifts
    order = sorted(range(len(songs)), key=lambda number: songs[number].shape[1])
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order):
            if (stop + 1 - start) * keys * songs[order[stop]].shape[1] * query.shape[1] > AT_A_TIME:
                break
            stop += 1
        some = order[start:stop]
        scores[some], shifts[some] = _aligned(query, [_layers(songs[number]) for number in some], keys, chance, steady)
        start = stop
    return scores, (shifts + 5) % 12 - 5


def _layers(chroma: np.ndarray) -> np.ndarray:
    """Columns whose products are mean cosines of the layers."""
    x = np.array(chroma, np.float32)
    x /= max(float(x.max(initial=0.0)), 1e-9)
    parts = x.reshape(len(WEIGHTS), 12, -1)
    floors, weights = (np.array(each, np.float32)[:, None, None] for each in (FAINT, WEIGHTS))
    norms = np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), floors)
    return np.asarray((parts / norms * np.sqrt(weights)).reshape(x.shape), np.float32)


def _rolled(query: np.ndarray) -> np.ndarray:
    """The query in all keys, (12, rows, frames)."""
    parts = query.reshape(len(WEIGHTS), 12, -1)
    return np.stack([np.roll(parts, shift, axis=1).reshape(query.shape) for shift in range(12)])


def _aligned(query: np.ndarray, songs: list[np.ndarray], keys: int, chance: float,
             steady: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores and transpositions of songs of about one length."""
    longest = max(1, *(song.shape[1] for song in songs))
    padded = np.stack([np.pad(song, ((0, 0), (0, longest - song.shape[1]))) for song in songs])
    rolled = _rolled(query)
    agree = padded.mean(axis=2) @ rolled.mean(axis=2).T
    tried = np.argsort(-agree, axis=1, kind="stable")[:, :keys]
    similarity = np.matmul(rolled[tried].swapaxes(2, 3), padded[:, None]) - np.float32(chance)
    similarity = np.ascontiguousarray(np.moveaxis(similarity, 2, 0))  # (query frames, songs, keys, song frames)
    before = np.zeros((*similarity.shape[1:-1], longest + 2), np.float32)
    earlier, best = np.zeros_like(before), np.zeros(before.shape[:-1], np.float32)
    for row in similarity:
        now = np.zeros_like(before)
        came = before[..., 1:-1]
        if not steady:
            came = np.maximum(np.maximum(came, earlier[..., 1:-1]), before[..., :-2])
        np.maximum(came + row, 0, out=now[..., 2:])
        earlier, before = before, now
        np.maximum(best, now.max(axis=-1), out=best)
    chosen = best.argmax(axis=1)
    lengths = np.array([max(1, song.shape[1]) for song in songs])
    found = best[np.arange(len(songs)), chosen] / np.sqrt(query.shape[1] * lengths)
    return np.clip(found, 0, 1 - chance), tried[np.arange(len(songs)), chosen]
