"""What two listeners say of the form of POP909's songs, on the bars of their lead sheets.

Dai, Zhang & Dannenberg, "Automatic analysis and influence of hierarchical structure on melody, rhythm and harmony in
popular music" (MuMe 2020; licence MIT), `pop909-structure.zip`: folder NNN with `human_label1.txt` and
`human_label2.txt`, such as `i4A4B8x2o3`: phrases, a letter and a length in bars each. Equal letters are alike; capital
ones have the melody. i and o are intro and outro, b an interlude; what x and X stand for is heard once. Their bars are
counted from another beginning than the lead sheet's, which `melody.txt` (pitch, 0 for a rest, and length in sixteenths)
tells.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.downbeats import Run
from onpu.data.corpora.leadsheet import LeadSheet
from onpu.errors import DataError
from onpu.music import Beats, Sections, Timeline

READINGS = 2
SECTION_BARS = 8
"""Phrases of one letter that follow each other are one section up to so many bars: one listener's A4A4 is the other's
A8."""
_NAMES = {"i": "intro", "o": "outro", "b": "interlude"}
_ONCE = "xX"
_MATCHED, _MARGIN = 0.8, 0.15
"""Share of the notes of either melody that must lie where the other has them, and by how much the next best place must
be worse."""
_LEAST_NOTES = 16
_EDGE_BARS = 2
"""Bars beside what a listener read that belong to the first or last phrase."""
_SOON = 1e-3
_PHRASE = re.compile(r"([A-Za-z])(\d+)")


@dataclass(frozen=True)
class NamedBars:
    """So many bars of one label."""

    label: str
    bars: int


Reading = tuple[NamedBars, ...]
"""The phrases of a stretch, in order and without gaps."""


@dataclass(frozen=True)
class Listeners:
    """Two listeners' readings of all songs; chosen: the one whom a band follows."""

    archive: Archive
    chosen: int

    def read(self, plain: LeadSheet, sheet: LeadSheet, run: Run, first: int,
             bars: int) -> tuple[Reading, Reading] | None:
        """Both readings (see `readings`) in the bars of a sheet, which may be counted twice as fast as the plain one.
        """
        twice = round(sheet.bpm / plain.bpm)
        found = readings(self.archive, plain, plain.runs[sheet.runs.index(run)], first // twice, bars // twice)
        if found is None:
            return None
        one, other = (tuple(NamedBars(each.label, twice * each.bars) for each in reading) for reading in found)
        return one, other


def listeners_of(structure: Path, seed: int) -> Listeners:
    """The readings in a zip file, one of which a seed chooses. Raises `DataError`."""
    return Listeners(open_archive(structure, "the sections of POP909's songs, pop909-structure.zip"), seed % READINGS)


def readings(archive: Archive, sheet: LeadSheet, run: Run, first: int, bars: int) -> tuple[Reading, Reading] | None:
    """The sections of both listeners (see `joined`) in `bars` bars of a run from its bar `first` on; None where it is
    not certain where they lie, or where they did not read all of it. Raises `DataError` for files that are none."""
    found = _read(archive, sheet.name)
    before = None if found is None else _bars_before(found.melody, sheet, run)
    if found is None or before is None:
        return None
    one, other = (_cut(reading, before + first, bars) for reading in found.phrases)
    return None if one is None or other is None else (joined(one), joined(other))


def joined(reading: Reading) -> Reading:
    """Sections: phrases of one label in a row, as long as they have `SECTION_BARS` together at most."""
    out: list[NamedBars] = []
    for phrase in reading:
        if out and out[-1].label == phrase.label and out[-1].bars + phrase.bars <= SECTION_BARS:
            out[-1] = NamedBars(phrase.label, out[-1].bars + phrase.bars)
        else:
            out.append(phrase)
    return tuple(out)


def sections_of(reading: Reading, timeline: Timeline) -> Sections:
    """The phrases of a reading as sections of a performance, whose timeline has sections from the first of these bars
    to the last."""
    beats, placed = timeline.require(Beats), timeline.require(Sections)
    times = np.append(beats.downbeats[beats.downbeats >= placed.starts[0] - _SOON], placed.ends[-1])
    edges = times[np.minimum(np.cumsum([0, *(phrase.bars for phrase in reading)]), len(times) - 1)]
    edges[-1] = times[-1]
    labels = np.array([phrase.label for phrase in reading])
    return Sections(edges[:-1], edges[1:], labels, np.ones(len(labels))).select(edges[1:] > edges[:-1])


@dataclass(frozen=True, eq=False)
class _Form:
    """Both listeners' phrases of a song, and its melody (n, 2): quarters from their first bar on, and pitch."""

    phrases: tuple[Reading, Reading]
    melody: np.ndarray


@lru_cache(64)
def _read(archive: Archive, name: str) -> _Form | None:
    """The files of a song; None where the listeners counted different numbers of bars."""
    one, other = (_parsed(archive, f"{name}/human_label{number + 1}.txt") for number in range(READINGS))
    if abs(sum(phrase.bars for phrase in one) - sum(phrase.bars for phrase in other)) > _EDGE_BARS:
        return None
    melody, now = [], 0.0
    for line in archive.text(f"{name}/melody.txt").splitlines():
        try:
            pitch, length = (float(value) for value in line.split())
        except ValueError:
            raise DataError(f"{archive.path}: {name}/melody.txt is no melody; fetch the file again") from None
        if pitch > 0:
            melody.append((now, pitch))
        now += length / 4
    return _Form((one, other), np.array(melody).reshape(-1, 2))


def _parsed(archive: Archive, file: str) -> Reading:
    """`i4A4x2x2` as phrases; what is heard once has a number."""
    text = "".join(archive.text(file).split())
    if not re.fullmatch(f"({_PHRASE.pattern})+", text):
        raise DataError(f"{archive.path}: {file} is no reading such as i4A4B8o3; fetch the file again")
    found = _PHRASE.findall(text)
    return tuple(NamedBars(f"{letter}{index}" if letter in _ONCE else _NAMES.get(letter, letter), int(bars))
                 for index, (letter, bars) in enumerate(found) if int(bars))


def _bars_before(melody: np.ndarray, sheet: LeadSheet, run: Run) -> int | None:
    """How many of the listeners' bars lie before a run; None where no place fits, or several do."""
    beats = sheet.signature.beats
    end = run.start + run.bars * beats
    own = [note for note in sheet.lines["MELODY"] if run.start <= note.start < end]
    there = {(round(4 * note.start) + late, note.pitch) for note in own for late in (-1, 0, 1)}
    shares = []
    for bars in range(-run.bars, int(melody[:, 0].max(initial=0.0) / beats) + 1):
        moved = melody[:, 0] + run.start - bars * beats
        inside = (moved >= run.start) & (moved < end)
        known = [(round(4 * start), int(pitch)) in there for start, pitch in zip(
            moved[inside].tolist(), melody[inside, 1].tolist(), strict=True)]
        shares.append((sum(known) / max(len(known), len(own), _LEAST_NOTES), bars))
    (best, bars), *others = sorted(shares, reverse=True) or [(0.0, 0)]
    second = others[0][0] if others else 0.0
    return bars if best >= _MATCHED and best - second >= _MARGIN else None


def _cut(reading: Reading, first: int, bars: int) -> Reading | None:
    """The phrases in `bars` bars from bar `first` of a reading on; None where more than a few were not read."""
    last, total = first + bars, sum(phrase.bars for phrase in reading)
    if first < -_EDGE_BARS or last > total + _EDGE_BARS:
        return None
    out: list[NamedBars] = []
    edge = 0
    for number, phrase in enumerate(reading):
        begin = first if number == 0 else edge
        edge += phrase.bars
        end = max(last, edge) if number == len(reading) - 1 else edge
        inside = min(end, last) - max(begin, first)
        if inside > 0:
            out.append(NamedBars(phrase.label, inside))
    return tuple(out)
