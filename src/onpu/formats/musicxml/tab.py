"""Tablature: a part of a guitar or bass once more, on lines that are strings."""

from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement

from onpu.formats.musicxml.measures import clef
from onpu.formats.musicxml.parts import BASSES, GUITARS, Part, declaration
from onpu.formats.musicxml.voices import Event
from onpu.music.fingering import BASS, GUITAR, Fret, fingerings

STEPS = ("C", "C", "D", "D", "E", "F", "F", "G", "G", "A", "A", "B")
ALTERED = (1, 3, 6, 8, 10)


def tablature(part: Part, number: int) -> Part | None:
    """The tablature of a part; None for instruments without frets. number: of the new part."""
    program = part.program
    if program not in GUITARS and program not in BASSES:
        return None
    strings = GUITAR if program in GUITARS else BASS
    events = sorted((event for voice in part.staves[0] for event in voice), key=lambda event: event.start)
    line = _one_voice(events)
    found = fingerings([[int(part.pitches[member]) for member in event.members] for event in line], strings)
    frets: dict[int, Fret] = {}
    kept = []
    for event, hand in zip(line, found, strict=True):
        members = [member for member in event.members if int(part.pitches[member]) in hand]
        frets |= {member: hand[int(part.pitches[member])] for member in members}
        if members:
            kept.append(replace(event, members=members))
    title = str(part.declared.findtext("part-name"))
    declared = declaration(f"P{number}", f"{title} (tab)", number, program)
    return Part(declared, [[kept]], [clef("TAB", 5)], part.pitches, False, program=program, frets=frets,
                lines=strings)


def _one_voice(events: list[Event]) -> list[Event]:
    """Voices as one: what begins together is a chord, which ends when the next begins."""
    out: list[Event] = []
    for event in events:
        if out and out[-1].start == event.start:
            out[-1] = replace(out[-1], end=max(out[-1].end, event.end), members=[*out[-1].members, *event.members])
        else:
            if out and out[-1].end > event.start:
                out[-1] = replace(out[-1], end=event.start)
            out.append(replace(event, members=list(event.members)))
    return out


def staff_details(strings: tuple[int, ...]) -> Element:
    """What `attributes` say of the strings."""
    details = Element("staff-details")
    SubElement(details, "staff-lines").text = str(len(strings))
    for line, pitch in enumerate(reversed(strings)):
        tuning = SubElement(details, "staff-tuning", line=str(line + 1))
        SubElement(tuning, "tuning-step").text = STEPS[pitch % 12]
        if pitch % 12 in ALTERED:
            SubElement(tuning, "tuning-alter").text = "1"
        SubElement(tuning, "tuning-octave").text = str(pitch // 12 - 1)
    return details


def technical(fret: Fret) -> Element:
    """String and fret of a note."""
    element = Element("technical")
    SubElement(element, "string").text, SubElement(element, "fret").text = str(fret.string), str(fret.fret)
    return element
