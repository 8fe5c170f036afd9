"""Descriptors of songs without any listening: progressions of chords as chroma, and an index of such."""

import numpy as np

from onpu.layers.hashing import packed
from onpu.similar import Descriptors, IndexWriter

WEIGHTS = {"chroma": "a", "cover": "b", "timbre": "c", "melody": "d"}
SIZES = {"timbre": 8, "cover": 16, "code": 8}


def chroma_of(roots, each=4, semitones=0, tempo=1.0, rng=None):
    """Triads, each so many frames long, all their tones and their fifths as the melody, as uint8 (36, frames)."""
    out = np.zeros((36, 0))
    for root, minor in roots:
        chord = np.zeros((36, round(each / tempo)))
        tones = [(root + semitones + step) % 12 for step in (0, 3 if minor else 4, 7)]
        chord[[*tones, *(12 + tone for tone in tones), 24 + tones[2]]] = 1
        out = np.concatenate([out, chord], axis=1)
    if rng is not None:
        out = np.clip(out + 0.15 * rng.standard_normal(out.shape), 0, 1)
    return np.rint(255 * out).astype(np.uint8)


def progression(rng, length=12):
    """Chords of a song, drawn."""
    return [(int(rng.integers(12)), bool(rng.integers(2))) for _ in range(length)]


def song_of(seed, semitones=0, tempo=1.0):
    """A song whose vectors are drawn by its seed, the chroma also by key and tempo."""
    rng = np.random.default_rng(seed)
    chords = progression(rng)
    timbre, cover = (x / np.linalg.norm(x) for x in (rng.standard_normal(8), rng.standard_normal(16)))
    code = packed(rng.random((1, 64)))[0]
    return Descriptors(30.0, timbre.astype(np.float32), cover.astype(np.float32), code,
                       chroma_of(chords, 4, semitones, tempo, np.random.default_rng([seed, semitones])))


def write_index(folder, count, first=0):
    """An index of the songs `first` to `count`."""
    with IndexWriter(folder, WEIGHTS, SIZES) as writer:
        for number in range(first, count):
            writer.add(f"music/{number}.wav", number, 1, song_of(number))
    return folder
