"""Folk tunes with chords (Nottingham Music Database, as published by Jukedeck; GPL-3.0), played over the composer's
accompaniments: jigs in two dotted beats, reels, hornpipes, waltzes, with their upbeats.
"""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.barred import BarredScore, BarRow, scores
from onpu.data.corpora.keys import heard_key
from onpu.data.corpora.leadsheet import name_chord
from onpu.data.corpora.reading import ScoreBars
from onpu.data.corpora.splits import in_split
from onpu.data.corpora.staging import Stage, likely_style, line_player, perform_stage, rng_for
from onpu.engine.compose.band import seat_players
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.form import Section
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sketch import Note, Sketch, Span
from onpu.engine.compose.song import Song
from onpu.engine.compose.style import Style
from onpu.engine.compose.styles import STYLES
from onpu.errors import DataError

_TEMPI = {"2/4": (88, 108, 132), "4/4": (120, 168, 216), "2/2": (76, 96, 116), "3/4": (96, 132, 180),
          "6/8": (88, 112, 136), "9/8": (92, 112, 136), "3/2": (72, 92, 112), "6/4": (110, 140, 180)}
"""Counted beats a minute by metre: slowest, commonest, fastest."""
_GENRES = ("celtic", "folk", "country", "classical", "pop")
_LEADS = (40, 40, 73, 74, 75, 72, 21, 22, 110, 105, 109, 25, 15, 46, 71, 68, 0, 52, 53)
"""Programs that play the tune, as often as they are drawn."""
_SWUNG = ("hpps",)
"""What the names of hornpipes have in them."""
_PHRASE = 8
_LEAST_BARS = 8
_ATTEMPTS = 40
"""Tunes that are drawn until one can be played."""
_EARLY = 0.05
"""Quarters by which places may differ and be the same."""


def nottingham(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A tune, gone round until it is long enough, over a folk band's accompaniment.

    path: the zip file nottingham.zip. seconds: about how long. split: `train` or `test`, a tenth of the tunes. Melody,
    chords, metre and upbeat are the tune's; tempo, key, band and performance are drawn; hornpipes mostly swing. Chord
    labels are the tune's; the key is labelled where signature, notes and last chord say the same. Pure function of the
    file's content and the arguments. Raises `DataError` when the file is missing or something else.
    """
    rng = rng_for("nottingham", seed, seconds)
    archive = open_archive(path, "the Nottingham Music Database, nottingham.zip")
    passage, spans = _tune(archive, split, rng)
    signature = passage.score.signatures[passage.first]
    assert signature is not None
    bpm = float(rng.triangular(*_TEMPI.get(signature.name, (90, 120, 160))))
    swap = int(rng.integers(-5, 7))
    key = _key(passage, spans)
    bars = max(1, round(seconds * bpm / 60 / signature.beats))
    placed: list[Placed] = []
    written: list[Note] = []
    length = passage.end - passage.start
    rows = passage.rows(passage.score.parts[0].notes)
    rows = rows[np.append(True, np.diff(rows[:, 0]) > 0)] if len(rows) else rows
    tonality = (key or passage.score.key_at(passage.start)).transpose(swap)
    for turn in range(-(-bars // passage.bars)):
        written += [note._replace(start=note.start + turn * length) for note in passage.notes(rows, swap)]
        placed += _sections(passage, spans, tonality, swap, turn)
    placed = [place for place in placed if place.start < bars * signature.length - _EARLY]
    written = [note for note in written if note.start < placed[-1].end - _EARLY]
    style = _style(signature.name, bpm, passage, rng, STYLES[likely_style(signature, bpm, _GENRES, rng)])
    timing = draw(rng, {"human": 0.7, "steady": 0.3})
    human = 0.0 if timing == "steady" and rng.random() < 0.4 else between(rng, 0.5, 1.2)
    lead = line_player("melody", "tune", pick(rng, _LEADS), human, 1.0, rng)
    early = max(0.0, -min((note.start for note in written), default=0.0))
    upbeat = signature.beat * float(np.ceil(early / signature.beat - 0.01))
    stage = Stage(style, placed, bpm, timing, human, upbeat, [lead, *seat_players(style, human, rng)], {0: written})
    song = perform_stage(seed, f"nottingham/{signature.name}", stage, None, rng, listened=False)
    keys = song.timeline.keys if key is not None else None
    return replace(song, timeline=replace(song.timeline, sections=None, keys=keys)).validate()


@lru_cache(4)
def tunes(archive: Archive, split: str) -> tuple[str, ...]:
    """MIDI files of a split. Raises `DataError` when the archive is another."""
    names = tuple(sorted(name for name in archive.names if re.search(r"MIDI/.*\.mid$", name)))
    if not names:
        raise DataError(f"{archive.path} holds no MIDI/*.mid; give the zip file of the Nottingham Music Database")
    return tuple(name for name in names if in_split(name.rsplit("/", 1)[-1], split))


def _tune(archive: Archive, split: str, rng: np.random.Generator) -> tuple[ScoreBars, list[Span]]:
    """A tune with its chords: whole, from its first sounding bar on."""
    names = tunes(archive, split)
    for _ in range(_ATTEMPTS if names else 0):
        found = read_tune(archive, pick(rng, names))
        if found is not None:
            return found
    raise DataError(f"{archive.path}: holds no {split} tune that can be played; fetch the zip file again")


def read_tune(archive: Archive, name: str) -> tuple[ScoreBars, list[Span]] | None:
    """A tune and its chords, quarters from its first whole bar; None where a bar line or a chord is doubtful.

    Its bars must all be regular, chords begin on beats, and most of them with a bar. What sounds in an incomplete first
    bar, before the first chord, is the upbeat.
    """
    score = scores(archive, name)
    if len(score.parts) != 2 or not score.runs:
        return None
    run = max(score.runs, key=lambda run: run.bars)
    melody, chords = (part.notes for part in score.parts)
    first = _first_bar(score, run, melody, chords)
    signature = score.signatures[first]
    assert signature is not None
    upbeat = max(0.0, float(score.starts[first] - melody[0, 0])) if first == run.first + 1 else 0.0
    passage = ScoreBars(score, first, run.first + run.bars - first, upbeat)
    held = passage.rows(chords)
    starts = np.unique(np.round(held[:, 0], 3))
    edges = score.starts[first:] - score.starts[first]
    if passage.bars < _LEAST_BARS or len(starts) < _LEAST_BARS / 2:
        return None
    on_beats = np.abs(starts / signature.beat - np.round(starts / signature.beat)) < _EARLY
    on_bars = np.abs(starts[:, None] - edges[None]).min(axis=1) < _EARLY
    if on_beats.mean() < 0.95 or on_bars.mean() < 0.5 or len({*score.signatures[first : first + passage.bars]}) > 1:
        return None
    named: list[Span] = []
    for start, end in pairwise([0.0, *starts[starts > _EARLY].tolist(), passage.end - passage.start]):
        sounding = (held[:, 0] < start + _EARLY) & (held[:, 0] + held[:, 1] > start + _EARLY)
        if not sounding.any() and not named:
            sounding = np.abs(held[:, 0] - starts[0]) < _EARLY
        tones = held[sounding, 2].astype(int).tolist()
        named.append(Span(start, end, name_chord(frozenset(tone % 12 for tone in tones), min(tones) % 12) if tones
                          else named[-1].chord))
    return passage, named


def _first_bar(score: BarredScore, run: BarRow, melody: np.ndarray, chords: np.ndarray) -> int:
    """The second bar where the first holds an upbeat only: where no chord begins in it, and the tune not with it."""
    end = score.starts[run.first + 1]
    late = melody[0, 0] > score.starts[run.first] + _EARLY and chords[0, 0] > end - _EARLY
    return run.first + 1 if late and run.bars > 1 else run.first


def _sections(passage: ScoreBars, spans: list[Span], key: Tonality, swap: int, turn: int) -> list[Placed]:
    """Phrases of eight bars, each with its chords, in the tune's round number `turn`."""
    placed = []
    edges = passage.score.starts[passage.first :] - passage.start
    begin = turn * float(edges[passage.bars])
    for number, bar in enumerate(range(0, passage.bars, _PHRASE)):
        count = min(_PHRASE, passage.bars - bar)
        start, end = float(edges[bar]), float(edges[bar + count])
        inside = [(max(span.start, start) - start, min(span.end, end) - start, span.chord.transpose(swap))
                  for span in spans if span.end > start + _EARLY and span.start < end - _EARLY]
        signatures = tuple(signature for signature in passage.score.signatures[passage.first + bar :][:count]
                           if signature is not None)
        sketch = Sketch(signatures, _joined(inside), key, 4)
        placed.append(Placed(Section(f"{number + 1}", count, 0.7, 0), begin + start, sketch, False))
    return placed


def _joined(spans: list[tuple[float, float, Chord]]) -> tuple[Span, ...]:
    """Equal neighbours joined."""
    joined: list[Span] = []
    for start, end, chord in spans:
        if joined and joined[-1].chord == chord:
            joined[-1] = Span(joined[-1].start, end, chord)
        else:
            joined.append(Span(start, end, chord))
    return tuple(joined)


def _style(metre: str, bpm: float, passage: ScoreBars, rng: np.random.Generator, style: Style) -> Style:
    """The band's style without a tune of its own, in the tune's metre; swung for hornpipes."""
    seats = tuple(seat for seat in style.seats if seat.role not in ("melody", "counter"))
    swung = any(word in passage.score.name for word in _SWUNG) and metre in ("4/4", "2/2") and rng.random() < 0.8
    straight = (0.5, 0.55) if metre in ("4/4", "2/2", "2/4") else (0.5, 0.5)
    return replace(style, seats=seats, harmony={}, anacrusis=0.0, metres={metre: 1.0}, tempo=(bpm, bpm, bpm),
                   swing=(0.58, 0.67) if swung else straight, swing_unit=1.0, changes=0.0)


def _key(passage: ScoreBars, spans: list[Span]) -> Tonality | None:
    """The signature's major or minor key where it fits the notes best and the tune ends on its chord."""
    notes = np.concatenate([passage.rows(part.notes) for part in passage.score.parts])
    key, last = heard_key(passage.score.key_at(passage.start), notes), spans[-1].chord
    plain = key is not None and last.root == key.tonic and last.quality.startswith("min") == key.minor
    return key if plain else None
