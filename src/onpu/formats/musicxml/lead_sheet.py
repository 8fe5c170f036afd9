"""A timeline as a lead sheet: the tune with chord symbols above it, keys, time signatures, tempo, sections and words.

Where no tune is known, and in stretches of `SLASHED_BARS` and more in which nobody sings, bars of slashes stand below
the chords; shorter ones are rests. Bars that are alike are written once
(`onpu.music.folding`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.formats.musicxml.chord_symbol import chord_symbol
from onpu.formats.musicxml.measures import (
    BARS_A_LINE,
    attributes,
    beat_type,
    clef,
    close,
    divisions_of,
    measure,
    tempo_mark,
)
from onpu.formats.musicxml.notation import Place, Spelling, voice_notes, whole_rest
from onpu.formats.musicxml.rhythm import Bar, triplets
from onpu.formats.musicxml.voices import Event
from onpu.formats.musicxml.words import lyric
from onpu.music.folding import Ending, Fold, folds, played_bars, written_bars
from onpu.music.lead import Lead, Line, lead
from onpu.music.printed import PLACES, Symbol, by_bar
from onpu.music.quantise import TICKS
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.music.spelling import written_signature
from onpu.music.syllables import SungSyllable, syllables, verses
from onpu.music.timeline import Timeline

SLASHED_BARS = 4
"""Bars without a note of the tune, one after the other, from which on they are played, not rested."""
INAUDIBLE = "1"  # per cent of the usual loudness: slashes are read, not played


def lead_sheet(timeline: Timeline, options: SheetOptions = AS_USUAL) -> tuple[Element, Element]:
    """The `score-part` and the `part` of a timeline with beats, and chords or a melody.

    Chords stand where they change, to the half beat; what is shorter is left out. Raises `LabelError` where a label is
    no chord or key, or a time signature cannot be written.
    """
    declared, part = Element("score-part", id="P1"), Element("part", id="P1")
    SubElement(declared, "part-name", {"print-object": "no"}).text = "Lead sheet"
    part.extend(list(_measures(timeline, lead(timeline, options.grid))))
    return declared, part


def written_measures(timeline: Timeline, options: SheetOptions = AS_USUAL) -> list[int]:
    """For each bar that is played, the index of the measure of the lead sheet in which it is written: bars that are
    alike are written once. Empty where there are no beats."""
    if timeline.beats is None or not len(timeline.beats.times):
        return []
    played = lead(timeline, options.grid)
    folded, count = folds(played, section_names(timeline, played)), len(played.bars.numbers)
    index = {bar: place for place, bar in enumerate(written_bars(folded, count))}
    return [index[bar] for bar in played_bars(folded, count)]


def _measures(timeline: Timeline, played: Lead) -> Iterator[Element]:
    found = played.bars
    divisions = divisions_of(found)
    names = section_names(timeline, played)
    folded = folds(played, names)
    sung = verses(syllables(timeline.voice, played), played, folded)
    order, since = written_bars(folded, len(found.numbers)), 0
    whole = played.parted([bar for fold in folded for bar in fold.edges if bar < len(found.numbers)])
    symbols, standing, slashed = by_bar(whole.symbols), whole.standing(), _slashed(whole)
    for number, i in enumerate(order, int(found.numbers[0])):
        element = measure(found, i)
        element.set("number", str(number))  # bars are counted as they are written
        since = 0 if i in names else since
        if since and since % BARS_A_LINE == 0:
            SubElement(element, "print", {"new-system": "yes"})
        since += int(found.numbers[i] > 0)
        element.extend(_left_barline(folded, i))
        element.extend(attributes(found, whole.keys, i, divisions, [clef("G", 2)]))
        element.extend(_rehearsal(names.get(i, "")))
        element.extend(tempo_mark(found, i))
        if whole.swing and i == order[0]:
            element.extend(_words("Swing"))
        tick, here = round(found.quarters[i] * divisions) // TICKS, symbols.get(i, [])
        if not slashed[i]:
            notes = _tune(whole, i, tick, sung)
        elif standing[i] == "N" and all(symbol.label == "N" for symbol in here):
            notes = [whole_rest(Bar(int(found.beats[i]), 1.0), Place(1, 0, "", tick, True))]
        else:
            notes = _slashes(int(found.beats[i]), found.quarters[i], tick, whole.keys[i])
        element.extend(_with_symbols(notes, here, tick))
        element.extend(_right_barline(folded, i))
        if i == order[-1] and element.find("barline[@location='right']") is None:
            close(element)
        yield element


def _slashed(whole: Lead) -> list[bool]:
    """Whether each bar has no tune and lies in a stretch of such bars that is long, or in a sheet without tune."""
    firsts, line = whole.bars.firsts * TICKS, whole.line
    silent = [not ((line.starts < last) & (line.ends > first)).any() for first, last in pairwise(firsts.tolist())]
    runs = [(empty, len(list(bars))) for empty, bars in groupby(silent)]
    return [empty and (count >= SLASHED_BARS or not len(line)) for empty, count in runs for _ in range(count)]


def section_names(timeline: Timeline, whole: Lead) -> dict[int, str]:
    """Index of the bar -> name of the section that begins there."""
    sections, found = timeline.sections, whole.bars
    if sections is None or not len(sections) or not len(found.numbers):
        return {}
    nearest = abs(found.starts[:, None] - sections.starts[None, :]).argmin(axis=0)
    return {int(bar): str(label) for bar, label in zip(nearest, sections.labels, strict=True) if str(label).strip()}


def _tune(whole: Lead, i: int, tick: int, sung: Sequence[Mapping[int, SungSyllable]]) -> list[Element]:
    """A bar of the tune with its slurs and words."""
    found, line = whole.bars, whole.line
    first, plain = int(found.firsts[i]) * TICKS, Bar(int(found.beats[i]), float(found.quarters[i]))
    place = Place(1, 0, "", tick, True)
    rows = np.flatnonzero((line.starts < first + plain.end) & (line.ends > first)).tolist()
    if not rows:
        return [whole_rest(plain, place)]
    events = [Event(int(line.starts[row]), int(line.ends[row]), float(line.pitches[row]), [row]) for row in rows]
    places = (at - first for event in events for at in (event.start, event.end) if 0 <= at - first < plain.end)
    bar = Bar(plain.beats, plain.quarters, triplets(places, plain.quarters))
    spelling = Spelling(whole.keys[i])
    notes = voice_notes(events, first, bar, lambda row, tied: spelling(int(line.pitches[row]), tied), place)
    begun = [note for note in notes if note.find("rest") is None
             and all(tie.get("type") != "stop" for tie in note.findall("tie"))]
    for note, row in zip(begun, [row for row in rows if line.starts[row] >= first], strict=True):
        _slur(note, line, row)
        for number, verse in enumerate(sung, 1):
            if row in verse:
                note.append(lyric(verse[row], number))
    return notes


def _slur(note: Element, line: Line, row: int) -> None:
    """A slur over all notes that glide into one another."""
    before, after = bool(row and line.glides[row - 1]), bool(line.glides[row])
    if before == after:
        return
    notations = note.find("notations")
    if notations is None:
        notations = SubElement(note, "notations")
    SubElement(notations, "slur", type="start" if after else "stop", number="1")


def _with_symbols(notes: Sequence[Element], symbols: Sequence[Symbol], tick: int) -> list[Element]:
    """Chord symbols before the note or rest in which they begin, with the way that they are into it."""
    out, now = list[Element](), 0
    waiting = [(symbol.place * TICKS // PLACES * tick, symbol) for symbol in symbols]
    for note in notes:
        length = int(note.findtext("duration") or 0)
        while waiting and waiting[0][0] < now + length:
            at, symbol = waiting.pop(0)
            out += chord_symbol(symbol.label, symbol.sure, at - now)
        out.append(note)
        now += length
    return out


def _slashes(beats: int, quarters: float, tick: int, key: str) -> list[Element]:
    """A slash for each beat, on the middle line."""
    sharps = written_signature(key) if key else 0
    altered = (sharps == 7) - (sharps < 0)  # the B of the key signature, so that no accidental is printed
    name, dots = beat_type(quarters)
    notes = []
    for _ in range(beats):
        note = Element("note", dynamics=INAUDIBLE)
        pitch = SubElement(note, "pitch")
        SubElement(pitch, "step").text = "B"
        if altered:
            SubElement(pitch, "alter").text = str(altered)
        SubElement(pitch, "octave").text = "4"
        SubElement(note, "duration").text = str(TICKS * tick)
        SubElement(note, "type").text = name
        for _ in range(dots):
            SubElement(note, "dot")
        SubElement(note, "stem").text = "none"
        SubElement(note, "notehead").text = "slash"
        notes.append(note)
    return notes


def _rehearsal(name: str) -> list[Element]:
    if not name:
        return []
    direction = Element("direction", placement="above")
    SubElement(SubElement(direction, "direction-type"), "rehearsal").text = name
    return [direction]


def _words(text: str) -> list[Element]:
    direction = Element("direction", placement="above")
    SubElement(SubElement(direction, "direction-type"), "words").text = text
    return [direction]


def _left_barline(folded: Sequence[Fold], i: int) -> list[Element]:
    """Where a repeat or an ending begins."""
    ending = next((fold.ending(i) for fold in folded if fold.ending(i) is not None), None)
    forward = any(fold.first == i for fold in folded)
    opens = ending is not None and ending.first == i
    if not forward and not opens:
        return []
    barline = Element("barline", location="left")
    if forward:
        SubElement(barline, "bar-style").text = "heavy-light"
    if opens and ending is not None:
        SubElement(barline, "ending", number=ending.numbers, type="start")
    if forward:
        SubElement(barline, "repeat", direction="forward")
    return [barline]


def _right_barline(folded: Sequence[Fold], i: int) -> list[Element]:
    """Where a repeat or an ending ends."""
    fold = next((fold for fold in folded if i == fold.back or fold.ending(i) is not None), None)
    if fold is None:
        return []
    ending: Ending | None = fold.ending(i)
    ends, back = ending is not None and ending.last == i, i == fold.back
    if not ends and not back:
        return []
    barline = Element("barline", location="right")
    if back:
        SubElement(barline, "bar-style").text = "light-heavy"
    if ends and ending is not None:
        SubElement(barline, "ending", number=ending.numbers, type="stop" if back else "discontinue")
    if back:
        repeat = SubElement(barline, "repeat", direction="backward")
        if fold.times > 2:
            repeat.set("times", str(fold.times))
    return [barline]
