"""Bars as measures: their numbers, what changes at them, their tempo, and how long notes are called."""

from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.errors import LabelError
from onpu.music.bars import Bars
from onpu.music.quantise import TICKS
from onpu.music.spelling import parse_key, written_signature

BARS_A_LINE = 4
NOTE_TYPES = {4.0: "whole", 2.0: "half", 1.0: "quarter", 0.5: "eighth", 0.25: "16th", 0.125: "32nd", 0.0625: "64th",
              0.03125: "128th"}
"""Length in quarter notes -> name."""


def note_type(quarters: float) -> tuple[str, int] | None:
    """Name and dots of a note of so many quarters; None where no note is that long."""
    if quarters in NOTE_TYPES:
        return NOTE_TYPES[quarters], 0
    return (NOTE_TYPES[quarters / 1.5], 1) if quarters / 1.5 in NOTE_TYPES else None


def divisions_of(found: Bars) -> int:
    """Divisions of a quarter note such that a tick of every bar's beats is a whole number of them. Raises `LabelError`
    where a time signature cannot be written."""
    for numerator, denominator in zip(found.numerators.tolist(), found.denominators.tolist(), strict=True):
        if 4 / denominator not in NOTE_TYPES:
            raise LabelError(f"metre: no note is a {denominator}th of a whole one, so {numerator}/{denominator} "
                             "cannot be written; give a power of two")
    divisions = TICKS
    while (divisions * found.quarters % TICKS).any():
        divisions *= 2
    return divisions


def measure(found: Bars, i: int) -> Element:
    """The i-th bar, still empty."""
    number = int(found.numbers[i])
    element = Element("measure", number=str(number))
    if number == 0:
        element.set("implicit", "yes")
    return element


def close(element: Element) -> None:
    """The final barline."""
    SubElement(SubElement(element, "barline", location="right"), "bar-style").text = "light-heavy"


def clef(sign: str, line: int, octaves: int = 0, staff: int | None = None) -> Element:
    """A clef that sounds so many octaves higher than it looks."""
    element = Element("clef", {} if staff is None else {"number": str(staff)})
    SubElement(element, "sign").text = sign
    if sign != "percussion":
        SubElement(element, "line").text = str(line)
    if octaves:
        SubElement(element, "clef-octave-change").text = str(octaves)
    return element


def attributes(found: Bars, keys: list[str], i: int, divisions: int, clefs: list[Element]) -> list[Element]:
    """What changes at a bar: key signature, time signature; in the first also divisions, staves and clefs."""
    element = Element("attributes")
    if i == 0:
        SubElement(element, "divisions").text = str(divisions)
    if keys[i] and (i == 0 or not keys[i - 1] or written_signature(keys[i]) != written_signature(keys[i - 1])):
        key = SubElement(element, "key")
        SubElement(key, "fifths").text = str(written_signature(keys[i]))
        SubElement(key, "mode").text = parse_key(keys[i])[1]
    signature = int(found.numerators[i]), int(found.denominators[i])
    if i == 0 or signature != (found.numerators[i - 1], found.denominators[i - 1]):
        time = SubElement(element, "time")
        SubElement(time, "beats").text, SubElement(time, "beat-type").text = map(str, signature)
    if i == 0:
        if len(clefs) > 1:
            SubElement(element, "staves").text = str(len(clefs))
        element.extend(clefs)
    return [element] if len(element) else []


def tempo_mark(found: Bars, i: int) -> list[Element]:
    """Metronome mark where the bars from the i-th on count another beat than those before."""
    if i and found.quarters[i] == found.quarters[i - 1]:
        return []
    others = np.flatnonzero(found.quarters[i:] != found.quarters[i])
    end = found.firsts[i + others[0]] if len(others) else found.firsts[-1]
    bpm = 60 / float(np.median(np.diff(found.grid[found.firsts[i] : end + 1])))
    direction = Element("direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    name, dots = beat_type(found.quarters[i])
    SubElement(metronome, "beat-unit").text = name
    for _ in range(dots):
        SubElement(metronome, "beat-unit-dot")
    SubElement(metronome, "per-minute").text = f"{bpm:.0f}"
    SubElement(direction, "sound", tempo=f"{bpm * found.quarters[i]:.2f}")
    return [direction]


def beat_type(quarters: float) -> tuple[str, int]:
    """Name and dots of the note that is a beat."""
    found = note_type(quarters)
    assert found is not None
    return found
