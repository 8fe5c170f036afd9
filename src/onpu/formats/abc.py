"""Lead sheets in ABC 2.1: tune, chords and keys as text.

    X:1
    T:Song
    M:3/4
    L:1/8
    Q:1/4=120
    K:Am
    "Am"A2 c2 e2 | "F"f4- f2 |

Notes are tied where they go on over a bar line or under a new chord; beats are parted by spaces; triplets are written
`(3:2:n`, whose lengths are those of straight notes. (Walshaw, "The abc music standard 2.1".)
"""

import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from onpu.files import write_text
from onpu.music import Timeline
from onpu.music.bars import Bars
from onpu.music.lead import Lead, lead
from onpu.music.printed import PLACES
from onpu.music.quantise import TICKS
from onpu.music.spelling import names, parse_key, signed
from onpu.music.symbols import symbol

SUFFIX = ".abc"
STRAIGHT = TICKS // 8
"""Ticks of whose multiples straight notes begin and end."""
COMPOUND_QUARTERS = 1.5
"""Quarters of a beat that is divided by three without a sign."""
BARS_A_LINE = 4
ACCIDENTALS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}
MODES = {"major": "", "minor": "m", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "mixolydian": "mix",
         "locrian": "loc"}


def write_abc(timeline: Timeline, path: str | os.PathLike[str], title: str = "", artist: str = "") -> list[Path]:
    """Write the sheet; nothing where there are no beats, or neither a tune nor chords. Return the files written. Raises
    `FormatError`, `LabelError` as the other formats."""
    text = abc_text(timeline, title or Path(path).name.removesuffix(SUFFIX), artist)
    if text is None:
        return []
    write_text(path, text)
    return [Path(path)]


def abc_text(timeline: Timeline, title: str = "", artist: str = "") -> str | None:
    """The sheet of a timeline; None where there is nothing to write. Raises `LabelError` where a label is no chord or
    key."""
    if timeline.beats is None:
        return None
    sheet = lead(timeline)
    bars = sheet.bars
    if not len(bars.numbers) or not (len(sheet.line) or sheet.symbols):
        return None
    head = ["X:1", f"T:{title}", *([f"C:{artist}"] if artist else []), f"M:{_metre(bars, 0)}", "L:1/8"]
    if timeline.tempo is not None and len(timeline.tempo.bpm):
        beat = Fraction(float(bars.quarters[0])).limit_denominator(8) / 4
        head.append(f"Q:{beat}={float(timeline.tempo.bpm[0]):.0f}")
    head.append(f"K:{_key(sheet.keys[0])}")
    written = list(_bars(sheet))
    rows = [" | ".join(written[at : at + BARS_A_LINE]) + " |" for at in range(0, len(written), BARS_A_LINE)]
    return "\n".join([*head, *rows[:-1], rows[-1] + "]"]) + "\n"


def _metre(bars: Bars, bar: int) -> str:
    return f"{bars.numerators[bar]}/{bars.denominators[bar]}"


def _key(label: str) -> str:
    tonic, mode = parse_key(label or "C:major")
    return names(tonic, mode)[tonic] + MODES[mode]


def _bars(sheet: Lead) -> Iterator[str]:
    """Each bar, with the changes of key and metre before its notes."""
    bars = sheet.bars
    for bar in range(len(bars.numbers)):
        changes = ""
        if bar and _metre(bars, bar) != _metre(bars, bar - 1):
            changes += f"[M:{_metre(bars, bar)}]"
        if bar and sheet.keys[bar] and _key(sheet.keys[bar]) != _key(sheet.keys[bar - 1]):
            changes += f"[K:{_key(sheet.keys[bar])}]"
        yield changes + " ".join(_beats(sheet, bar))


def _beats(sheet: Lead, bar: int) -> Iterator[str]:
    """What is written in a bar, in groups that are beamed."""
    begin, end = (int(first) * TICKS for first in sheet.bars.firsts[bar : bar + 2])
    chords = {begin + one.place * TICKS // PLACES: symbol(one.label) for one in sheet.symbols if one.bar == bar}
    eighths = 2 * Fraction(float(sheet.bars.quarters[bar])).limit_denominator(8) / TICKS  # of a tick
    pieces = list(_pieces(sheet, begin, end, sorted(chords)))
    altered: dict[tuple[str, int], int] = {}
    label = sheet.keys[bar] or "C:major"
    group, beat = "", begin
    for number, (start, stop, pitch, tied) in enumerate(pieces):
        if start - beat >= TICKS:
            if group:
                yield group
            group, beat = "", begin + (start - begin) // TICKS * TICKS
        uneven = sheet.bars.quarters[bar] != COMPOUND_QUARTERS and _uneven(pieces, start, begin)
        if uneven and (number == 0 or (pieces[number - 1][0] - begin) // TICKS != (start - begin) // TICKS):
            inside = sum((each[0] - begin) // TICKS == (start - begin) // TICKS for each in pieces)
            group += f"(3:2:{inside}"
        if start in chords:
            group += f'"{chords[start]}"'
        group += _note(pitch, label, altered) + _length((stop - start) * eighths * (Fraction(3, 2) if uneven else 1))
        group += "-" if tied else ""
    if group:
        yield group


def _uneven(pieces: list[tuple[int, int, int | None, bool]], start: int, begin: int) -> bool:
    """Whether the beat in which a piece begins is written as a triplet."""
    beat = (start - begin) // TICKS
    return any(at % STRAIGHT for each in pieces if (each[0] - begin) // TICKS == beat for at in each[:2])


def _pieces(sheet: Lead, begin: int, end: int, marks: list[int]) -> Iterator[tuple[int, int, int | None, bool]]:
    """Start and end in ticks, pitch (None: a rest), and whether it is tied to the next, of a bar without gaps: cut
    where chords change, and at beats in and beside which there are triplets."""
    line, at = sheet.line, begin
    spans: list[tuple[int, int, int | None, bool]] = []
    for start, stop, pitch in zip(line.starts.tolist(), line.ends.tolist(), line.pitches.tolist(), strict=True):
        if stop <= begin or start >= end:
            continue
        if start > at:
            spans.append((at, int(start), None, False))
        at = min(int(stop), end)
        spans.append((max(int(start), begin), at, int(pitch), stop > end))
    if at < end:
        spans.append((at, end, None, False))
    for start, stop, pitch, goes_on in spans:
        cuts = [mark for mark in marks if start < mark < stop]
        if start % STRAIGHT or stop % STRAIGHT:
            first = start - start % TICKS + TICKS
            cuts += [at for at in (first, stop - stop % TICKS) if start < at < stop]
        edges = sorted({start, stop, *cuts})
        for one, other in pairwise(edges):
            yield one, other, pitch, pitch is not None and (goes_on or other < stop)


def _note(pitch: int | None, label: str, altered: dict[tuple[str, int], int]) -> str:
    """A note without its length, with an accidental where key and bar do not say it; a rest."""
    if pitch is None:
        return "z"
    name = names(*parse_key(label))[pitch % 12]
    alter = name.count("#") - name.count("b")
    octave = (pitch - alter) // 12 - 1
    place = (name[0], octave)
    sign = "" if altered.get(place, signed(name[0], label)) == alter else ACCIDENTALS[alter]
    altered[place] = alter
    letter = name[0] if octave < 5 else name[0].lower()
    return sign + letter + "," * max(4 - octave, 0) + "'" * max(octave - 5, 0)


def _length(eighths: Fraction) -> str:
    """`2`, `/2`, `3/2`; nothing for one."""
    if eighths == 1:
        return ""
    top = "" if eighths.numerator == 1 else str(eighths.numerator)
    return top + (f"/{eighths.denominator}" if eighths.denominator > 1 else "")
