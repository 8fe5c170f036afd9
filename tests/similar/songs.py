"""Heard songs without any listening: progressions of chords as chroma, and an index of such."""

import numpy as np

from onpu.layers.hashing import packed
from onpu.similar import Heard, IndexWriter

WEIGHTS = {"chroma": "a", "tune": "b", "texture": "c"}
SIZES = {"texture": 8, "tune": 16, "code": 8}


def chroma_of(roots, each=4, semitones=0, tempo=1.0, rng=None):
    """Triads, each so many frames long, as uint8 (12, frames)."""
    out = np.zeros((12, 0))
    for root, minor in roots:
        chord = np.zeros((12, round(each / tempo)))
        chord[[(root + semitones + step) % 12 for step in (0, 3 if minor else 4, 7)]] = 1
        out = np.concatenate([out, chord], axis=1)
    if rng is not None:
        out = np.clip(out + 0.15 * rng.standard_normal(out.shape), 0, 1)
    return np.rint(255 * out).astype(np.uint8)


def progression(rng, length=12):
    """Chords of a song, drawn."""
    return [(int(rng.integers(12)), bool(rng.integers(2))) for _ in range(length)]


def heard_song(seed, semitones=0, tempo=1.0):
    """A song whose vectors are drawn by its seed, the chroma also by key and tempo."""
    rng = np.random.default_rng(seed)
    chords = progression(rng)
    texture, tune = (x / np.linalg.norm(x) for x in (rng.standard_normal(8), rng.standard_normal(16)))
    code = packed(rng.random((1, 64)))[0]
    return Heard(30.0, texture.astype(np.float32), tune.astype(np.float32), code,
                 chroma_of(chords, 4, semitones, tempo, np.random.default_rng([seed, semitones])))


def write_index(folder, count, first=0):
    """An index of the songs `first` to `count`."""
    with IndexWriter(folder, WEIGHTS, SIZES) as writer:
        for number in range(first, count):
            writer.add(f"music/{number}.wav", number, 1, heard_song(number))
    return folder
