"""A timeline as a lead sheet: chord symbols over bars of slashes, with keys, time signatures and tempo."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from onpu.formats.musicxml.chord_symbol import chord_symbol
from onpu.formats.musicxml.measures import BARS_A_LINE, attributes, beat_type, clef, close, measure, tempo_mark
from onpu.music.bars import bars
from onpu.music.printed import PLACES, Symbol, by_bar, printed_chords
from onpu.music.signatures import keys_of
from onpu.music.spelling import written_signature
from onpu.music.timeline import Timeline

INAUDIBLE = "1"  # per cent of the usual loudness: slashes are read, not played


def lead_sheet(timeline: Timeline) -> tuple[Element, Element]:
    """The `score-part` and the `part` of a timeline with beats and chords.

    Chords stand where they change, to the half beat; what is shorter is left out. Slashes count the beats; a bar
    without any chord has a rest. Spelling is that of the labels. Raises `LabelError` where a label is no chord or key,
    or a time signature cannot be written.
    """
    declared, part = Element("score-part", id="P1"), Element("part", id="P1")
    SubElement(declared, "part-name", {"print-object": "no"}).text = "Lead sheet"
    part.extend(list(_measures(timeline)))
    return declared, part


def _measures(timeline: Timeline) -> Iterator[Element]:
    assert timeline.chords is not None
    found = bars(timeline)
    keys = keys_of(found, timeline)
    divisions = max(8, int(found.denominators.max()) // PLACES)  # of a quarter note: half a beat is a whole number
    symbols = by_bar(printed_chords(found, timeline.chords, keys))
    sounding, last = "N", len(found.numbers) - 1
    for i, number in enumerate(found.numbers.tolist()):
        element = measure(found, i)
        if number > 1 and (number - 1) % BARS_A_LINE == 0:
            SubElement(element, "print", {"new-system": "yes"})
        element.extend(attributes(found, keys, i, divisions, [clef("G", 2)]))
        element.extend(tempo_mark(found, i))
        length = round(found.quarters[i] * divisions)
        here = symbols.get(i, [])
        begins = [] if here and here[0].place == 0 else [sounding]
        rest = all(label == "N" for label in (*begins, *(symbol.label for symbol in here)))
        if rest:
            element.extend(_rest(here, int(found.beats[i]), length))
        else:
            element.extend(_slashes(here, int(found.beats[i]), found.quarters[i], length, keys[i]))
        sounding = here[-1].label if here else sounding
        if i == last:
            close(element)
        yield element


def _rest(symbols: list[Symbol], beats: int, length: int) -> Iterator[Element]:
    """Chord symbols over a rest for the whole bar."""
    for symbol in symbols:
        yield from chord_symbol(symbol.label, symbol.sure, symbol.place * length // PLACES)
    note = Element("note")
    SubElement(note, "rest", measure="yes")
    SubElement(note, "duration").text = str(beats * length)
    yield note


def _slashes(symbols: list[Symbol], beats: int, quarters: float, length: int, key: str) -> Iterator[Element]:
    """A slash for each beat, on the middle line, and before it its chord symbols."""
    sharps = written_signature(key) if key else 0
    altered = (sharps == 7) - (sharps < 0)  # the B of the key signature, so that no accidental is printed
    name, dots = beat_type(quarters)
    for beat in range(beats):
        for symbol in symbols:
            if symbol.place // PLACES == beat:
                yield from chord_symbol(symbol.label, symbol.sure, symbol.place % PLACES * length // PLACES)
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
