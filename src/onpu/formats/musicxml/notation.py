"""Events of a voice as `note` elements: pitches as the key spells them, accidentals, ties, triplets and beams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from onpu.formats.musicxml.rhythm import Bar, NotatedNote, cut
from onpu.formats.musicxml.voices import Event
from onpu.music.quantise import TICKS
from onpu.music.spelling import names, parse_key, signed

BEAMS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}
"""Name of a note -> its beams."""
ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}

Head = Callable[[int, bool], list[Element]]
"""Index of a note, whether it is tied to the one before -> what stands for it: its pitch, perhaps an accidental, a
fermata."""


@dataclass
class Place:
    """Where a voice stands: number of the voice, of the staff (0: the part has one), which way stems go ("": either),
    divisions of a tick; rests that are seen."""

    voice: int
    staff: int
    stem: str
    tick: int
    rests: bool


@dataclass
class Spelling:
    """Pitches in a bar: key signature, names of the twelve pitch classes, accidentals in force on each line."""

    key: str
    shown: dict[tuple[str, int], int] = field(default_factory=dict)

    def __call__(self, pitch: int, tied: bool) -> list[Element]:
        """The pitch, and an accidental where it is not what the signature or the bar so far says."""
        tonic, mode = parse_key(self.key or "C:major")
        name = names(tonic, mode)[pitch % 12]
        alter = name.count("#") - name.count("b")
        octave = (pitch - alter) // 12 - 1
        element = Element("pitch")
        SubElement(element, "step").text = name[0]
        if alter:
            SubElement(element, "alter").text = str(alter)
        SubElement(element, "octave").text = str(octave)
        before = self.shown.get((name[0], octave), signed(name[0], self.key) if self.key else 0)
        if tied or before == alter:
            return [element]
        self.shown[name[0], octave] = alter
        accidental = Element("accidental")
        accidental.text = ACCIDENTALS[alter]
        return [element, accidental]


def voice_notes(events: Sequence[Event], first: int, bar: Bar, head: Head, place: Place) -> list[Element]:
    """A bar of a voice. events: those that sound in it, in ticks of the score. first: tick of the bar's start."""
    elements: list[Element] = []
    written: list[tuple[NotatedNote, list[Element]]] = []
    now = 0
    for event in events:
        start, end = max(event.start - first, 0), min(event.end - first, bar.end)
        written += [(piece, [_rest(piece, place)]) for piece in cut(now, start, bar, rest=True)]
        pieces = cut(start, end, bar)[: 1 if event.hit else None]
        for piece in pieces:
            ties = (event.start - first < piece.start, not event.hit and piece.end < event.end - first)
            written.append((piece, [_note(piece, member, i > 0, ties, head, place)
                                    for i, member in enumerate(event.members)]))
            if event.short and not any(ties):
                _staccato(written[-1][1][0])
        now = pieces[-1].end
    written += [(piece, [_rest(piece, place)]) for piece in cut(now, bar.end, bar, rest=True)]
    for _, beat in groupby(written, key=lambda row: row[0].start // TICKS):
        inside = list(beat)
        _beamed([row for row in inside if row[0].end - row[0].start < TICKS])
        _bracketed([notes[0] for piece, notes in inside if piece.triplet])
    for _, notes in written:
        elements += notes
    return elements


def whole_rest(bar: Bar, place: Place) -> Element:
    """A rest for the whole bar."""
    note = Element("note")
    SubElement(note, "rest", measure="yes")
    SubElement(note, "duration").text = str(bar.end * place.tick)
    SubElement(note, "voice").text = str(place.voice)
    if place.staff:
        SubElement(note, "staff").text = str(place.staff)
    return note


def _rest(piece: NotatedNote, place: Place) -> Element:
    note = Element("note") if place.rests else Element("note", {"print-object": "no"})
    SubElement(note, "rest")
    return _completed(note, piece, place, None, (False, False))


def _note(piece: NotatedNote, member: int, joined: bool, ties: tuple[bool, bool], head: Head, place: Place) -> Element:
    note = Element("note")
    if joined:
        SubElement(note, "chord")
    pitch, *others = head(member, ties[0])
    note.append(pitch)
    return _completed(note, piece, place, others, ties)


def _completed(note: Element, piece: NotatedNote, place: Place, others: list[Element] | None,
               ties: tuple[bool, bool]) -> Element:
    """Everything after the pitch, in the order of the schema. others: what belongs to the head; None for rests."""
    kinds = [kind for kind, tied in zip(("stop", "start"), ties, strict=True) if tied]
    heads = {element.tag: element for element in others or ()}
    SubElement(note, "duration").text = str((piece.end - piece.start) * place.tick)
    for kind in kinds:
        SubElement(note, "tie", type=kind)
    if "instrument" in heads:
        note.append(heads["instrument"])
    SubElement(note, "voice").text = str(place.voice)
    SubElement(note, "type").text = piece.name
    for _ in range(piece.dots):
        SubElement(note, "dot")
    if "accidental" in heads:
        note.append(heads["accidental"])
    if piece.triplet:
        modification = SubElement(note, "time-modification")
        SubElement(modification, "actual-notes").text, SubElement(modification, "normal-notes").text = "3", "2"
    if place.stem and others is not None:
        SubElement(note, "stem").text = place.stem
    if "notehead" in heads:
        note.append(heads["notehead"])
    if place.staff:
        SubElement(note, "staff").text = str(place.staff)
    if kinds or heads.keys() & {"fermata", "technical"}:
        notations = SubElement(note, "notations")
        for kind in kinds:
            SubElement(notations, "tied", type=kind)
        notations.extend([heads["technical"]] if "technical" in heads else [])
        notations.extend([heads["fermata"]] if "fermata" in heads else [])
    return note


def _staccato(note: Element) -> None:
    """The dot of a note that sounds about half as long as it is written."""
    notations = note.find("notations")
    if notations is None:
        notations = SubElement(note, "notations")
    articulations = Element("articulations")
    SubElement(articulations, "staccato")
    held = notations.find("fermata")
    notations.insert(len(notations) if held is None else list(notations).index(held), articulations)


def _bracketed(notes: list[Element]) -> None:
    """A triplet's first and last note say so."""
    for note, kind in zip((notes[0], notes[-1]), ("start", "stop"), strict=True) if len(notes) > 1 else ():
        notations = note.find("notations")
        SubElement(notations if notations is not None else SubElement(note, "notations"), "tuplet", type=kind)


def _beamed(row: list[tuple[NotatedNote, list[Element]]]) -> None:
    """Beams over the notes of a beat, broken by rests."""
    for is_rest, group in groupby(row, key=lambda piece: piece[1][0].find("rest") is not None):
        notes = [(BEAMS.get(piece.name, 0), found[0]) for piece, found in group]
        for flagged, run in groupby(notes, key=lambda note: note[0] > 0):
            if flagged and not is_rest:
                _beams(list(run))


def _beams(notes: list[tuple[int, Element]]) -> None:
    if len(notes) < 2:
        return
    for i, (count, note) in enumerate(notes):
        before, after = notes[i - 1][0] if i else 0, notes[i + 1][0] if i + 1 < len(notes) else 0
        notations = note.find("notations")
        place = len(note) if notations is None else list(note).index(notations)
        for level in range(1, count + 1):
            beam = Element("beam", number=str(level))
            joined = before >= level, after >= level
            beam.text = {(True, True): "continue", (True, False): "end", (False, True): "begin"}.get(
                joined, "backward hook" if i else "forward hook")
            note.insert(place + level - 1, beam)
