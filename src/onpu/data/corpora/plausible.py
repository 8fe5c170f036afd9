"""Whether a song's chords, notes and keys bear each other out: songs in which they do not teach the wrong thing."""

from collections.abc import Sequence

import numpy as np

from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.sketch import Span

_FITS = 0.88
_OUTWEIGHS = 1.6
_PLAYED, _COVERED, _HEARD = 0.8, 0.8, 0.05
_LEADING = 11


def keys_fit(spans: Sequence[Span], keys: Sequence[tuple[float, Tonality]]) -> bool:
    """Whether the chords are made of the keys' scales (in minor with the leading note), and the first key is not the
    relative of the one in which the song stands and ends.

    keys: from when, quarters, which.
    """
    inside = whole = 0.0
    roots = np.zeros(12)
    for span in spans:
        key = next((key for start, key in reversed(keys) if start <= span.start + 0.1), keys[0][1])
        scale = {*key.scale, (key.tonic + _LEADING) % 12} if key.minor else set(key.scale)
        length = span.end - span.start
        inside += length * len(scale & set(span.chord.classes)) / len(span.chord.classes)
        whole += length
        roots[span.chord.root] += length
    tonic = keys[0][1].tonic
    relative = (tonic + (3 if keys[0][1].minor else 9)) % 12
    if spans[-1].chord.root == relative and roots[relative] > _OUTWEIGHS * roots[tonic]:
        return False
    return inside >= _FITS * whole


def chords_are_played(spans: Sequence[Span], notes: np.ndarray) -> bool:
    """Whether the accompaniment plays the chords' tones and hardly others.

    notes: start, length in quarters, pitch, (n, 3 or more).
    """
    within = sounding = covered = whole = 0.0
    for span in spans:
        ends = np.minimum(notes[:, 0] + notes[:, 1], span.end)
        lasting = np.maximum(ends - np.maximum(notes[:, 0], span.start), 0)
        times = np.bincount(notes[:, 2].astype(np.int64) % 12, lasting, 12)
        length = span.end - span.start
        within += times[list({*span.chord.classes, span.chord.lowest})].sum()
        sounding += times.sum()
        covered += length * float(np.mean(times[list(span.chord.classes)] > _HEARD * length))
        whole += length
    return within >= _PLAYED * sounding and covered >= _COVERED * whole
