"""What a drummer plays between grooves: runs over the toms, rolls, hands and feet in turn, flams, crashes; solos."""

from collections.abc import Callable, Mapping

import numpy as np

from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.hits import Hit

Kit = Mapping[str, int]
"""Instrument letter -> General MIDI percussion number."""

_RUNS = ("SSSS", "S123", "SS13", "1123", "S3S3", "S1S2", "SSS3", "3333", "1111", "SS22", "2233", "S12K", "SKSK")
_LINEAR = ("SSK", "S1K", "S3KK", "SSKK", "13K", "SHK", "12KK", "SKK", "S1SK", "3K", "CK", "RSK", "SOK", "123KK",)


def fill(kit: Kit, start: float, end: float, beat: float, compound: bool, rng: np.random.Generator) -> list[Hit]:
    """A fill from `start` to `end`, quarters."""
    return draw(rng, _KINDS)(kit, start, end, _step(beat, compound, rng), rng)


def solo(kit: Kit, start: float, end: float, beat: float, compound: bool, rng: np.random.Generator) -> list[Hit]:
    """Nothing but fills, of one to eight beats each, with the foot on the hi-hat now and then."""
    hits: list[Hit] = []
    here = start
    foot = rng.random() < 0.4
    while here < end - 0.01:
        stop = min(end, here + beat * draw(rng, {1: 1.0, 2: 2.0, 4: 2.0, 8: 0.5}))
        loud = 0.55 + 0.6 * rng.random()
        hits += [hit._replace(accent=hit.accent * loud) for hit in fill(kit, here, stop, beat, compound, rng)]
        if foot:
            hits += [Hit(here + index * beat, kit["P"], 0.6) for index in range(round((stop - here) / beat))]
        here = stop
    return hits


def _step(beat: float, compound: bool, rng: np.random.Generator) -> float:
    """Quarters from stroke to stroke."""
    fine = max(beat, 1.0)
    if compound:
        return beat / draw(rng, {3: 4.0, 6: 1.5})
    return draw(rng, {fine / 4: 4.0, fine / 2: 1.5, fine / 3: 1.0, fine / 6: 1.0, fine / 8: 0.5})


def _run(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Down the kit, with holes, growing louder."""
    path, holes = pick(rng, _RUNS), rng.random() * 0.35
    count = max(1, round((end - start) / step))
    hits = [Hit(start + index * step, kit[path[min(3, index * 4 // count)]],
                0.75 + 0.4 * index / count + 0.1 * (index % 2 == 0))
            for index in range(count) if not index or rng.random() >= holes]
    return hits + _feet(kit, start, end, rng)


def _linear(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Hands and feet in turn, never together, in a cell that goes round."""
    cell = pick(rng, _LINEAR)
    return [Hit(start + index * step, kit[cell[index % len(cell)]], 1.05 if index % len(cell) == 0 else 0.85)
            for index in range(max(1, round((end - start) / step)))]


def _roll(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Quick strokes on one drum, swelling or with wandering accents."""
    drum = kit[pick(rng, "SSSS13R")]
    count = max(2, round((end - start) / min(step, 1 / 6 if step < 0.3 else 0.25)))
    swell, every = rng.random() < 0.5, pick(rng, (3, 4, 5, 6))
    louder = [0.35 + 0.75 * index / count if swell else 0.45 + 0.65 * (index % every == 0) for index in range(count)]
    return [Hit(start + index * (end - start) / count, drum, accent) for index, accent in enumerate(louder)]


def _flams(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Strong strokes with grace notes."""
    wide, drums = max(step, 0.5), pick(rng, ("SS", "S3", "13", "12", "S2"))
    hits = []
    for index in range(max(1, round((end - start) / wide))):
        time, drum = start + index * wide, kit[drums[index % 2]]
        if rng.random() < 0.8:
            hits += [Hit(time - 0.07, drum, 0.4), Hit(time, drum, 1.1)]
    return hits + _feet(kit, start, end, rng)


def _crashes(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Cymbals with the bass drum under them, syncopated."""
    wide = max(step, 0.5)
    places = [start + index * wide for index in range(max(1, round((end - start) / wide))) if rng.random() < 0.6]
    return [Hit(time, kit[letter], 1.1) for time in places or [start] for letter in (pick(rng, "CCRO"), "K")]


def _together(kit: Kit, start: float, end: float, step: float, rng: np.random.Generator) -> list[Hit]:
    """Both hands at once on two drums, or a drum and the bass drum."""
    pairs = [pick(rng, ("S3", "13", "12", "SK", "3K", "1K")) for _ in range(2)]
    wide = max(step, 0.25)
    return [Hit(start + index * wide, kit[letter], 1.0) for index in range(max(1, round((end - start) / wide)))
            if rng.random() < 0.8 for letter in pairs[index % 2]]


def _feet(kit: Kit, start: float, end: float, rng: np.random.Generator) -> list[Hit]:
    """The bass drum on the quarters, or nothing."""
    if rng.random() >= 0.55:
        return []
    return [Hit(start + index, kit["K"], 0.9) for index in range(max(1, round(end - start)))]


_KINDS: dict[Callable[[Kit, float, float, float, np.random.Generator], list[Hit]], float] = {
    _run: 5.0, _linear: 2.0, _roll: 1.2, _flams: 0.8, _crashes: 0.8, _together: 0.8}
"""Kind of fill -> weight."""
