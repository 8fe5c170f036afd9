"""MusicXML -> timeline: the notes of a score as they sound."""

import io
import os
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.files import DAMAGED_ZIP
from onpu.formats.musicxml.tempo_marks import UNMARKED, marked_tempo, seconds_of
from onpu.formats.musicxml.unfolding import playing_order
from onpu.music import Beats, Keys, Metre, Notes, Timeline, Voice
from onpu.music.spelling import MODES, fifths, name_of

TEMPO_TAGS = ("direction", "sound")
"""Elements that may say a tempo."""
VELOCITY = 80
ABOVE = {"lydian": -1, "major": 0, "mixolydian": 1, "dorian": 2, "minor": 3, "phrygian": 4, "locrian": 5}
"""Fifths from the tonic of the major key with the same signature to that of the mode."""
CONTAINER = "META-INF/container.xml"
MOST_BYTES = 50_000_000
"""Of a score."""


@dataclass
class ParsedScore:
    """What has been read so far, in quarters. notes: start, end, MIDI pitch. words: notes with their syllables, of
    the first part that has any. measures: start, length, time signature of each. openings: whether it is the score's
    first. keys: start and label. tempi: start and quarters a minute."""

    notes: list[list[float]] = field(default_factory=list)
    words: list[tuple[list[float], str]] = field(default_factory=list)
    measures: list[tuple[float, float, tuple[int, int]]] = field(default_factory=list)
    openings: list[bool] = field(default_factory=list)
    keys: list[tuple[float, str]] = field(default_factory=list)
    tempi: list[tuple[float, float]] = field(default_factory=list)


def read_musicxml(path: str | os.PathLike[str]) -> Timeline:
    """Read a score, plain or compressed (.mxl): the notes of all parts, beats, metre and keys of the first, and the
    first verse of the first part that has words, as `voice`, a syllable a note.

    Tempo marks are followed, without any a quarter lasts half a second; repeats are played
    (`onpu.formats.musicxml.unfolding`), transposing instruments sound as they do, and grace notes, cues, slashes and
    unpitched notes are left out. Raises `FormatError` when the file cannot be read, is something else, or has its parts
    inside its measures.
    """
    path = Path(path)
    try:
        root = ElementTree.fromstring(_text(path))
        if root.tag != "score-partwise" or root.find("part/measure") is None:
            raise FormatError(f"{path}: holds no score of parts (score-partwise); export it as MusicXML again")
        written = ParsedScore()
        parts = root.findall("part")
        order = playing_order(parts[0].findall("measure"))
        for number, part in enumerate(parts):
            _read(part, written, order, number == 0)
        return _timeline(written)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except (ElementTree.ParseError, ValueError, LookupError, LabelError) as error:
        reason = " ".join(str(error).split())[:100]
        raise FormatError(f"{path}: is not complete MusicXML ({reason}); export it again") from None


def _text(path: Path) -> bytes:
    """The score itself; out of a compressed file the one that its container names first."""
    content = path.read_bytes()
    if content[:2] == b"PK":
        try:
            content = _unpacked(content)
        except DAMAGED_ZIP as error:
            raise ValueError(str(error) or "its zip file is damaged") from error
    if b"<!ENTITY" in content[:10_000]:
        raise ValueError("it defines entities")
    return content


def _unpacked(content: bytes) -> bytes:
    """The score that a compressed file's container names first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        roots = [element.get("full-path", "") for element in ElementTree.fromstring(archive.read(CONTAINER)).iter()
                 if element.tag.endswith("rootfile")]
        if archive.getinfo(roots[0]).file_size > MOST_BYTES:
            raise ValueError("it is far too long")
        return archive.read(roots[0])


@dataclass
class _InForce:
    """What is said that holds on. transposition: semitones from what is written to what sounds. tempo: quarters a
    minute."""

    divisions: float = 1.0
    signature: tuple[int, int] = (4, 4)
    fifths: int = 0
    mode: str = "major"
    keyed: bool = False
    transposition: int = 0
    tempo: float = UNMARKED

    def take(self, attributes: Element) -> None:
        """What an element of attributes changes."""
        self.divisions = float(attributes.findtext("divisions") or self.divisions)
        if attributes.find("time/beats") is not None:
            self.signature = (int(attributes.findtext("time/beats") or 0),
                              int(attributes.findtext("time/beat-type") or 0))
        if attributes.find("key/fifths") is not None:
            mode = str(attributes.findtext("key/mode") or "major")
            self.fifths, self.keyed = int(str(attributes.findtext("key/fifths"))), True
            self.mode = mode if mode in MODES else "major"
        if attributes.find("transpose") is not None:
            self.transposition = (round(float(attributes.findtext("transpose/chromatic") or 0))
                                  + 12 * round(float(attributes.findtext("transpose/octave-change") or 0)))

    def key(self) -> str:
        """The key that sounds, of as few accidentals as there may be where it is transposed."""
        moved = self.fifths + (7 * self.transposition + 6) % 12 - 6
        if self.transposition % 12:
            moved = moved + 12 if moved < -6 else moved - 12 if moved > 6 else moved
        return f"{name_of(moved + ABOVE[self.mode])}:{self.mode}"


def _read(part: Element, written: ParsedScore, order: list[int], first: bool) -> None:
    """Add the notes of a part, its measures in the order in which they are played; of the first part also measures and
    keys."""
    measures = part.findall("measure")
    inherited, now = [], _InForce()
    for measure in measures:
        inherited.append(replace(now))
        for element in measure:
            if element.tag == "attributes":
                now.take(element)
            elif element.tag in TEMPO_TAGS:
                now.tempo = marked_tempo(element) or now.tempo
    start, sung = 0.0, len(written.words)
    held: dict[int, list[float]] = {}
    for number in order:
        if number >= len(measures):
            break
        longest, signature = _measure(measures[number], start, inherited[number], held, written, first)
        if first:
            written.measures.append((start, longest, signature))
            written.openings.append(number == 0)
        start += longest
    if sung:
        del written.words[sung:]


def _measure(measure: Element, start: float, inherited: _InForce, held: dict[int, list[float]], written: ParsedScore,
             first: bool) -> tuple[float, tuple[int, int]]:
    """Add what a measure holds that begins at `start`; its length and time signature."""
    force = replace(inherited)
    keys = [(start, force.key())] if force.keyed else []
    tempi = [(start, force.tempo)]
    now = longest = before = 0.0
    for element in measure:
        duration = float(element.findtext("duration") or 0) / force.divisions
        if element.tag == "attributes":
            force.take(element)
            if element.find("key/fifths") is not None:
                keys.append((start + now, force.key()))
        elif element.tag in TEMPO_TAGS and (tempo := marked_tempo(element)) is not None:
            tempi.append((start + now, tempo))
        elif element.tag in ("backup", "forward"):
            now += duration if element.tag == "forward" else -duration
        elif element.tag == "note" and element.find("grace") is None and element.find("cue") is None:
            begins = before if element.find("chord") is not None else now
            if element.find("pitch") is not None and element.findtext("notehead") != "slash":
                note = _sound(element, start + begins, duration, force.transposition, held, written.notes)
                text = _syllable(element)
                if text:
                    written.words.append((note, text))
            before, now = begins, max(now, begins + duration)
        longest = max(longest, now)
    if first:
        written.keys += keys
        written.tempi += sorted(tempi, key=lambda row: row[0])
    return longest, force.signature


def _sound(note: Element, start: float, duration: float, transposition: int, held: dict[int, list[float]],
           notes: list[list[float]]) -> list[float]:
    """Add a note as it sounds, or make longer the one that it is tied to; which it is."""
    alter = round(float(note.findtext("pitch/alter") or 0))
    name = str(note.findtext("pitch/step"))
    pitch = 12 * (int(str(note.findtext("pitch/octave"))) + 1) + 7 * fifths(name) % 12 + alter + transposition
    ties = {tie.get("type") for tie in note.findall("tie")}
    if "stop" in ties and pitch in held:
        held[pitch][1] = start + duration
    else:
        held[pitch] = [start, start + duration, float(pitch)]
        notes.append(held[pitch])
    return held[pitch] if "start" in ties else held.pop(pitch)


def _syllable(note: Element) -> str:
    """What is sung on a note in the first verse; a hyphen at the end where the word goes on."""
    lyric = note.find("lyric")
    if lyric is None:
        return ""
    text = "".join(part.text or "" for part in lyric.findall("text")).strip()
    return f"{text}-" if text and lyric.findtext("syllabic") in ("begin", "middle") else text


def _voice(written: ParsedScore) -> Voice | None:
    """The words; each lasts to the next, or to the end of its note where that is sooner."""
    rows = sorted(((note[0], note[1], text) for note, text in written.words), key=lambda row: row[0])
    rows = [row for row, before in zip(rows, [None, *rows], strict=False) if before is None or row[0] > before[0]]
    if not rows:
        return None
    starts = np.array([row[0] for row in rows])
    ends = np.minimum(np.maximum([row[1] for row in rows], starts + 1e-3), np.append(starts[1:], np.inf))
    return Voice(seconds_of(starts, written.tempi), seconds_of(ends, written.tempi),
                 np.array([row[2] for row in rows], np.str_), np.ones(len(rows)))


def _timeline(written: ParsedScore) -> Timeline:
    rows = np.array(sorted(written.notes), dtype=np.float64).reshape(-1, 3)
    count, end = len(rows), sum(length for _, length, _ in written.measures)
    ends = np.maximum(rows[:, 1], rows[:, 0] + 1e-3)
    notes = Notes(seconds_of(rows[:, 0], written.tempi), seconds_of(ends, written.tempi), rows[:, 2],
                  np.full(count, VELOCITY), np.zeros(count, np.int64), np.ones(count))
    times: list[float] = []
    positions: list[int] = []
    changes: list[tuple[float, int, int]] = []
    for (start, length, (beats, unit)), opening in zip(written.measures, written.openings, strict=True):
        if beats < 1 or unit < 1:
            raise ValueError(f"a time signature {beats}/{unit}")
        compound = 3 if unit == 8 and beats % 3 == 0 and beats > 3 else 1
        beat = compound * 4 / unit
        inside = np.arange(0, length - 1e-6, beat)
        short = max(0, beats // compound - len(inside)) if opening else 0
        times += (start + inside).tolist()
        positions += (np.arange(len(inside)) + short + 1).tolist()
        if not changes or changes[-1][1:] != (beats, unit):
            changes.append((start, beats, unit))
    starts, numerators, denominators = (np.array(column) for column in zip(*changes, strict=True))
    last: dict[float, str] = {}
    for start, label in written.keys:
        if label != next(reversed(last.values()), ""):
            last[start] = label
    begins = np.array(list(last))
    keys = Keys(seconds_of(begins, written.tempi), seconds_of(np.append(begins[1:], end), written.tempi),
                np.array(list(last.values()), np.str_), np.ones(len(last))) if last and end else None
    marked = Beats.of(seconds_of(np.array(times), written.tempi), np.array(positions))
    metre = Metre(seconds_of(starts, written.tempi), numerators, denominators, np.ones(len(starts)))
    duration = float(seconds_of(np.array(end), written.tempi))
    return Timeline(duration, marked, notes=notes, keys=keys, metre=metre, voice=_voice(written)).validate()
