"""Chords, sections and metres of American chart songs (McGill Billboard, CC0; Burgoyne, Wild & Fujinaga, "An Expert
Ground Truth Set for Audio Chord Recognition and Music Analysis", ISMIR 2011), given to the composer's bands: harmony,
form and metre are the song's; melody, accompaniment, drums and style are composed.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.billboard_songs import ChordBar, ChordSong, SongSection, songs
from onpu.data.corpora.reading import loosely
from onpu.data.corpora.staging import Stage, likely_style, perform_stage, rng_for
from onpu.engine.compose.band import seat_players
from onpu.engine.compose.chord import Chord
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.form import ENERGY, Section
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sketch import Sketch, Span
from onpu.engine.compose.song import Song
from onpu.engine.compose.styles import STYLES
from onpu.errors import DataError

_NAMES = {"trans": "transition", "prechorus": "pre-chorus", "pre chorus": "pre-chorus", "instrumental": "solo",
          "fadeout": "outro", "coda": "outro", "ending": "outro", "pre-verse": "interlude"}
"""The annotators' name of a section -> the composer's."""
_ENERGY = {"pre-chorus": 0.7, "interlude": 0.65, "transition": 0.6, "refrain": 0.85}
"""Of sections that `ENERGY` does not have; of others it is as between them."""
_OTHER_ENERGY = 0.65
_GENRES = ("pop", "rock", "soul", "gospel", "funk", "disco", "country", "folk", "blues", "latin", "electronic", "jazz",
           "metal")
_SPREAD = 0.15
"""Share by which the tempo may leave the recording's."""
_BPM = (40.0, 230.0)
_LEAST_BARS = 8
_ATTEMPTS = 40
"""Songs that are drawn until one is long enough."""
_COMMON, _RARE = "4/4", 0.25
"""The metre of most songs, and the chance that a song in another one is drawn."""
_SEPARATOR = " #"
"""Between a section's name and the number of its music, where several of that name differ."""


def billboard(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A stretch of a chart song's form and harmony, in the annotated metre, performed by a band in a style that suits.

    path: the zip file billboard.zip. seconds: about how long; less where there is no longer row of annotated bars.
    split: `train` or `test`, a tenth of the songs. Tempo (the recording's, within 15 %), key, style, melody and
    everybody's parts are drawn; sections that have the same chords are the same music. Chord labels are what sounds of
    the annotated ones. Pure function of the file's content and the arguments. Raises `DataError` when the file is
    missing or something else.
    """
    rng = rng_for("billboard", seed, seconds)
    song, sections = _drawn(path, split, seconds, rng)
    bpm = float(np.clip(loosely(song.bpm, _SPREAD, rng), *_BPM))
    signature = sections[0].bars[0].signature
    style = STYLES[likely_style(signature, bpm, _GENRES, rng)]
    style = replace(style, harmony={}, changes=0.0, metres={signature.name: 1.0})
    timing = draw(rng, style.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.6 else between(rng, 0.5, 1.2)
    placed = placed_sections(song, sections, int(rng.random() * 12), style.breaks, rng)
    stage = Stage(style, placed, bpm, timing, human, 0.0, seat_players(style, human, rng), {})
    performed = perform_stage(seed, f"billboard/{style.genre}", stage, None, rng)
    line = performed.timeline
    named = line.sections
    if named is not None:
        line = replace(line, sections=replace(named, labels=np.array(
            [label.split(_SEPARATOR)[0] for label in named.labels.tolist()], dtype=np.str_)))
    plain = all(section.tonic in song.modes for section in sections)
    return replace(performed, timeline=line if plain else replace(line, keys=None)).validate()


def placed_sections(song: ChordSong, sections: list[SongSection], swap: int, breaks: float,
                    rng: np.random.Generator) -> list[Placed]:
    """The sections in a row, transposed by semitones; alike where name and chords are alike. breaks: as in `Style`."""
    sketches: dict[tuple[str, int, tuple[ChordBar, ...]], tuple[str, Sketch]] = {}
    counts: dict[str, int] = {}
    energies: dict[str, float] = {}
    lift = draw(rng, {0.0: 2.0, 0.1: 1.0, -0.1: 1.0})
    placed: list[Placed] = []
    start = 0.0
    for number, section in enumerate(sections):
        name = _NAMES.get(section.name, section.name)
        same = name, section.tonic, section.bars
        if same not in sketches:
            counts[name] = counts.get(name, 0) + 1
            label = name if counts[name] == 1 else f"{name}{_SEPARATOR}{counts[name]}"
            key = song.key(section.tonic).transpose(swap)
            sketches[same] = label, Sketch(tuple(bar.signature for bar in section.bars),
                                           _spans(section.bars, swap), key, 4 if len(section.bars) % 4 == 0 or len(
                                               section.bars) > 8 else len(section.bars))
        label, sketch = sketches[same]
        if name not in energies:
            usual = ENERGY.get(name, _ENERGY.get(name, _OTHER_ENERGY))
            energies[name] = float(np.clip(usual + lift + 0.1 * rng.standard_normal(), 0.1, 1.0))
        stops = number + 1 < len(sections) and rng.random() < 0.4 * breaks
        placed.append(Placed(Section(label, len(section.bars), energies[name], 0), start, sketch, stops))
        start += sketch.length
    return placed


def _drawn(path: Path, split: str, seconds: float, rng: np.random.Generator) -> tuple[ChordSong, list[SongSection]]:
    """A song and sections of it of about this length; where all that were met are shorter, the longest."""
    choice = songs(open_archive(path, "McGill Billboard, billboard.zip"), split)
    rare = [song for song in choice if song.signature.name != _COMMON] or choice
    best: tuple[float, ChordSong, list[SongSection]] | None = None
    for _ in range(_ATTEMPTS if choice else 0):
        song = pick(rng, choice if rng.random() > _RARE else rare)
        row = pick(rng, song.rows)
        wanted = seconds * song.bpm / 60
        at = int(rng.random() * len(row))
        while at > 0 and _beats(row[at:]) < wanted:
            at -= 1
        sections = _cut(row[at:], wanted)
        share = min(1.0, _beats(sections) / wanted)
        if sum(len(section.bars) for section in sections) >= _LEAST_BARS and (best is None or share > best[0]):
            best = share, song, sections
            if share > 0.8:
                break
    if best is None:
        raise DataError(f"{path}: holds no {split} song with {_LEAST_BARS} annotated bars; fetch the zip file again")
    return best[1], best[2]


def _cut(row: tuple[SongSection, ...], beats: float) -> list[SongSection]:
    """Sections until there are so many beats; the last one ends after four bars, or eight, where it is long."""
    kept: list[SongSection] = []
    for section in row:
        left = beats - _beats(kept)
        if left <= 0:
            break
        over = next((count for count in range(4, len(section.bars), 4)
                     if sum(bar.signature.beats for bar in section.bars[:count]) >= left), len(section.bars))
        kept.append(replace(section, bars=section.bars[:over]))
    return kept


def _beats(sections: tuple[SongSection, ...] | list[SongSection]) -> int:
    return sum(bar.signature.beats for section in sections for bar in section.bars)


def _spans(bars: tuple[ChordBar, ...], swap: int) -> tuple[Span, ...]:
    """The chords over the section's bars, equal neighbours joined."""
    changes: list[tuple[float, Chord]] = []
    start = 0.0
    for bar in bars:
        for place, chord in bar.chords:
            if not changes or changes[-1][1] != chord.transpose(swap):
                changes.append((start + place, chord.transpose(swap)))
        start += bar.signature.length
    ends = [*(place for place, _ in changes[1:]), start]
    return tuple(Span(place, end, chord) for (place, chord), end in zip(changes, ends, strict=True))
