"""A chord label in Harte's syntax -> the `harmony` element of MusicXML, with the text that lead sheets have.

For N and X the element is there to end the chord before, but unseen, and what is read stands beside it as words: some
programs show a root even where its text is empty, as MusicXML has it for no chord. What is doubtful is grey.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from onpu.music.harte import QUALITIES, bass_name, parse
from onpu.music.printed import spelled_simply
from onpu.music.spelling import fifths
from onpu.music.symbols import TEXTS, WORDS

KINDS = {
    "maj": "major", "min": "minor", "dim": "diminished", "aug": "augmented", "sus2": "suspended-second",
    "sus4": "suspended-fourth", "maj6": "major-sixth", "min6": "minor-sixth", "7": "dominant", "maj7": "major-seventh",
    "min7": "minor-seventh", "minmaj7": "major-minor", "dim7": "diminished-seventh", "hdim7": "half-diminished",
    "aug7": "augmented-seventh", "5": "power", "9": "dominant-ninth", "maj9": "major-ninth", "min9": "minor-ninth",
    "11": "dominant-11th", "maj11": "major-11th", "min11": "minor-11th", "13": "dominant-13th", "maj13": "major-13th",
    "min13": "minor-13th",
}
"""Shorthand -> kind of MusicXML."""
DOUBTFUL = "#808080"
BARE = "*3,*5"  # what a single note lacks to be a major chord

_NAME = re.compile(r"([A-G])(b*|#*)")
_DEGREES = re.compile(r"\(([^)]*)\)")
_DEGREE = re.compile(r"(\*?)([b#]*)(\d+)")
_BY_TONES = {frozenset(tone % 12 for tone in QUALITIES[quality]): quality for quality in reversed(KINDS)}


def chord_symbol(label: str, sure: bool = True, offset: int = 0) -> list[Element]:
    """The elements of a chord that begins `offset` divisions after the place where they stand, grey unless sure.

    Raises `LabelError` for what is no chord.
    """
    elements = [_harmony(label)]
    if not sure:
        elements[0].set("color", DOUBTFUL)
    if parse(label).root < 0:
        direction = Element("direction", placement="above")
        shown = SubElement(SubElement(direction, "direction-type"), "words")
        shown.text = WORDS[label]
        elements.append(direction)
    if offset:
        for element in elements:
            SubElement(element, "offset").text = str(offset)
    return elements


def _harmony(label: str) -> Element:
    chord = parse(label)
    element = Element("harmony")
    root = SubElement(element, "root")
    if chord.root < 0:
        element.set("print-object", "no")
        SubElement(root, "root-step", text="").text = "C"
        SubElement(element, "kind", text="").text = "none"
    else:
        _name(root, "root", chord.name)
        quality, degrees = chord.quality, _degrees(label)
        if not quality:  # degrees alone
            quality, degrees = _BY_TONES.get(chord.tones, f"({degrees})"), ""
        if quality == "1":
            quality, degrees = "maj", BARE
        SubElement(element, "kind", text=TEXTS.get(quality, quality)).text = KINDS.get(quality, "other")
        if chord.bass:
            bass = spelled_simply(bass_name(label), fifths(chord.name))
            _name(SubElement(element, "bass"), "bass", bass)
        for degree in _changes(degrees.split(",")) if degrees else ():
            element.append(degree)
    return element


def _name(parent: Element, prefix: str, name: str) -> None:
    found = _NAME.fullmatch(name)
    assert found is not None
    SubElement(parent, f"{prefix}-step").text = found[1]
    if found[2]:
        SubElement(parent, f"{prefix}-alter").text = str(found[2].count("#") - found[2].count("b"))


def _degrees(label: str) -> str:
    found = _DEGREES.search(label)
    return found[1].replace(" ", "") if found else ""


def _changes(degrees: list[str]) -> list[Element]:
    """Degrees that are added, left out (`*5`), or altered (`*5` with `b5`); semitones as above a dominant chord."""
    parts = [found.groups() for degree in degrees if (found := _DEGREE.fullmatch(degree))]
    omitted = {number for star, _, number in parts if star}
    replaced = {number for star, _, number in parts if not star and number in omitted}
    elements = []
    for star, accidentals, number in parts:
        if star and number in replaced:
            continue
        kind = "subtract" if star else "alter" if number in replaced else "add"
        natural_seventh = number == "7" and kind == "add"
        element = Element("degree")
        SubElement(element, "degree-value").text = number
        SubElement(element, "degree-alter").text = str(
            0 if star else accidentals.count("#") - accidentals.count("b") + natural_seventh)
        SubElement(element, "degree-type").text = kind
        elements.append(element)
    return elements
