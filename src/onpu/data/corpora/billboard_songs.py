"""The annotations of the McGill Billboard corpus: bars with chords in sections, metre, tonic and tempo."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.splits import in_split
from onpu.engine.compose.chord import PLAYED, Chord, Tonality
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.errors import DataError, LabelError
from onpu.music.harte import QUALITIES, parse
from onpu.music.spelling import pitch_class

_LETTER = re.compile(r"[A-Z]'*")
_METRE = re.compile(r"\((\d+/\d+)\)")
_TIMES = re.compile(r"^\s*x(\d+)")
_CLEAR = 3.0
"""How many times as frequent one third must be on the tonic as the other, for the mode to be plain."""


class ChordBar(NamedTuple):
    """A bar: its metre, and chords with the quarter of the bar on which each begins."""

    signature: Signature
    chords: tuple[tuple[float, Chord], ...]


@dataclass(frozen=True)
class SongSection:
    """A section with its name, in small letters, and its bars; the tonic's pitch class."""

    name: str
    tonic: int
    bars: tuple[ChordBar, ...]


@dataclass(frozen=True)
class ChordSong:
    """A song: rows of sections without a bar between them whose harmony or length is not known. bpm: counted beats a
    minute of the recording, the median. modes: `major` or `minor` by tonic, where its own chord says so plainly."""

    title: str
    signature: Signature
    bpm: float
    rows: tuple[tuple[SongSection, ...], ...]
    modes: dict[int, str]

    def key(self, tonic: int) -> Tonality:
        """Key of a section; major where its mode is not plain."""
        return Tonality(tonic, self.modes.get(tonic, "major"))


def read_song(text: str) -> ChordSong | None:
    """The annotation of one song, as the corpus publishes it (salami_chords.txt); None without usable bars."""
    title = artist = section = ""
    tonic, metre = 0, "4/4"
    first: str | None = None
    rows: list[list[SongSection]] = [[]]
    paces: list[float] = []
    pending: list[tuple[float, float]] = []
    for line in text.splitlines():
        if line.startswith("#"):
            name, _, value = line[1:].partition(":")
            name, value = name.strip(), value.strip()
            title, artist = value if name == "title" else title, value if name == "artist" else artist
            metre = value if name == "metre" else metre
            tonic = pitch_class(value) if name == "tonic" else tonic
            continue
        time, _, body = line.partition("\t")
        if not body:
            continue
        pending.append((float(time), 0.0))
        head, bars = _bars(body, metre)
        first = first or (metre if bars else None)
        section = head or section
        whole = tuple(bar for bar in bars if bar is not None)
        if not bars or len(whole) < len(bars):
            rows.append([])
        else:
            pending[-1] = float(time), sum(bar.signature.beats for bar in whole)
            if head or not rows[-1] or rows[-1][-1].tonic != tonic:
                rows[-1].append(SongSection(section, tonic, whole))
            else:
                last = rows[-1][-1]
                rows[-1][-1] = SongSection(last.name, tonic, last.bars + whole)
    for (start, beats), (end, _) in pairwise(pending):
        if beats and end > start:
            paces.append(60 * beats / (end - start))
    kept = tuple(tuple(row) for row in rows if row)
    if not kept or not paces or first not in SIGNATURES:
        return None
    return ChordSong(f"{artist}: {title}", SIGNATURES[first][0], float(np.median(paces)), kept, _modes(kept))


@lru_cache(2)
def songs(archive: Archive, split: str) -> tuple[ChordSong, ...]:
    """Songs of a split, all annotations of one in the same. Raises `DataError` when the archive is another."""
    names = sorted(name for name in archive.names if re.search(r"/\d+\.txt$", name))
    if not names:
        raise DataError(f"{archive.path} holds no annotations NNNN.txt; give the zip file of McGill Billboard")
    found = (_song(archive, name) for name in names)
    return tuple(song for song in found if song is not None and in_split(song.title.lower(), split))


def _song(archive: Archive, name: str) -> ChordSong | None:
    try:
        return read_song(archive.text(name))
    except (ValueError, LabelError) as error:
        raise DataError(f"{archive.path}: {name} is no annotation ({error}); fetch the zip file again") from None


def _bars(body: str, metre: str) -> tuple[str, list[ChordBar | None]]:
    """Name of the section that begins with the line (empty: none does), and the line's bars, None for those that
    cannot be played; no bars in lines such as `silence`."""
    head, bar, rest = body.partition("|")
    names = [part.strip() for part in head.split(",") if part.strip()]
    name = next((part for part in names if not _LETTER.fullmatch(part) and not part.startswith("(")), "")
    if names and not name:
        name = names[0]
    if not bar or "Z" in names:
        return name, []
    inside, _, after = rest.rpartition("|")
    bars = [_bar(text, metre) for text in inside.split("|")]
    times = _TIMES.match(after)
    return name, bars * int(times.group(1)) if times else bars


def _bar(text: str, metre: str) -> ChordBar | None:
    own = _METRE.search(text)
    name = own.group(1) if own else metre
    tokens = _METRE.sub("", text).split()
    if name not in SIGNATURES or not tokens or tokens[0] == "." or any(
            token != "." and ":" not in token for token in tokens):
        return None
    signature = SIGNATURES[name][0]
    if len(tokens) > 1 and signature.beats % len(tokens):
        return None
    length = signature.length / len(tokens)
    return ChordBar(signature, tuple((index * length, played(token)) for index, token in enumerate(tokens)
                                     if token != "."))


@lru_cache(4096)
def played(label: str) -> Chord:
    """The nearest chord of `PLAYED` to a Harte label: with most of its tones and no others, where there is one."""
    chord = parse(label)
    bass = chord.bass % 12
    if chord.quality in PLAYED and "(" not in label:
        return Chord(chord.root, chord.quality, bass)
    tones = {tone % 12 for tone in chord.tones}
    known = {quality: {tone % 12 for tone in QUALITIES[quality]} for quality in PLAYED}
    nearest = max(PLAYED, key=lambda name: (
        known[name] <= tones, len(known[name] & tones) / len(known[name] | tones), name == chord.quality))
    return Chord(chord.root, nearest, bass)


def _modes(rows: tuple[tuple[SongSection, ...], ...]) -> dict[int, str]:
    """For each tonic the third that its chords have, where one of the two is three times as frequent."""
    counts: dict[int, list[int]] = {}
    for section in (section for row in rows for section in row):
        count = counts.setdefault(section.tonic, [0, 0])
        for _, chord in (chord for bar in section.bars for chord in bar.chords):
            if chord.root == section.tonic:
                third = 4 in QUALITIES[chord.quality], 3 in QUALITIES[chord.quality]
                count[0], count[1] = count[0] + third[0], count[1] + third[1]
    return {tonic: "major" if major > minor else "minor" for tonic, (major, minor) in counts.items()
            if max(major, minor) > _CLEAR * min(major, minor)}
