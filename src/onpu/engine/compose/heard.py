"""What of a written chord can be heard: the label tells what sounds, as a musician who listens would write it.

A seventh that nobody plays is not in the label, nor is a third: root and fifth alone are `C:5`, a root alone is `C:1`
(both have no class in a recogniser's vocabulary). A power chord over which the melody dwells on a third is a triad. A
chord whose root is silent is the triad that its other tones make, or `X`. The bass is the lowest note that sounds,
if it is a tone of the chord and there most of the time, unless the written one is struck first. A tune without
accompaniment that spells no triad is no harmony: `N`.
"""

from collections.abc import Sequence

import numpy as np

from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.song import Track
from onpu.music.harte import QUALITIES

_EDGE = 0.05
_LEAST = 0.06
_SHARE = 0.06
_DWELT = 0.25
_POINTS = 16
_FIFTH = 7
_LADDER = ("13", "9", "maj9", "min9", "7", "maj7", "min7", "minmaj7", "dim7", "hdim7", "maj6", "min6", "maj", "min",
           "dim", "aug", "sus2", "sus4", "5", "1")
_TRIADS = ("maj", "min", "dim", "aug")


class SoundingNotes:
    """The pitched notes of a piece, ready to be asked what sounds between two times."""

    def __init__(self, tracks: Sequence[Track]) -> None:
        columns = [np.concatenate([getattr(track.notes, name) for track in tracks])
                   for name in ("onsets", "offsets", "pitches")]
        tune = np.concatenate([np.full(len(t.notes.onsets), t.role in ("melody", "counter")) for t in tracks])
        order = np.argsort(columns[0], kind="stable")
        self._onsets, self._offsets, self._pitches = (column[order] for column in columns)
        self._tune = tune[order]

    def label(self, chord: Chord, key: Tonality, start: float, end: float) -> str:
        """Label of a chord written from `start` to `end`, seconds."""
        edge = min(_EDGE, (end - start) / 5)
        first, last = start + edge, end - edge
        here = np.flatnonzero((self._onsets < last) & (self._offsets > first))
        onsets, offsets = np.maximum(self._onsets[here], first), np.minimum(self._offsets[here], last)
        pitches = self._pitches[here].astype(np.int64)
        if not len(here):
            return "N"
        times = np.bincount((pitches - chord.root) % 12, offsets - onsets, 12)
        heard = {int(tone) for tone in np.flatnonzero(times >= max(_LEAST, _SHARE * (end - start)))}
        found = _named(chord, heard, times[3:5] / (end - start))
        alone = bool(self._tune[here].all())
        if found is None or found.quality in ("1", "5"):
            if alone:
                return "N"
            return "X" if found is None else found.label(key)
        bass = _lowest(found, onsets, offsets, pitches, first, last)
        return Chord(found.root, found.quality, (bass - found.root) % 12).label(key)


def _named(chord: Chord, heard: set[int], thirds: np.ndarray) -> Chord | None:
    """The part of the chord that is heard. heard: semitones over the root. thirds: shares of the time that the minor
    and the major third sound."""
    if 0 not in heard:
        for quality in _TRIADS:
            for root in sorted(heard & {tone % 12 for tone in QUALITIES[chord.quality]}):
                if {(root + tone) % 12 for tone in QUALITIES[quality]} <= heard:
                    return Chord((chord.root + root) % 12, quality, (chord.lowest - chord.root - root) % 12)
        return None
    if chord.quality == "5" and thirds.max() >= _DWELT:
        return Chord(chord.root, "min" if thirds[0] >= thirds[1] else "maj", chord.bass)
    written = {tone % 12 for tone in QUALITIES[chord.quality]} | {_FIFTH}
    best, most = None, 0
    for quality in (chord.quality, *_LADDER):
        tones = {tone % 12 for tone in QUALITIES[quality]}
        needed = tones if quality in ("5", "sus2", "sus4") else tones - {_FIFTH}
        if tones <= written and needed <= heard and len(tones & heard) > most:
            best, most = Chord(chord.root, quality, chord.bass), len(tones & heard)
    return best


def _lowest(chord: Chord, onsets: np.ndarray, offsets: np.ndarray, pitches: np.ndarray, first: float,
            last: float) -> int:
    """Pitch class of the chord's bass as it is played."""
    points = np.linspace(first, last, _POINTS, endpoint=False)
    sounds = (onsets <= points[:, None] + 1e-3) & (offsets > points[:, None])
    lowest = np.where(sounds, pitches, 999).min(axis=1)
    classes = lowest[lowest < 999] % 12
    counts = np.bincount(classes, minlength=12)
    if not len(classes) or chord.lowest in classes[:3] or counts[chord.lowest] >= _DWELT * len(classes):
        return chord.lowest
    common = int(counts.argmax())
    if common in chord.classes:
        return common
    return chord.lowest if counts[chord.lowest] else chord.root
