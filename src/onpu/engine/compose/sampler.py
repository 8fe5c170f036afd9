"""Unrelated chords: any root, quality and inversion, so that rare ones are heard everywhere on all instruments."""

import numpy as np

from onpu.engine.compose.chord import Chord
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.sketch import Span
from onpu.music.harte import PUBLISHED_QUALITIES, QUALITIES, VOCABULARY

SAMPLER = "sampler"
"""Name of this harmony in styles."""

_RARE = ("dim", "aug", "min6", "maj6", "minmaj7", "dim7", "hdim7", "sus2", "sus4")
_RAREST = ("aug", "aug", "minmaj7", "minmaj7", "dim7", "dim7", "hdim7", "min6")
_KINDS = (*VOCABULARY[:PUBLISHED_QUALITIES], *_RARE, *_RAREST)
_BASS = {0: 7.0, 1: 1.4, 2: 1.0, 3: 0.6}


def sample_spans(rng: np.random.Generator, signature: Signature, bars: int) -> list[Span]:
    """Chords of one to four beats or bars; a suspension resolves now and then, a root stays or moves anywhere."""
    length = signature.length * bars
    steps = {signature.beat * 2: 2.0, signature.length: 4.0, 2 * signature.length: 2.0, 4 * signature.length: 0.5,
             signature.beat: 0.3}
    usual = draw(rng, steps)
    spans: list[Span] = []
    start, root = 0.0, int(rng.random() * 12)
    while start < length - 0.01:
        step = usual if rng.random() < 0.8 else draw(rng, steps)
        end = min(start + step, length)
        chord = _chord(rng, root)
        if spans and spans[-1].chord.quality in ("sus4", "sus2") and rng.random() < 0.4:
            chord = Chord(spans[-1].chord.root, pick(rng, ("maj", "min")))
        if spans and spans[-1].chord == chord:
            spans[-1] = Span(spans[-1].start, end, chord)
        else:
            spans.append(Span(start, end, chord))
        start = end
        root = (root + int(rng.random() * 12)) % 12
    return spans


def _chord(rng: np.random.Generator, root: int) -> Chord:
    quality = pick(rng, _KINDS)
    tones = QUALITIES[quality]
    place = draw(rng, _BASS)
    return Chord(root, quality, tones[place] if place < len(tones) else 0)
