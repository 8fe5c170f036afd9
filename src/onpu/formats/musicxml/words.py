"""Words under the notes of a part."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from onpu.music.arrays import Integers
from onpu.music.bars import Bars
from onpu.music.lead import Lead, Line
from onpu.music.quantise import TICKS
from onpu.music.syllables import SungSyllable, syllables
from onpu.music.voice import Voice


def lyric(syllable: SungSyllable, number: int = 1) -> Element:
    """A syllable of a verse, as the last element of a note."""
    element = Element("lyric", number=str(number))
    SubElement(element, "syllabic").text = syllable.place
    SubElement(element, "text").text = syllable.text
    return element


def words_at(voice: Voice | None, found: Bars, starts: Integers, ends: Integers) -> dict[int, SungSyllable]:
    """Tick at which a note begins -> what is sung on it. starts, ends: (n,) ticks of the notes that are sung."""
    order = np.argsort(starts, kind="stable")
    line = Line(starts[order], ends[order], np.zeros(len(order)), np.zeros(len(order), bool))
    said = syllables(voice, Lead(found, [""] * len(found.numbers), [], line, False))
    return {int(line.starts[row]): syllable for row, syllable in said.items()}


def write_words(part: Element, found: Bars, divisions: int, words: Mapping[int, SungSyllable]) -> None:
    """Put syllables under the notes of the upper voice of a part's measures that begin at their ticks."""
    for i, measure in enumerate(part.findall("measure")):
        tick, now = round(found.quarters[i] * divisions) // TICKS, 0
        for note in measure.findall("note"):
            if note.findtext("voice") != "1" or note.find("chord") is not None:
                continue
            begun = note.find("pitch") is not None and all(tie.get("type") != "stop" for tie in note.findall("tie"))
            at = int(found.firsts[i]) * TICKS + now // tick
            if begun and at in words:
                note.append(lyric(words[at]))
            now += int(note.findtext("duration") or 0)
