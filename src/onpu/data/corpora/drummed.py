"""Whether a MIDI file's bars are those that its drummer plays: by where bass drum, crashes and snare fall in them."""

from dataclasses import replace
from itertools import groupby

import numpy as np

from onpu.data.corpora.barred import BarredScore, BarRow
from onpu.engine.compose.metre import Signature
from onpu.music.instruments import BASS_DRUMS

SNARES, CRASHES = (37, 38, 39, 40), (49, 52, 55, 57)
"""General MIDI numbers."""

_GRIDS = (0.25, 1 / 3)
"""Quarters between the places on which drummers strike: sixteenths, triplets."""
_STEP = 0.25
"""Sixteenths, in quarters."""
_NEAR = 0.06
"""Quarters within which a hit is on a place of the grid."""
_ON_GRID = 0.85
"""Share of the hits that are on the grid at least."""
_DRUMMED = 0.5
"""Share of the bars in which there are drums at least."""
_ON_ONE = 0.5
"""Share of these with a bass drum or a crash on the first beat at least."""
_MARGIN, _SNARE_ON_ONE = 1.1, 0.75
"""How often bass drum and crashes, and the snare, fall on the first beat, over how often they do so on any other
sixteenth: at least, at most."""
_LEAST_BARS = 8


def on_grid(score: BarredScore) -> BarredScore | None:
    """The score with bars that begin where the drums do; None where these keep to no grid.

    What is late or early as a whole is put right, by at most an eighth of a quarter. 85 % of the hits then lie within
    .06 quarters of sixteenths, or of triplets.
    """
    places = score.drums[:, 0]
    if not len(places):
        return None
    found: list[tuple[float, float, float]] = []
    for step in _GRIDS:
        late = float(np.angle(np.mean(np.exp(2j * np.pi * places / step)))) * step / (2 * np.pi)
        off = np.abs((places - late + step / 2) % step - step / 2)
        found.append((float(np.mean(off)), float(np.mean(off < _NEAR)), late))
    _, share, late = min(found)
    return replace(score, starts=score.starts + late) if share >= _ON_GRID else None


def steady_row(score: BarredScore) -> BarRow | None:
    """The longest row of eight bars or more in one time signature; None where there is none."""
    rows: list[BarRow] = []
    first = 0
    for signature, bars in groupby(score.signatures):
        count = len(list(bars))
        if signature is not None and count >= _LEAST_BARS:
            rows.append(BarRow(first, count, 0.0))
        first += count
    return max(rows, key=lambda row: row.bars, default=None)


def drums_agree(hits: np.ndarray, signature: Signature, bars: int) -> bool:
    """Whether the drums tell the same first beats as the bars do.

    hits: starts in quarters from the first bar and pitches in columns 0 and 2. In half of the bars at least there are
    drums; in half of those a bass drum or a crash falls on the first beat; there, both together (crashes twice) are a
    tenth more frequent than on any other sixteenth; and the snare is clearly more frequent elsewhere, if there is one.
    """
    struck = [_struck(hits, numbers, signature, bars) for numbers in (BASS_DRUMS, CRASHES, SNARES)]
    kicks, crashes, snares = struck
    drummed = np.any(_struck(hits, None, signature, bars), axis=1)
    if drummed.sum() < _DRUMMED * bars or np.mean((kicks | crashes)[drummed, 0]) < _ON_ONE:
        return False
    low = kicks.sum(axis=0) + 2 * crashes.sum(axis=0)
    snare = snares.sum(axis=0)
    return bool(low[0] >= _MARGIN * low[1:].max() and snare[0] <= _SNARE_ON_ONE * snare[1:].max())


def _struck(hits: np.ndarray, numbers: tuple[int, ...] | None, signature: Signature, bars: int) -> np.ndarray:
    """Whether one of the drums is struck, of each bar and its sixteenths; numbers: None for any drum."""
    slots = round(signature.length / _STEP)
    chosen = hits if numbers is None else hits[np.isin(hits[:, 2], numbers)]
    index = np.round(chosen[:, 0] / _STEP).astype(np.int64)
    near = (np.abs(chosen[:, 0] - _STEP * index) < _NEAR) & (index >= 0) & (index < bars * slots)
    struck = np.zeros(bars * slots, dtype=np.bool_)
    struck[index[near]] = True
    return struck.reshape(bars, slots)
