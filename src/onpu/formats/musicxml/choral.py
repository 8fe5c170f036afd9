"""A chorale as a score for choir: four staves, soprano, alto, tenor (treble clef, an octave lower), bass."""

import os
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from onpu.formats.musicxml.document import save
from onpu.formats.musicxml.measures import clef
from onpu.formats.musicxml.parts import Part, declaration
from onpu.formats.musicxml.score import measures_of
from onpu.formats.musicxml.voices import Event
from onpu.music.bars import bars
from onpu.music.chorale import STEPS, VOICES, Chorale
from onpu.music.quantise import TICKS
from onpu.music.signatures import keys_of

CLEFS = (("G", 2, 0), ("G", 2, 0), ("G", 2, -1), ("F", 4, 0))


def write_choral(chorale: Chorale, path: str | os.PathLike[str], bpm: float, program: int, title: str = "",
                 creator: str = "") -> list[Path]:
    """Write the score; return the files written, here one. bpm: quarters a minute. program: General MIDI number.

    Fermatas stand in all voices, over what sounds where the soprano's begins. Raises `LabelError` where the chorale
    contradicts itself, `FormatError` where the place cannot be written to.
    """
    timeline = chorale.validate().timeline(bpm, program)
    found = bars(timeline)
    keys = keys_of(found, timeline)
    parts = []
    for voice in range(len(VOICES)):
        part = _part(chorale, voice, program)
        element = Element("part", id=part.declared.get("id", ""))
        element.extend(list(measures_of(part, found, keys, {}, {}, False)))
        parts.append((part.declared, element))
    save(title or Path(path).stem, creator, parts, Path(path))
    return [Path(path)]


def _part(chorale: Chorale, voice: int, program: int) -> Part:
    starts, ends, pitches = chorale.line(voice)
    first, tick = chorale.bars[0] % STEPS, TICKS // STEPS  # the grid of the beats begins with a whole quarter
    events = [Event(int(max(0, start - first)) * tick, int(end - first) * tick, float(pitch), [number])
              for number, (start, end, pitch) in enumerate(zip(starts, ends, pitches, strict=True)) if end > first]
    begins = np.flatnonzero(np.diff(chorale.fermata.astype(int), prepend=0) == 1)
    held = frozenset(int(note) for note in np.searchsorted(starts, begins, side="right") - 1 if note >= 0)
    declared = declaration(f"P{voice + 1}", VOICES[voice].capitalize(), voice + 1, program)
    return Part(declared, [[events]], [clef(*CLEFS[voice])], pitches, False, held)
