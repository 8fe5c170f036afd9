"""A chorale as a score for choir: on two staves with two voices each, as in hymnals, or on four.

On two staves the stems of soprano and tenor point up, those of alto and bass down. On four, the tenor has a treble clef
and sounds an octave lower. Notes are spelled by the harmony (`onpu.music.spelled`).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.formats.musicxml.document import save
from onpu.formats.musicxml.measures import attributes, clef, close, measure, tempo_mark
from onpu.formats.musicxml.notation import ACCIDENTALS, Place, voice_notes, whole_rest
from onpu.formats.musicxml.parts import declaration
from onpu.formats.musicxml.rhythm import Bar
from onpu.formats.musicxml.voices import Event
from onpu.music.bars import Bars, bars
from onpu.music.chorale import STEPS, VOICES, Chorale
from onpu.music.quantise import TICKS
from onpu.music.spelled import spelled, written
from onpu.music.spelling import signed

STAVES = {"2": ((0, 1), (2, 3)), "4": ((0,), (1,), (2,), (3,))}
"""Number of staves -> the voices on each."""
CLEFS = {(0, 1): ("G", 2, 0), (2, 3): ("F", 4, 0), (0,): ("G", 2, 0), (1,): ("G", 2, 0), (2,): ("G", 2, -1),
         (3,): ("F", 4, 0)}


@dataclass(frozen=True)
class SungNote:
    """A note of a voice: start, end in ticks of the score, letter, alteration and octave, whether under a fermata."""

    start: int
    end: int
    name: tuple[str, int, int]
    held: bool


def write_choral(chorale: Chorale, path: str | os.PathLike[str], bpm: float, program: int, title: str = "",
                 creator: str = "", staves: str = "2") -> list[Path]:
    """Write the score; return the files written, here one. bpm: quarters a minute. program: General MIDI number.

    staves: 2 or 4. Fermatas stand in all voices, over what sounds where the soprano's begins. Raises `LabelError` where
    the chorale contradicts itself, `FormatError` where the place cannot be written to.
    """
    found = bars(chorale.validate().timeline(bpm, program))
    keys = [chorale.key] * len(found.numbers)
    lines = _sung(chorale)
    end = max((note.end for notes in lines for note in notes), default=0)
    parts = []
    for number, voices in enumerate(STAVES[staves]):
        name = " ".join(VOICES[voice].capitalize() for voice in voices)
        declared = declaration(f"P{number + 1}", name, number + 1, program)
        element = Element("part", id=f"P{number + 1}")
        staff = [lines[voice] for voice in voices]
        element.extend(_measures(staff, end, found, keys, clef(*CLEFS[voices]), number == 0))
        parts.append((declared, element))
    save(title or Path(path).stem, creator, parts, Path(path), bracketed=True)
    return [Path(path)]


def _sung(chorale: Chorale) -> list[list[SungNote]]:
    """The notes of each voice, on the grid of the beats, which begins with a whole quarter."""
    at = np.flatnonzero(chorale.attacks.any(axis=0))
    places = spelled(chorale.pitches[:, at], chorale.key)
    begins = np.flatnonzero(np.diff(chorale.fermata.astype(int), prepend=0) == 1)
    first, tick = int(chorale.bars[0]) % STEPS, TICKS // STEPS
    out = []
    for voice in range(len(VOICES)):
        starts, ends, pitches = chorale.line(voice)
        held = set((np.searchsorted(starts, begins, side="right") - 1).tolist())
        out.append([SungNote(max(0, start - first) * tick, (end - first) * tick,
                             written(int(places[voice, np.searchsorted(at, start)]), pitch), number in held)
                    for number, (start, end, pitch) in enumerate(zip(starts.tolist(), ends.tolist(), pitches.tolist(),
                                                                     strict=True)) if end > first])
    return out


def _measures(lines: Sequence[Sequence[SungNote]], end: int, found: Bars, keys: list[str], sign: Element,
              top: bool) -> Iterator[Element]:
    """The bars of a staff. end: tick at which the music, and with it the last bar, ends, as a beginning on an upbeat
    asks for. top: whether tempi stand above it."""
    divisions = TICKS
    while (divisions * found.quarters % TICKS).any():
        divisions *= 2
    for i, first in enumerate((found.firsts[:-1] * TICKS).tolist()):
        element = measure(found, i)
        element.extend(attributes(found, keys, i, divisions, [sign]))
        element.extend(tempo_mark(found, i) if top else [])
        left = -(-(end - first) // TICKS) if i == len(found.numbers) - 1 else int(found.beats[i])
        bar = Bar(max(1, min(left, int(found.beats[i]))), float(found.quarters[i]))
        tick = round(bar.quarters * divisions) // TICKS
        shown = _accidentals(lines, first, first + bar.end, keys[i])
        for voice, notes in enumerate(lines):
            if voice:
                back = SubElement(element, "backup")
                SubElement(back, "duration").text = str(bar.end * tick)
            place = Place(voice + 1, 0, ("up", "down")[voice] if len(lines) > 1 else "", tick, True)
            events = [Event(note.start, note.end, 0.0, [number]) for number, note in enumerate(notes)
                      if note.start < first + bar.end and note.end > first]
            if events:
                element.extend(voice_notes(events, first, bar, _Heads(notes, voice, shown), place))
            else:
                element.append(whole_rest(bar, place))
        if i == len(found.numbers) - 1:
            close(element)
        yield element


def _accidentals(lines: Sequence[Sequence[SungNote]], first: int, stop: int, key: str) -> set[tuple[int, int]]:
    """Voice and number of the notes in a bar that are not what the signature, or a note before them, says."""
    inside = sorted((note.start, voice, number) for voice, notes in enumerate(lines)
                    for number, note in enumerate(notes) if first <= note.start < stop)
    said: dict[tuple[str, int], int] = {}
    shown = set()
    for _, voice, number in inside:
        letter, alter, octave = lines[voice][number].name
        if said.get((letter, octave), signed(letter, key)) != alter:
            said[letter, octave] = alter
            shown.add((voice, number))
    return shown


@dataclass(frozen=True)
class _Heads:
    """What stands for the notes of a voice in a bar (`onpu.formats.musicxml.notation.Head`)."""

    notes: Sequence[SungNote]
    voice: int
    shown: set[tuple[int, int]]

    def __call__(self, member: int, tied: bool) -> list[Element]:
        letter, alter, octave = self.notes[member].name
        pitch = Element("pitch")
        SubElement(pitch, "step").text = letter
        if alter:
            SubElement(pitch, "alter").text = str(alter)
        SubElement(pitch, "octave").text = str(octave)
        out = [pitch]
        if not tied and (self.voice, member) in self.shown:
            out.append(Element("accidental"))
            out[-1].text = ACCIDENTALS[alter]
        if not tied and self.notes[member].held:
            out.append(Element("fermata", type=("upright", "inverted")[self.voice]))
        return out
