"""Real pop songs in new arrangements: POP909 (Wang et al., "POP909: A Pop-Song Dataset for Music Arrangement
Generation", ISMIR 2020) with the corrected chords and keys of POP909-CL (Yao et al., "BACHI: Boundary-Aware Symbolic
Chord Recognition", ICASSP 2026). Licence of the files: MIT.

The songs themselves are works under copyright: train on them, but publish no recognisable one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.leadsheet import LeadSheet, read_leadsheet
from onpu.data.corpora.pop909_form import Listeners, NamedBars, Reading, listeners_of, sections_of
from onpu.data.corpora.staging import Stage, likely_style, line_player, perform_stage, rng_for
from onpu.engine.compose.band import BandMember, seat_players
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.form import Section
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sketch import Note, Sketch, Span
from onpu.engine.compose.song import Song
from onpu.engine.compose.style import Style
from onpu.engine.compose.styles import STYLES
from onpu.errors import DataError, suggestion
from onpu.music import Sections

HELD_OUT = ("032", "064", "096", "128", "160", "192", "224", "256", "288", "320", "352", "416", "448", "480", "512",
            "544", "608", "672", "704", "736")
"""Songs that are kept for tests of what was learned: the first twenty multiples of 32 that can be arranged."""
VALIDATION = ("048", "080", "112", "176", "208", "240", "272", "304", "336", "368", "400", "464", "496", "528", "560",
          "656", "720", "752", "784")
"""Songs that are kept for choosing weights and decoders: odd multiples of 16 that can be arranged."""

_CORPUS = "POP909 with POP909-CL, pop909.zip"
_SCALE = (0.7, 1.4)
_BPM = (45.0, 200.0)
_SLOW = 85.0
_PHRASE = 4
_EARLY = 0.1
_ATTEMPTS = 40
_ARRANGEMENTS = {"piano": 0.28, "duo": 0.12, "trio": 0.12, "band": 0.48}
_GENRES = ("pop", "rock", "soul", "gospel", "funk", "disco", "electronic", "folk", "country", "latin", "jazz", "blues",
           "classical", "film", "new age")
_TRIO_GENRES = ("pop", "rock", "soul", "jazz", "blues", "latin")
_PIANOS = (0, 0, 0, 1, 2, 3)
_KEYBOARDS = (0, 1, 4, 5, 6, 11, 24, 25, 46)
_LEADS = (0, 4, 11, 12, 22, 24, 26, 27, 40, 41, 42, 52, 53, 54, 56, 64, 65, 66, 68, 71, 73, 75, 80, 81)
_SECONDS = (0, 11, 24, 25, 40, 46, 48, 49, 60, 61, 68, 71, 73, 88, 89)
_sheet = lru_cache(32)(read_leadsheet)
_QUIET = Style("pop", (60.0, 90.0, 140.0), (), {}, timing={"human": 0.45, "rubato": 0.4, "steady": 0.15})


@dataclass(frozen=True)
class Excerpt:
    """A stretch of a lead sheet that is to be arranged, everything in quarters from its first downbeat. form: its
    sections as a listener heard them; None where these are not known."""

    sheet: LeadSheet
    bpm: float
    lines: dict[str, list[Note]]
    placed: list[Placed]
    lead: float
    form: Reading | None = None

    def stage(self, style: Style, timing: str, human: float, players: list[BandMember],
              written: dict[int, list[Note]]) -> Stage:
        """The players before this music."""
        return Stage(style, self.placed, self.bpm, timing, human, self.lead, players, written)


def pop909(path: Path, seed: int, seconds: float = 60.0, split: str = "train", structure: Path | None = None) -> Song:
    """A stretch of one of the songs, arranged anew: piano alone, a solo with piano, a piano trio or a band.

    path: the zip file with the folders NNN/ of POP909 and in each the NNN_cl.mid of POP909-CL. seconds: about how long;
    less where there is no longer row of trustworthy bars. split: "train", "validation" (`VALIDATION`), "test"
    (`HELD_OUT`). structure: the zip file with two listeners' sections (`pop909_form`); None: none.
    Melody, second line, accompaniment and chords are the song's; key, tempo (times 0.7 to 1.4, now and then counted
    twice as fast), instruments, bass, drums and performance are drawn. Sections are labelled as one of the listeners
    heard them, which is drawn, where `structure` is given and it is certain where they lie; the band then follows
    them. The melody is not labelled where a piano plays it among other notes. Pure function of the files' content and
    the arguments. Raises `DataError` when a file is missing or something else.
    """
    rng = rng_for("pop909", seed, seconds)
    archive = open_archive(path, _CORPUS)
    listeners = None if structure is None else listeners_of(structure, seed)
    excerpt = _excerpt(archive, songs(archive, split), seconds, rng, listeners)
    kind = draw(rng, _ARRANGEMENTS)
    stage = _band(excerpt, rng) if kind == "band" else _small(excerpt, kind, rng)
    song = perform_stage(seed, f"pop909/{kind}", stage, None, rng, listened=False)
    melody = song.timeline.melody if kind in ("duo", "band") else None
    sections = None if excerpt.form is None else sections_of(excerpt.form, song.timeline)
    return replace(song, timeline=replace(song.timeline, sections=sections, melody=melody)).validate()


def band_of(path: Path, name: str, seed: int, seconds: float = 120.0) -> Song:
    """The song of this name (`096`) in its own key and tempo, by a band with bass and drums: for tests.

    Its longest stretch of trustworthy bars, `seconds` at most. Melody, second line, accompaniment and chords are the
    song's; instruments, bass, drums and performance are drawn. Raises `DataError` as `pop909` does, and for a song that
    cannot be arranged.
    """
    return _band_of(open_archive(path, _CORPUS), name, seed, seconds, None)[0]


def band_and_form(path: Path, structure: Path, name: str, seed: int,
                  seconds: float = 300.0) -> tuple[Song, tuple[Sections, Sections]] | None:
    """As `band_of`, and the sections as each of two listeners heard them; None where it is not certain where they lie.

    The band follows one of the listeners, which the seed chooses, and the song's labels are that one's.
    """
    archive = open_archive(path, _CORPUS)
    listeners = listeners_of(structure, seed)
    song, form = _band_of(archive, name, seed, seconds, listeners)
    if form is None:
        return None
    one, other = (sections_of(reading, song.timeline) for reading in form)
    chosen = (one, other)[listeners.chosen]
    return replace(song, timeline=replace(song.timeline, sections=chosen)), (one, other)


def _band_of(archive: Archive, name: str, seed: int, seconds: float,
             listeners: Listeners | None) -> tuple[Song, tuple[Reading, Reading] | None]:
    """The song, whose sections are where the band's material begins if both listeners' readings are there, and
    these."""
    sheet = _sheet(archive, name) if name in songs(archive, "train") + HELD_OUT + VALIDATION else None
    if sheet is None:
        raise DataError(f"{archive.path}: there is no song {name!r} that can be arranged; {suggestion(name, HELD_OUT)}")
    run = max(sheet.runs, key=lambda run: run.bars)
    bars = max(_PHRASE, min(run.bars, int(seconds * sheet.bpm / 60 / sheet.signature.beats)) // _PHRASE * _PHRASE)
    form = None if listeners is None else listeners.read(sheet, sheet, run, 0, bars)
    chosen = None if listeners is None or form is None else form[listeners.chosen]
    for attempt in range(_ATTEMPTS):
        rng = rng_for(f"pop909/{name}/{attempt}", seed, seconds)
        stage = _band(_cut(sheet, sheet.bpm, run.start, bars, 0, rng, chosen), rng)
        song = perform_stage(seed, "pop909/band", stage, None, rng, listened=False)
        if {"bass", "drums"} <= {track.role for track in song.tracks}:
            sections = None if form is None else song.timeline.sections
            return replace(song, timeline=replace(song.timeline, sections=sections)).validate(), form
    raise DataError(f"{archive.path}: none of {_ATTEMPTS} bands for song {name} had bass and drums; try another seed")


@lru_cache(4)
def songs(archive: Archive, split: str) -> tuple[str, ...]:
    """Names of the songs of a split: train, validation or test. Raises `DataError` when the archive is another."""
    names = tuple(sorted(name.split("/")[0] for name in archive.names if name.endswith("_cl.mid")))
    if not names:
        raise DataError(f"{archive.path} holds no NNN/NNN_cl.mid; give the zip file of POP909 with POP909-CL")
    kept = {"validation": VALIDATION, "test": HELD_OUT}
    return tuple(name for name in names
                 if (name in kept[split] if split in kept else name not in HELD_OUT + VALIDATION))


def _excerpt(archive: Archive, names: tuple[str, ...], seconds: float, rng: np.random.Generator,
             listeners: Listeners | None) -> Excerpt:
    """Draw a song, a tempo, a key and a stretch of about the length; the longest that was met where all are shorter."""
    best: tuple[float, LeadSheet, float, int] | None = None
    for _ in range(_ATTEMPTS):
        sheet = _sheet(archive, pick(rng, names))
        if sheet is None:
            continue
        if sheet.signature.numerator == 4 and sheet.bpm < _SLOW and rng.random() < 0.2:
            sheet = sheet.doubled()
        bpm = float(np.clip(sheet.bpm * np.exp(between(rng, *np.log(_SCALE))), *_BPM))
        wanted = max(1, round(seconds * bpm / 60 / sheet.signature.beats / _PHRASE)) * _PHRASE
        bars = min(wanted, max(run.bars for run in sheet.runs) // _PHRASE * _PHRASE)
        if best is None or bars / wanted > best[0]:
            best = bars / wanted, sheet, bpm, bars
        if bars >= 0.8 * wanted:
            break
    if best is None:
        raise DataError(f"{archive.path}: none of {_ATTEMPTS} songs tried can be used; fetch the zip file again")
    _, sheet, bpm, bars = best
    run = pick(rng, [run for run in sheet.runs if run.bars >= bars])
    start = run.start + sheet.signature.beats * _PHRASE * int(rng.random() * ((run.bars - bars) // _PHRASE + 1))
    first, plain = round((start - run.start) / sheet.signature.beats), _sheet(archive, sheet.name)
    form = None if listeners is None or plain is None else listeners.read(plain, sheet, run, first, bars)
    chosen = None if listeners is None or form is None else form[listeners.chosen]
    return _cut(sheet, bpm, start, bars, int(rng.random() * 12) - 6, rng, chosen)


def _cut(sheet: LeadSheet, bpm: float, start: float, bars: int, transpose: int, rng: np.random.Generator,
         form: Reading | None = None) -> Excerpt:
    """So many bars from `start` on, transposed by semitones; the melody's upbeat with it now and then. form: sections
    whose material the band is given; None: it is cut by chance."""
    beats = sheet.signature.beats
    end = start + bars * beats
    early = 2.0 if rng.random() < 0.4 else 0.0
    lines = {}
    for line, notes in sheet.lines.items():
        begin = start - (early if line == "MELODY" else 0.0) - _EARLY
        lines[line] = [note._replace(start=note.start - start, pitch=note.pitch + transpose,
                                     length=min(note.length, end - note.start + 0.5))
                       for note in notes if begin <= note.start < end - _EARLY]
    lead = early if any(note.start < -_EARLY for note in lines["MELODY"]) else 0.0
    placed: list[Placed] = []
    known: dict[tuple[str, tuple[Span, ...]], str] = {}
    bar = 0
    for part in form or _by_chance(bars, rng):
        first = start + bar * beats
        sketch = _sketch(sheet, first, part.bars, transpose)
        label = known.setdefault((part.label, sketch.spans), f"{part.label}/{len(known)}") if form else part.label
        placed.append(Placed(Section(label, part.bars, _energy(sheet, first, sketch.length), 0), first - start, sketch,
                             False))
        bar += part.bars
    return Excerpt(sheet, bpm, lines, placed, lead, form)


def _by_chance(bars: int, rng: np.random.Generator) -> Iterator[NamedBars]:
    """Stretches of a phrase or two, numbered."""
    number = 0
    while bars > 0:
        number += 1
        count = min(bars, draw(rng, {_PHRASE: 0.35, 2 * _PHRASE: 0.65}))
        yield NamedBars(f"{number}", count)
        bars -= count


def _sketch(sheet: LeadSheet, start: float, bars: int, transpose: int) -> Sketch:
    """Chords and key of so many bars; a chord that sounds on into the stretch begins with it."""
    end = start + bars * sheet.signature.beats
    inside = [span for span in sheet.spans if span.end > start + _EARLY and span.start < end - _EARLY]
    edges = [0.0, *(span.start - start for span in inside[1:]), end - start]
    spans = tuple(Span(a, b, span.chord.transpose(transpose))
                  for (a, b), span in zip(pairwise(edges), inside, strict=True))
    key = next((key for when, key in reversed(sheet.keys) if when <= start + _EARLY), sheet.keys[0][1])
    return Sketch((sheet.signature,) * bars, spans, key.transpose(transpose), _PHRASE)


def _energy(sheet: LeadSheet, start: float, length: float) -> float:
    """How much goes on in the stretch beside the whole song, in [0.2, 1]: notes a bar, loudly played ones more."""
    notes = [note for line in sheet.lines.values() for note in line]
    whole = sum(note.accent for note in notes) / max(note.start for note in notes)
    here = sum(note.accent for note in notes if start <= note.start < start + length) / length
    return float(np.clip(0.65 * here / whole, 0.2, 1.0))


def _small(excerpt: Excerpt, kind: str, rng: np.random.Generator) -> Stage:
    """Piano alone, a solo instrument with piano, or piano with the bass and the drums of a style that has them."""
    timing = draw(rng, _QUIET.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.5 else between(rng, 0.5, 1.2)
    lines = excerpt.lines
    piano = line_player("chords", "piano", pick(rng, _PIANOS), human, _swung(excerpt), rng)
    if kind == "duo":
        program = pick(rng, _LEADS)
        players = [line_player("melody", "solo", program, human, _swung(excerpt), rng), piano]
        solo, second = ("MELODY", "BRIDGE") if lines["MELODY"] else ("BRIDGE", "MELODY")
        written = {0: lines[solo], 1: lines["PIANO"] + lines[second]}
        return excerpt.stage(_in_metre(_QUIET, excerpt), timing, human, players, written)
    written = {0: lines["MELODY"] + lines["BRIDGE"] + lines["PIANO"]}
    if kind == "piano":
        return excerpt.stage(_in_metre(_QUIET, excerpt), timing, human, [piano], written)
    style = STYLES[likely_style(excerpt.sheet.signature, excerpt.bpm, _TRIO_GENRES, rng)]
    style = _in_metre(replace(style, seats=tuple(seat for seat in style.seats if seat.role == "bass")), excerpt)
    timing = "human" if timing == "rubato" else timing
    players = [piano, *(seat_players(style, human, rng) if style.seats else [])]
    return excerpt.stage(style, timing, human, players, written)


def _band(excerpt: Excerpt, rng: np.random.Generator) -> Stage:
    """A band of one of the composer's styles around the song's melody; its own accompaniment may stay or go."""
    style = STYLES[likely_style(excerpt.sheet.signature, excerpt.bpm, _GENRES, rng)]
    timing = draw(rng, style.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.6 else between(rng, 0.5, 1.2)
    seats = tuple(seat for seat in style.seats if seat.role not in ("melody", "counter"))
    style = _in_metre(replace(style, seats=seats), excerpt)
    lines = excerpt.lines
    lead = "MELODY" if lines["MELODY"] else "BRIDGE"
    players = [line_player("melody", "melody", pick(rng, _LEADS), human, _swung(excerpt), rng)]
    written = {0: lines[lead]}
    if lead == "MELODY" and lines["BRIDGE"] and rng.random() < 0.7:
        written[len(players)] = lines["BRIDGE"]
        players.append(line_player("counter", "counter", pick(rng, _SECONDS), human, _swung(excerpt), rng))
    if rng.random() < 0.4:
        written[len(players)] = lines["PIANO"]
        players.append(line_player("chords", "keyboard", pick(rng, _KEYBOARDS), human, _swung(excerpt), rng))
    players += seat_players(style, human, rng)
    return excerpt.stage(style, timing, human, players, written)


def _swung(excerpt: Excerpt) -> float:
    """Share of the band's swing in the song's own lines: triplets are in them."""
    return 0.0 if excerpt.sheet.triplets else 1.0


def _in_metre(style: Style, excerpt: Excerpt) -> Style:
    """The style with the song's own harmony and division of the beat, and without an upbeat of its own."""
    style = replace(style, harmony={}, anacrusis=0.0)
    if excerpt.sheet.triplets:
        return replace(style, swing=(2 / 3, 2 / 3), swing_unit=1.0)
    return replace(style, swing=(0.5, 0.5) if style.swing[1] < 0.6 else style.swing)
