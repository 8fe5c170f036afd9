"""A timeline as a lead sheet: chord symbols over bars of slashes, with keys, time signatures and tempo."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import numpy as np

from onpu import __version__
from onpu.atomic import replacing
from onpu.errors import LabelError
from onpu.formats.musicxml.chord_symbol import chord_symbol
from onpu.music.bars import Bars, bars, keys_of
from onpu.music.chords import Chords
from onpu.music.spelling import parse_key, written_signature
from onpu.music.timeline import Timeline

DOCTYPE = ('<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
           '"http://www.musicxml.org/dtds/partwise.dtd">')
SUFFIX = ".musicxml"
GRID = 2  # places a beat where a chord may stand
BARS_A_LINE = 4
NOTE_TYPES = {4.0: "whole", 2.0: "half", 1.0: "quarter", 0.5: "eighth", 0.25: "16th", 0.125: "32nd", 0.0625: "64th"}
"""Length in quarter notes -> name."""
INAUDIBLE = "1"  # per cent of the usual loudness: slashes are read, not played


class Symbol(NamedTuple):
    """A chord symbol: bar, places of the grid since its start, label."""

    bar: int
    place: int
    label: str


def write_musicxml(timeline: Timeline, path: str | os.PathLike[str], title: str = "", creator: str = "") -> list[Path]:
    """Write a lead sheet; return the files written: none where there are no beats or chords were not looked for.

    Chords stand where they change, to the half beat; what is shorter is left out. Slashes count the beats; a bar
    without any chord has a rest. Spelling is that of the labels. title: without one the name of the file.

    Raises
    ------
    LabelError
        When the timeline contradicts itself, a label is no chord or key, or a time signature cannot be written.
    FormatError
        When the place cannot be written to.
    """
    timeline.validate()
    if timeline.beats is None or not len(timeline.beats.times) or timeline.chords is None:
        return []
    path = Path(path)
    score = Element("score-partwise", version="4.0")
    SubElement(SubElement(score, "work"), "work-title").text = title or path.name.removesuffix(SUFFIX)
    identification = SubElement(score, "identification")
    if creator:
        SubElement(identification, "creator", type="composer").text = creator
    SubElement(SubElement(identification, "encoding"), "software").text = f"onpu {__version__}"
    declared = SubElement(SubElement(score, "part-list"), "score-part", id="P1")
    SubElement(declared, "part-name", {"print-object": "no"}).text = "Lead sheet"
    part = SubElement(score, "part", id="P1")
    part.extend(list(_measures(timeline)))
    indent(score)
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n'.encode())
        ElementTree(score).write(file, encoding="utf-8")
        file.write(b"\n")
    return [path]


def chord_symbols(found: Bars, chords: Chords) -> list[Symbol]:
    """The chords where they change, on the grid of half beats; of several at one place the last. That nothing sounds
    at the end of the last bar is not said."""
    total, last_bar = GRID * found.firsts[-1], GRID * found.firsts[-2]
    places = np.rint(GRID * found.beats_at(chords.starts)).astype(int).tolist()
    symbols, before = [], ""
    for place, label in dict(zip(places, map(str, chords.labels), strict=True)).items():
        if label != before and place < total:
            bar = int(np.searchsorted(GRID * found.firsts, place, side="right")) - 1
            symbols.append(Symbol(bar, place - GRID * int(found.firsts[bar]), label))
            before = label
    over = symbols and symbols[-1].label == "N" and places[-1] > last_bar  # the last chord has died away
    return symbols[:-1] if over else symbols


def _measures(timeline: Timeline) -> Iterator[Element]:
    assert timeline.chords is not None
    found = bars(timeline)
    keys = keys_of(found, timeline)
    divisions = max(8, int(found.denominators.max()) // GRID)  # of a quarter note: half a beat is a whole number
    symbols: dict[int, list[Symbol]] = {}
    for symbol in chord_symbols(found, timeline.chords):
        symbols.setdefault(symbol.bar, []).append(symbol)
    sounding, last = "N", len(found.numbers) - 1
    for i, number in enumerate(found.numbers.tolist()):
        measure = Element("measure", number=str(number))
        if number == 0:
            measure.set("implicit", "yes")
        elif number > 1 and (number - 1) % BARS_A_LINE == 0:
            SubElement(measure, "print", {"new-system": "yes"})
        measure.extend(_attributes(found, keys, i, divisions))
        if i == 0 or found.quarters[i] != found.quarters[i - 1]:
            measure.append(_tempo(found, i))
        length = round(found.quarters[i] * divisions)
        here = symbols.get(i, [])
        begins = [] if here and here[0].place == 0 else [sounding]
        rest = all(label == "N" for label in (*begins, *(symbol.label for symbol in here)))
        if rest:
            measure.extend(_rest(here, int(found.beats[i]), length))
        else:
            measure.extend(_slashes(here, int(found.beats[i]), found.quarters[i], length, keys[i]))
        sounding = here[-1].label if here else sounding
        if i == last:
            barline = SubElement(measure, "barline", location="right")
            SubElement(barline, "bar-style").text = "light-heavy"
        yield measure


def _attributes(found: Bars, keys: list[str], i: int, divisions: int) -> list[Element]:
    """What changes at a bar: key signature, time signature; in the first also divisions and clef."""
    element = Element("attributes")
    if i == 0:
        SubElement(element, "divisions").text = str(divisions)
    if keys[i] and (i == 0 or keys[i] != keys[i - 1]):
        key = SubElement(element, "key")
        SubElement(key, "fifths").text = str(written_signature(keys[i]))
        SubElement(key, "mode").text = parse_key(keys[i])[1]
    signature = int(found.numerators[i]), int(found.denominators[i])
    if i == 0 or signature != (found.numerators[i - 1], found.denominators[i - 1]):
        if 4 / signature[1] not in NOTE_TYPES:
            raise LabelError(f"metre: no note is a {signature[1]}th of a whole one, so {signature[0]}/{signature[1]} "
                             "cannot be written; give a power of two")
        time = SubElement(element, "time")
        SubElement(time, "beats").text, SubElement(time, "beat-type").text = map(str, signature)
    if i == 0:
        clef = SubElement(element, "clef")
        SubElement(clef, "sign").text, SubElement(clef, "line").text = "G", "2"
    return [element] if len(element) else []


def _tempo(found: Bars, i: int) -> Element:
    """Metronome mark of the bars from the i-th on that count the same beat."""
    others = np.flatnonzero(found.quarters[i:] != found.quarters[i])
    end = found.firsts[i + others[0]] if len(others) else found.firsts[-1]
    bpm = 60 / float(np.median(np.diff(found.grid[found.firsts[i] : end + 1])))
    direction = Element("direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    name, dots = _note_type(found.quarters[i])
    SubElement(metronome, "beat-unit").text = name
    for _ in range(dots):
        SubElement(metronome, "beat-unit-dot")
    SubElement(metronome, "per-minute").text = f"{bpm:.0f}"
    SubElement(direction, "sound", tempo=f"{bpm * found.quarters[i]:.2f}")
    return direction


def _rest(symbols: list[Symbol], beats: int, length: int) -> Iterator[Element]:
    """Chord symbols over a rest for the whole bar."""
    for symbol in symbols:
        yield from chord_symbol(symbol.label, symbol.place * length // GRID)
    note = Element("note")
    SubElement(note, "rest", measure="yes")
    SubElement(note, "duration").text = str(beats * length)
    yield note


def _slashes(symbols: list[Symbol], beats: int, quarters: float, length: int, key: str) -> Iterator[Element]:
    """A slash for each beat, on the middle line, and before it its chord symbols."""
    sharps = written_signature(key) if key else 0
    altered = (sharps == 7) - (sharps < 0)  # the B of the key signature, so that no accidental is printed
    name, dots = _note_type(quarters)
    for beat in range(beats):
        for symbol in symbols:
            if symbol.place // GRID == beat:
                yield from chord_symbol(symbol.label, symbol.place % GRID * length // GRID)
        note = Element("note", dynamics=INAUDIBLE)
        pitch = SubElement(note, "pitch")
        SubElement(pitch, "step").text = "B"
        if altered:
            SubElement(pitch, "alter").text = str(altered)
        SubElement(pitch, "octave").text = "4"
        SubElement(note, "duration").text = str(length)
        SubElement(note, "type").text = name
        for _ in range(dots):
            SubElement(note, "dot")
        SubElement(note, "stem").text = "none"
        SubElement(note, "notehead").text = "slash"
        yield note


def _note_type(quarters: float) -> tuple[str, int]:
    """Name and dots of a note of so many quarters."""
    return (NOTE_TYPES[quarters], 0) if quarters in NOTE_TYPES else (NOTE_TYPES[quarters / 1.5], 1)
