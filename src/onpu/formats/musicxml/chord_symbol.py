"""A chord label in Harte's syntax -> the `harmony` element of MusicXML, with the text that lead sheets have.

For N and X the element is there to end the chord before, but unseen, and what is read stands beside it as words: some
programs show a root even where its text is empty, as MusicXML has it for no chord.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from onpu.music.harte import QUALITIES, bass_name, parse

KINDS: dict[str, tuple[str, str]] = {
    "maj": ("major", ""), "min": ("minor", "m"), "dim": ("diminished", "dim"), "aug": ("augmented", "aug"),
    "sus2": ("suspended-second", "sus2"), "sus4": ("suspended-fourth", "sus4"), "maj6": ("major-sixth", "6"),
    "min6": ("minor-sixth", "m6"), "7": ("dominant", "7"), "maj7": ("major-seventh", "maj7"),
    "min7": ("minor-seventh", "m7"), "minmaj7": ("major-minor", "m(maj7)"), "dim7": ("diminished-seventh", "dim7"),
    "hdim7": ("half-diminished", "m7b5"), "aug7": ("augmented-seventh", "aug7"), "5": ("power", "5"),
    "9": ("dominant-ninth", "9"), "maj9": ("major-ninth", "maj9"), "min9": ("minor-ninth", "m9"),
    "11": ("dominant-11th", "11"), "maj11": ("major-11th", "maj11"), "min11": ("minor-11th", "m11"),
    "13": ("dominant-13th", "13"), "maj13": ("major-13th", "maj13"), "min13": ("minor-13th", "m13"),
}
"""Shorthand -> kind of MusicXML, and how it is written after the root."""
BARE = "*3,*5"  # what a single note lacks to be a major chord
WORDS = {"N": "N.C.", "X": "?"}  # how labels without a root are written

_NAME = re.compile(r"([A-G])(b*|#*)")
_DEGREES = re.compile(r"\(([^)]*)\)")
_DEGREE = re.compile(r"(\*?)([b#]*)(\d+)")
_BY_TONES = {frozenset(tone % 12 for tone in QUALITIES[quality]): quality for quality in reversed(KINDS)}


def chord_symbol(label: str, offset: int = 0) -> list[Element]:
    """The elements of a chord that begins `offset` divisions after the place where they stand.

    Raises `LabelError` for what is no chord.
    """
    elements = [_harmony(label)]
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
        SubElement(element, "kind", text=WORDS[label]).text = "none"
    else:
        _name(root, "root", chord.name)
        quality, degrees = chord.quality, _degrees(label)
        if not quality:  # degrees alone
            quality, degrees = _BY_TONES.get(chord.tones, f"({degrees})"), ""
        if quality == "1":
            quality, degrees = "maj", BARE
        kind, text = KINDS.get(quality, ("other", quality))
        SubElement(element, "kind", text=text).text = kind
        if chord.bass:
            _name(SubElement(element, "bass"), "bass", bass_name(label))
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
