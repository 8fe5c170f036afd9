"""Chords as a sheet prints them: symbols that people read at sight, where they change.

What a recogniser is not sure of is printed as the simplest chord that fits: its own chances and those of its
alternatives are added up by triad, and the triad with most of them is printed, as doubtful where they are few. What has
no name, or none that anybody reads (`D:1`, `F:(1,b2)`), is never printed as it is.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from onpu.music.bars import Bars
from onpu.music.chords import Chords
from onpu.music.harte import QUALITIES, parse
from onpu.music.spelling import fifths, name_of, written_signature

PLACES = 2
"""Places a beat where a chord may stand."""
SURE = 0.5
"""Chance from which on a chord is not doubtful."""
RICH_SHARE = 0.6
"""Share of its triad's chance from which on a doubtful chord keeps its seventh and its bass."""
READ = frozenset(QUALITIES) - {"1", "maj11"}
"""Qualities that are read at sight."""
READ_DEGREES = frozenset({"7(b9)", "7(#9)", "7(#11)", "7(b13)", "maj(9)", "min(9)", "maj6(9)", "sus4(b7)"})
"""Qualities with degrees that are."""
FLATTEST, SHARPEST = -7, 10
"""Names of roots and basses that are read at sight lie between Cb and A# on the line of fifths."""
FLATTER, SHARPER = 6, 9
"""Fifths by which a name lies at most below and above the key signature: in C major Gb and D#."""
SHORTEST_REST_BEATS = 4.0
"""Beats without a chord from which on this is said."""


class Symbol(NamedTuple):
    """A chord symbol: index of its bar, places (`PLACES` a beat) since the bar's start, Harte's label, and whether one
    may be sure of it."""

    bar: int
    place: int
    label: str
    sure: bool = True


def printed_chords(found: Bars, chords: Chords, keys: Sequence[str]) -> list[Symbol]:
    """The chords of a sheet where they change, to the half beat; of several at one place the last.

    keys: label of each bar, or "" (`onpu.music.signatures.keys_of`); the roots are spelled as they are labelled, but
    for those that are far from the signature. That nothing sounds is not said in an upbeat, at the end of the last bar,
    nor where it lasts less than `SHORTEST_REST_BEATS`. Raises `LabelError` where a label is no chord
    or key.
    """
    total, last_bar = PLACES * int(found.firsts[-1]), PLACES * int(found.firsts[-2])
    symbols: list[Symbol] = []
    end = 0
    for place, stop, row in _changes(found, chords):
        label, sure = _printed(chords, row)
        if place >= total or not label or (label == "N" and stop - place < PLACES * SHORTEST_REST_BEATS):
            continue
        bar = int(np.searchsorted(PLACES * found.firsts, place, side="right")) - 1
        if label == "N" and not symbols and not found.numbers[bar]:
            continue
        label = spelled_simply(label, written_signature(keys[bar]) if keys[bar] else 0)
        if not symbols or label != symbols[-1].label:
            symbols.append(Symbol(bar, place - PLACES * int(found.firsts[bar]), label, sure))
            end = place
        elif sure and not symbols[-1].sure:
            symbols[-1] = symbols[-1]._replace(sure=True)
    over = symbols and symbols[-1].label == "N" and end > last_bar  # the last chord has died away
    return symbols[:-1] if over else symbols


def by_bar(symbols: Sequence[Symbol]) -> dict[int, list[Symbol]]:
    """Index of the bar -> its symbols."""
    out: dict[int, list[Symbol]] = {}
    for symbol in symbols:
        out.setdefault(symbol.bar, []).append(symbol)
    return out


def readable(label: str) -> bool:
    """Whether a chord is read at sight: a quality that people write, and names without two accidentals."""
    chord = parse(label)
    if chord.root < 0:
        return chord.name == "N"
    quality = label.partition("/")[0].partition(":")[2].replace(" ", "") or "maj"
    return FLATTEST <= fifths(chord.name) <= SHARPEST and (quality in READ or quality in READ_DEGREES)


def simplest(label: str) -> str:
    """The chord itself where it is read at sight, else the one that is nearest to it: without its degrees, or the triad
    or power chord on its root that shares most tones. Empty for X. Raises `LabelError` for what is no chord."""
    chord = parse(label)
    if chord.root < 0:
        return label if chord.name == "N" else ""
    head, slash, bass = label.partition("/")
    quality = head.partition(":")[2].replace(" ", "") or "maj"
    if quality in READ or quality in READ_DEGREES:
        return label
    whole = next((name for name, tones in QUALITIES.items()
                  if name in READ and {tone % 12 for tone in tones} == chord.tones), "")
    shared = {name: len(chord.tones & set(QUALITIES[name])) - len(set(QUALITIES[name]) - chord.tones)
              for name in ("5", "min", "maj", "dim", "sus4")}
    return f"{chord.name}:{whole or max(shared, key=lambda name: shared[name])}{slash}{bass}"


def triad(label: str) -> str:
    """The chord in root position without its seventh and what lies above: major, minor, or root and fifth."""
    chord = parse(label)
    if chord.root < 0:
        return label
    third = "min" if 3 in chord.tones else "maj" if 4 in chord.tones or 7 not in chord.tones else "5"
    return f"{chord.name}:{third}"


def spelled_simply(label: str, sharps: int) -> str:
    """The label with its root named near a key signature of so many sharps."""
    chord = parse(label)
    if chord.root < 0:
        return label
    place = fifths(chord.name)
    low, high = max(sharps - FLATTER, FLATTEST), min(sharps + SHARPER, SHARPEST)
    moved = place + 12 if place < low else place - 12 if place > high else place
    return name_of(moved) + label[len(chord.name):]


def _changes(found: Bars, chords: Chords) -> Iterator[tuple[int, int, int]]:
    """Place where each chord begins and ends, and its row; of several at one place the last."""
    starts, ends = (np.rint(PLACES * found.beats_at(times)).astype(int).tolist()
                    for times in (chords.starts, chords.ends))
    rows = dict(zip(starts, range(len(starts)), strict=True))
    for place, row in rows.items():
        yield place, ends[row], row


def _printed(chords: Chords, row: int) -> tuple[str, bool]:
    """What is printed for a chord, and whether one may be sure of it; empty: nothing."""
    label, chance = str(chords.labels[row]), float(chords.confidence[row])
    if chance >= SURE:
        plain = simplest(label)
        return plain, plain == label
    ranked = [(label, chance)]
    if len(chords.alternatives):
        ranked += zip(map(str, chords.alternatives[row]), chords.chances[row].tolist(), strict=True)
    sums: dict[str, dict[str, float]] = {}
    for other, share in ranked:
        if plain := simplest(other):
            alike = sums.setdefault(triad(plain), {})
            alike[plain] = alike.get(plain, 0.0) + share
    if not sums:
        return "", False
    best = max(sums, key=lambda name: sum(sums[name].values()))
    whole, richest = sum(sums[best].values()), max(sums[best], key=lambda name: sums[best][name])
    return richest if sums[best][richest] >= RICH_SHARE * whole else best, whole >= SURE
