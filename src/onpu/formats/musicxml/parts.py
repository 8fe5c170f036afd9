"""Which parts a score has: staves, clefs and voices of each instrument, and the drums."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.formats.general_midi import PERCUSSION, PROGRAMS
from onpu.formats.musicxml.hands import left_hand
from onpu.formats.musicxml.measures import clef
from onpu.formats.musicxml.voices import Event, voices
from onpu.music.drums import Drums
from onpu.music.fingering import Fret
from onpu.music.instruments import FAMILIES, family_of
from onpu.music.notes import Notes
from onpu.music.pedal import Pedal
from onpu.music.players import BandPlayer
from onpu.music.quantise import TICKS
from onpu.music.sheet import TRANSPOSITIONS, Transposition

TWO_HANDS = frozenset([*range(8), *range(16, 22), 8, 9, 11, 12, 15, 46])
"""Programs of instruments that are written on two staves: keyboards, mallets, harp."""
GUITARS, BASSES = range(24, 32), range(32, 40)
LOW_PITCH, HIGH_PITCH = 55, 65
"""Two staves also where a tenth of the notes lie below and a tenth above these pitches; one has the bass clef where
half lie below `BASS_CLEF`."""
BASS_CLEF = 57
TRANSPOSED = ("voice", "brass", "wind")
"""Families that are written for a transposing instrument where the user asks for one."""
LOW_VOICE = 62
"""A voice whose middle note lies below this has the treble clef of tenors."""
DRUM_CHANNEL, CHANNELS = 10, 16

PEDAL_SLACK = 0.05
"""Seconds after the pedal is let go in which what it held ends."""

FEET = frozenset({35, 36, 44})
KIT_PLACES = {
    35: ("E4", ""), 36: ("F4", ""), 37: ("C5", "x"), 38: ("C5", ""), 39: ("C5", "triangle"), 40: ("C5", ""),
    41: ("G4", ""), 42: ("G5", "x"), 43: ("A4", ""), 44: ("D4", "x"), 45: ("B4", ""), 46: ("G5", "circle-x"),
    47: ("D5", ""), 48: ("E5", ""), 49: ("A5", "x"), 50: ("F5", ""), 51: ("F5", "x"), 52: ("B5", "x"),
    53: ("F5", "diamond"), 54: ("D5", "triangle"), 55: ("B5", "x"), 56: ("E5", "triangle"), 57: ("B5", "x"),
    59: ("F5", "x"),
}
"""Sound -> line of a staff with the percussion clef, and head (Weinberg, "Guide to Standardized Drumset Notation",
Percussive Arts Society 1998)."""
UNKNOWN_DRUM = ("C6", "x")


@dataclass(frozen=True)
class Part:
    """declared: the `score-part`. staves: of each its voices. clefs: one a staff. pitches: of the notes that events
    refer to; of drums their sounds. held: numbers of the notes that have a fermata. program: General MIDI. velocities:
    of the notes, empty where they are not known. transposition: of the instrument. frets, lines: of a tablature,
    where each note is played, and the open strings."""

    declared: Element
    staves: list[list[list[Event]]]
    clefs: list[Element]
    pitches: np.ndarray
    drums: bool
    held: frozenset[int] = frozenset()
    program: int = 0
    velocities: np.ndarray = field(default_factory=lambda: np.zeros(0))
    transposition: Transposition = TRANSPOSITIONS["C"]
    frets: dict[int, Fret] = field(default_factory=dict)
    lines: tuple[int, ...] = ()


def instruments(notes: Notes, band: list[BandPlayer], starts: np.ndarray, ends: np.ndarray, pedal: Pedal | None,
                transposition: Transposition, lengths: np.ndarray) -> list[Part]:
    """A part for each player. starts, ends: (n,) ticks. transposition: of voices, winds and brass. lengths: (n,) ticks
    that notes sound, not rounded, NaN where they are not known."""
    kept = _kept(notes, starts, ends, pedal)
    parts = []
    for number, player in enumerate(band):
        mine = player.rows
        pitches = np.clip(np.rint(notes.pitches[mine]), 0, 127).astype(np.int64)
        moved = player.sung or list(FAMILIES)[int(family_of(np.array([player.program]))[0])] in TRANSPOSED
        declared = declaration(f"P{number + 1}", player.name, _channel(number), player.program)
        part = _instrument(declared, player.program, pitches, starts[mine], ends[mine], kept[mine], player.sung,
                           lengths[mine])
        parts.append(replace(part, program=player.program, velocities=notes.velocities[mine],
                             transposition=transposition if moved else TRANSPOSITIONS["C"]))
    return parts


def kit(drums: Drums, starts: np.ndarray, number: int) -> Part:
    """The percussion part: hands with stems up, feet with stems down; a hit lasts until the next or the next beat."""
    sounds = np.clip(drums.pitches, 0, 127).astype(np.int64)
    staff = []
    for mine in (~np.isin(sounds, list(FEET)), np.isin(sounds, list(FEET))):
        events = []
        places = np.unique(starts[mine]).tolist()
        for start, following in pairwise([*places, np.inf]):
            _, first = np.unique(sounds[mine & (starts == start)], return_index=True)
            members = np.flatnonzero(mine & (starts == start))[first]
            end = int(min(following, (start // TICKS + 1) * TICKS))
            events.append(Event(start, end, 0.0, members.tolist(), hit=True))
        staff.append(events)
    declared = Element("score-part", id=f"P{number}")
    SubElement(declared, "part-name").text = "Drums"
    used = np.unique(sounds).tolist()
    for sound in used:
        instrument = SubElement(declared, "score-instrument", id=f"P{number}-I{sound + 1}")
        SubElement(instrument, "instrument-name").text = PERCUSSION.get(sound, f"Sound {sound}")
    for sound in used:
        midi = SubElement(declared, "midi-instrument", id=f"P{number}-I{sound + 1}")
        SubElement(midi, "midi-channel").text = str(DRUM_CHANNEL)
        SubElement(midi, "midi-unpitched").text = str(sound + 1)
    return Part(declared, [staff], [clef("percussion", 2)], sounds, True)


def _instrument(declared: Element, program: int, pitches: np.ndarray, starts: np.ndarray, ends: np.ndarray,
                kept: np.ndarray, sung: bool, lengths: np.ndarray) -> Part:
    wide = not sung and np.quantile(pitches, 0.1) < LOW_PITCH and np.quantile(pitches, 0.9) > HIGH_PITCH
    left = np.zeros(len(pitches), bool)
    if program in TWO_HANDS or (wide and program not in GUITARS):
        left = left_hand(starts, pitches)
    if left.any() and not left.all():
        staves = [_staff(hand, starts, ends, pitches, kept, lengths) for hand in (~left, left)]
        return Part(declared, staves, [clef("G", 2, staff=1), clef("F", 4, staff=2)], pitches, False)
    octaves = -1 if program in GUITARS or program in BASSES or (sung and np.median(pitches) < LOW_VOICE) else 0
    low = not sung and (program in BASSES or (np.median(pitches) < BASS_CLEF and program not in GUITARS))
    staff = _staff(np.ones(len(pitches), bool), starts, ends, pitches, kept, lengths)
    return Part(declared, [staff], [clef("F", 4, octaves) if low else clef("G", 2, octaves)], pitches, False)


def declaration(name: str, title: str, channel: int, program: int) -> Element:
    """The `score-part` of an instrument: name for references, title that is printed, MIDI channel and program."""
    declared = Element("score-part", id=name)
    SubElement(declared, "part-name").text = title
    instrument = SubElement(declared, "score-instrument", id=f"{name}-I1")
    SubElement(instrument, "instrument-name").text = PROGRAMS[program]
    midi = SubElement(declared, "midi-instrument", id=f"{name}-I1")
    SubElement(midi, "midi-channel").text = str(channel)
    SubElement(midi, "midi-program").text = str(program + 1)
    return declared


def renamed(declared: Element, name: str) -> Element:
    """A `score-part` under another name for references."""
    copied = deepcopy(declared)
    for element in copied.iter():
        if element.get("id"):
            element.set("id", name + str(element.get("id")).removeprefix(str(declared.get("id"))))
    return copied


def _staff(mine: np.ndarray, starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray,
           kept: np.ndarray, lengths: np.ndarray) -> list[list[Event]]:
    """Voices of the chosen notes, whose events refer to all."""
    chosen = np.flatnonzero(mine)
    staff = voices(starts[chosen], _let_go(starts[chosen], ends[chosen], kept[chosen]),
                   pitches[chosen].astype(np.float64), kept[chosen], lengths[chosen])
    for voice in staff:
        for event in voice:
            event.members = chosen[event.members].tolist()
    return staff


def _let_go(starts: np.ndarray, ends: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Ends (n,) of notes as they are written: what only the pedal holds, until the staff's next note."""
    places = np.append(np.unique(starts), np.iinfo(np.int64).max)
    following = places[np.searchsorted(places, starts, side="right")]
    return np.where(kept < ends, np.minimum(ends, np.maximum(following, starts + 1)), ends)


def _channel(number: int) -> int:
    """MIDI channels from 1 on without that of the drums, over again where they do not suffice."""
    others = [channel for channel in range(1, CHANNELS + 1) if channel != DRUM_CHANNEL]
    return others[number % len(others)]


def _kept(notes: Notes, starts: np.ndarray, ends: np.ndarray, pedal: Pedal | None) -> np.ndarray:
    """Ticks until which the key of each note is surely held: its end, but a beat where the pedal is down there."""
    if pedal is None or not len(pedal.starts):
        return ends
    i = np.maximum(np.searchsorted(pedal.starts, notes.offsets, side="right") - 1, 0)
    held = (notes.offsets > pedal.starts[i]) & (notes.offsets <= pedal.ends[i] + PEDAL_SLACK)
    return np.where(held, np.minimum(ends, starts + TICKS), ends)
