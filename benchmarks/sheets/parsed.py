"""A MusicXML score as rows: what notes it prints, where, how long and in which part."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class PrintedNote(NamedTuple):
    """bar: number of the measure, from 0. place: quarters after its start; length: quarters, ties joined, half of what
    is written for a note with a staccato dot; part: number of the part; pitch: as it sounds."""

    bar: int
    place: Fraction
    length: Fraction
    pitch: int
    part: int


@dataclass(frozen=True)
class Printed:
    """notes: of pitched parts. bars: quarters that each measure of the first part holds. uneven: bars in which the
    voices of a part do not fill the bar, or in which parts differ."""

    notes: list[PrintedNote]
    bars: list[Fraction]
    uneven: int


def parsed(path: Path) -> Printed:
    """Read a score of parts, by whatever program it was written."""
    root = ElementTree.parse(path).getroot()
    notes: list[PrintedNote] = []
    lengths: list[list[Fraction]] = []
    uneven = 0
    for number, part in enumerate(root.findall("part")):
        found, bars, wrong = _part(part, number)
        notes += found
        lengths.append(bars)
        uneven += wrong
    uneven += sum(len(set(bar)) > 1 for bar in zip(*lengths, strict=False))
    return Printed(notes, lengths[0] if lengths else [], uneven)


def _part(part: Element, number: int) -> tuple[list[PrintedNote], list[Fraction], int]:
    notes: list[PrintedNote] = []
    held: dict[tuple[int, int], int] = {}
    lengths: list[Fraction] = []
    divisions, chromatic, uneven, dotted = Fraction(1), 0, 0, False
    for bar, measure in enumerate(part.findall("measure")):
        now = longest = last = Fraction(0)
        filled: dict[str, Fraction] = {}
        for element in measure:
            duration = Fraction(element.findtext("duration") or 0) / divisions
            if element.tag == "attributes":
                divisions = Fraction(element.findtext("divisions") or divisions)
                chromatic = int(element.findtext("transpose/chromatic") or chromatic)
            elif element.tag in ("backup", "forward"):
                now += duration if element.tag == "forward" else -duration
                if element.tag == "forward" and element.findtext("voice"):
                    filled[str(element.findtext("voice"))] = filled.get(str(element.findtext("voice")), Fraction(0)
                                                                        ) + duration
            elif element.tag == "note" and element.find("grace") is None:
                chord = element.find("chord") is not None
                start = last if chord else now
                dotted = element.find("notations/articulations/staccato") is not None or (chord and dotted)
                if element.find("pitch") is not None:
                    _note(element, PrintedNote(bar, start, duration / 2 if dotted else duration,
                                               _pitch(element) + chromatic, number), held, notes)
                last, now = start, max(now, start + duration)
                if not chord:
                    voice = element.findtext("voice") or "1"
                    filled[voice] = filled.get(voice, Fraction(0)) + duration
            longest = max(longest, now)
        lengths.append(longest)
        uneven += any(length != longest for length in filled.values())
    return notes, lengths, uneven


def _pitch(note: Element) -> int:
    alter = round(float(note.findtext("pitch/alter") or 0))
    return STEPS[str(note.findtext("pitch/step"))] + alter + 12 * (int(str(note.findtext("pitch/octave"))) + 1)


def _note(element: Element, row: PrintedNote, held: dict[tuple[int, int], int], notes: list[PrintedNote]) -> None:
    """Add a note, or make the one longer that it is tied to."""
    ties = {tie.get("type") for tie in element.findall("tie")}
    line = row.pitch, int(element.findtext("staff") or 1)
    if "stop" in ties and line in held:
        before = notes[held[line]]
        notes[held[line]] = before._replace(length=before.length + row.length)
    else:
        held[line] = len(notes)
        notes.append(row)
    if "start" not in ties:
        held.pop(line, None)
