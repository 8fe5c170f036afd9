"""How right a printed score is: notes in the right bar, on the right place of it, of the right length, in the right
part.

After MV2H (McLeod & Steedman, "Evaluating automatic polyphonic music transcription", ISMIR 2018), which reports pitch,
metre, note values and voices apart and takes their mean. Deviations: what is printed is compared, not seconds; a note
has to be in the right bar and on the right place of it instead of metrical groups; parts instead of voices, each
printed part standing for the written one that it shares most notes with; and no harmony.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.sheets.parsed import Printed, PrintedNote

BARS_OFF = 6
"""Bars by which the numbers of two scores may differ throughout."""
PLACES = 24
"""Parts of a quarter that are told apart."""


def measures(written: Sequence[PrintedNote], printed: Printed, lengths: bool) -> dict[str, float]:
    """bar, place: F of notes of the right pitch in the right bar, and on the right place in it. length: 1 less the
    error relative to the written length, at least 0, part: share in the part that stands for theirs; both of the notes
    on the right place. mean: of the four. NaN where lengths are not known."""
    found = _with_whole_upbeat(printed)
    shift = max(range(-BARS_OFF, BARS_OFF + 1),
                key=lambda bars: (_matches(written, found, bars, False), -abs(bars)))
    total = len(written) + len(found)
    pairs = _pairs(written, found, shift, {})
    pairs = _pairs(written, found, shift, _partners(pairs))
    out = {"bar": 2 * _matches(written, found, shift, False) / max(total, 1), "place": 2 * len(pairs) / max(total, 1)}
    errors = [abs(float(other.length - own.length)) / float(own.length) for own, other in pairs]
    out["length"] = float(np.mean([max(0.0, 1 - error) for error in errors])) if lengths and errors else float("nan")
    out["part"] = _parts(pairs)
    out["mean"] = float(np.nanmean(list(out.values())))
    return out


def _with_whole_upbeat(printed: Printed) -> list[PrintedNote]:
    """The notes, with places in an upbeat counted as if its bar were whole."""
    if len(printed.bars) < 2 or printed.bars[0] >= printed.bars[1]:
        return printed.notes
    missing = printed.bars[1] - printed.bars[0]
    return [note._replace(place=note.place + missing) if note.bar == 0 else note for note in printed.notes]


def _key(note: PrintedNote, shift: int, placed: bool) -> tuple[int, ...]:
    return (note.bar + shift, note.pitch, *((round(note.place * PLACES),) if placed else ()))


def _matches(written: Sequence[PrintedNote], found: Sequence[PrintedNote], shift: int, placed: bool) -> int:
    """Notes that both have."""
    ours = Counter(_key(note, shift, placed) for note in found)
    return (Counter(_key(note, 0, placed) for note in written) & ours).total()


def _pairs(written: Sequence[PrintedNote], found: Sequence[PrintedNote], shift: int,
           partners: dict[int, int]) -> list[tuple[PrintedNote, PrintedNote]]:
    """Notes on the right place beside those that were written there, of several those in the part that stands for
    theirs (players in unison have one key), then the ones of nearest length."""
    there: dict[tuple[int, ...], list[PrintedNote]] = {}
    for note in found:
        there.setdefault(_key(note, shift, True), []).append(note)
    pairs = []
    for own in written:
        others = there.get(_key(own, 0, True))
        if others:
            best = min(others, key=lambda other: (other.part != partners.get(own.part, other.part),
                                                  abs(Fraction(other.length - own.length))))
            others.remove(best)
            pairs.append((own, best))
    return pairs


def _partners(pairs: Sequence[tuple[PrintedNote, PrintedNote]]) -> dict[int, int]:
    """Written part -> the printed one that stands for it: those that share most notes."""
    if not pairs:
        return {}
    table = np.zeros((1 + max(own.part for own, _ in pairs), 1 + max(other.part for _, other in pairs)))
    for own, other in pairs:
        table[own.part, other.part] += 1
    rows, columns = linear_sum_assignment(-table)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def _parts(pairs: Sequence[tuple[PrintedNote, PrintedNote]]) -> float:
    if not pairs:
        return 0.0
    partners = _partners(pairs)
    return float(np.mean([partners.get(own.part) == other.part for own, other in pairs]))
