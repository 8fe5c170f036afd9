"""Where notes are played on a fretted instrument: strings and frets, by the shortest movement of the hand.

A path of least price through the chords of a piece, over the places where a hand can lie (Sayegh, "Fingering for string
instruments with the optimum path paradigm", Computer Music Journal 13(3), 1989).
"""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

GUITAR, BASS = (64, 59, 55, 50, 45, 40), (43, 38, 33, 28)
"""MIDI pitches of the open strings, the first string first."""
FRETS, REACH = 19, 4
"""The highest fret, and how many a hand covers beyond the first."""
MOST_CANDIDATES = 24
"""Fingerings of a chord that are compared: those of least price by themselves."""
HEIGHT_COST, SPAN_COST, OPEN_COST = 0.08, 0.4, 0.1
"""Beside a fret of movement: of each fret up the neck, of each that the hand is spread over, of an open string."""


class Fret(NamedTuple):
    """string: 1 is the highest. fret: 0 is the open string."""

    string: int
    fret: int


def fingerings(chords: Sequence[Sequence[int]], strings: tuple[int, ...]) -> list[dict[int, Fret]]:
    """For each chord, MIDI pitches that begin together, where each pitch is played; what cannot be reached is missing:
    the lowest and the highest note are kept first.

    strings: pitches of the open strings, the highest first.
    """
    if not chords:
        return []
    options = [_candidates(sorted(set(chord)), strings) for chord in chords]
    best, back = np.array([price for price, _, _ in options[0]]), []
    for before, here in pairwise(options):
        moves = np.abs(np.array([[now - then for then in (place for _, place, _ in before)]
                                 for now in (place for _, place, _ in here)]))
        total = best[None, :] + moves
        back.append(total.argmin(axis=1))
        best = total.min(axis=1) + np.array([price for price, _, _ in here])
    path = [int(best.argmin())]
    for column in reversed(back):
        path.append(int(column[path[-1]]))
    return [options[i][choice][2] for i, choice in enumerate(reversed(path))]


def _candidates(chord: list[int], strings: tuple[int, ...]) -> list[tuple[float, float, dict[int, Fret]]]:
    """Price, place of the hand and frets of each way to play a chord."""
    within = [pitch for pitch in chord if min(strings) <= pitch <= max(strings) + FRETS]
    kept = within if len(within) <= len(strings) else [*within[: len(strings) - 1], within[-1]]
    while kept:
        places = [[Fret(number + 1, pitch - string) for number, string in enumerate(strings)
                   if 0 <= pitch - string <= FRETS] for pitch in kept]
        found = [_priced(dict(zip(kept, way, strict=True))) for way in product(*places) if _possible(way)]
        if found:
            return sorted(found, key=lambda each: each[0])[:MOST_CANDIDATES]
        kept = [*kept[:-2], kept[-1]] if len(kept) > 1 else []
    return [(0.0, 0.0, {})]


def _possible(way: tuple[Fret, ...]) -> bool:
    pressed = [each.fret for each in way if each.fret]
    return len({each.string for each in way}) == len(way) and max(pressed, default=0) - min(pressed, default=0) <= REACH


def _priced(way: dict[int, Fret]) -> tuple[float, float, dict[int, Fret]]:
    pressed = [each.fret for each in way.values() if each.fret]
    low, high = min(pressed, default=0), max(pressed, default=0)
    price = HEIGHT_COST * high + SPAN_COST * (high - low) + OPEN_COST * (len(way) - len(pressed))
    return price, float(low), way
