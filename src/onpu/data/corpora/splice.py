"""Whole songs of drumming out of takes: stretches of bars, switched at phrase ends, led over by fills."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from onpu.data.corpora.takes import EARLY_QUARTERS, KICK, DrumTake
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.metre import Signature

_CRASHES = (49, 57)
_LOOSEST = 1.3


class Drumming(NamedTuple):
    """Hits of a whole song: times (n,) quarters from its first bar, ascending; pitches (n,) General MIDI; velocities
    (n,) 1 to 127. phrase: the number of bars after which something new may come."""

    signature: Signature
    bars: int
    phrase: int
    times: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray


def splice(take: DrumTake, corpus: Sequence[DrumTake], bars: int, rng: np.random.Generator) -> Drumming:
    """So many bars of the take and its fellows (same session, style, tempo), with fills that fit from the corpus."""
    phrase = draw(rng, {4: 0.7, 8: 0.3})
    fellows = [other for other in corpus if other.group == take.group and not other.fill and other.bars]
    fills = _fills(take, corpus)
    parts: list[np.ndarray] = []
    cursor = _entry(take, bars, phrase, rng)
    restless = rng.random() * 0.5
    busy = draw(rng, {0.0: 0.25, 0.35: 0.4, 0.8: 0.35}) if fills else 0.0
    length = take.signature.length
    crash = False
    for bar in range(bars):
        if bar % phrase == 0 and bar and rng.random() < restless:
            take = pick(rng, fellows)
            cursor = take.first
        if cursor >= take.first + take.bars:
            cursor = take.first
        part = _cut(take, cursor * length, length, bar * length)
        if crash:
            part = np.vstack(([bar * length, pick(rng, _CRASHES), 90 + 30 * rng.random()], part))
        crash = False
        parts.append(part)
        cursor += 1
        if bar % phrase == phrase - 1 and bar + 1 < bars and rng.random() < busy:
            parts[-1] = _led_over(part, pick(rng, fills), bar * length)
            crash = rng.random() < 0.7
    hits = np.vstack(parts)
    hits = hits[np.argsort(hits[:, 0], kind="stable")]
    return Drumming(take.signature, bars, phrase, hits[:, 0], hits[:, 1].astype(np.int64), hits[:, 2].astype(np.int64))


def rested(drumming: Drumming, rests: Sequence[tuple[float, float]], last: bool) -> Drumming:
    """The drumming without what falls into the rests (from and to, quarters), with one more stroke if `last`."""
    kept = np.ones(len(drumming.times), dtype=bool)
    for start, end in rests:
        kept &= (drumming.times < start - EARLY_QUARTERS) | (drumming.times >= end - EARLY_QUARTERS)
    columns = [column[kept] for column in (drumming.times, drumming.pitches, drumming.velocities)]
    if last:
        end = drumming.bars * drumming.signature.length
        columns = [np.append(column, stroke) for column, stroke in
                   zip(columns, ((end, end), (KICK, _CRASHES[0]), (110, 110)), strict=True)]
    return Drumming(drumming.signature, drumming.bars, drumming.phrase, *columns)


def _entry(take: DrumTake, bars: int, phrase: int, rng: np.random.Generator) -> int:
    """Where to begin: at a phrase of the take from which it lasts, else at its start."""
    spare = (take.bars - bars) // phrase
    return take.first + (phrase * int(rng.random() * (spare + 1)) if spare > 0 else 0)


def _fills(take: DrumTake, corpus: Sequence[DrumTake]) -> list[DrumTake]:
    """Fills of the same drummer in the same genre and at a like tempo; else of anyone."""
    like = [other for other in corpus if other.fill and other.signature == take.signature and other.genre == take.genre
            and len(other.times) > 2 and 1 / _LOOSEST < other.bpm / take.bpm < _LOOSEST]
    own = [other for other in like if other.group.split("/")[0] == take.group.split("/")[0]]
    return own or like


def _cut(take: DrumTake, start: float, length: float, to: float) -> np.ndarray:
    """Hits (n, 3) of a stretch of the take, moved to `to`."""
    here = take.between(start, start + length)
    return np.column_stack((take.times[here] - start + to, take.pitches[here], take.velocities[here]))


def _led_over(part: np.ndarray, fill: DrumTake, to: float) -> np.ndarray:
    """The bar with the fill's last bar for its end: the groove goes on until the beat on which the fill begins."""
    length, beat = fill.signature.length, fill.signature.beat
    bar = int((fill.times[-1] + EARLY_QUARTERS) // length)
    if bar and fill.times[-1] + EARLY_QUARTERS - bar * length < beat:
        bar -= 1
    led = _cut(fill, bar * length, length, to)
    if not len(led):
        return part
    begin = to + beat * np.floor((led[0, 0] - to + EARLY_QUARTERS) / beat)
    return np.vstack((part[part[:, 0] < begin - EARLY_QUARTERS], led))
