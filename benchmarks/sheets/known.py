"""Scores that are known: what the composer wrote before it was played, and the pieces of MAPS on the grid of their
beats."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.sheets.parsed import PrintedNote
from onpu.engine.compose import compose, composer
from onpu.music import Beats, Key, Metre, Notes, Timeline
from onpu.music.spelling import name_of

STEP = 24
"""Parts of a quarter on which the notes of MAPS lie: their MIDI files are written on a grid, tempo curves apart."""
EXACT = 0.02
"""Quarters by which a length may differ from thirds of a quarter and be so many of them."""
SHORTEST = Fraction(1, 4)
"""Quarters: what sounds shorter is written as a sixteenth."""


@dataclass(frozen=True)
class Known:
    """name; the performance that is to be written down; what was written; whether its lengths are known; the General
    MIDI program of each part of it."""

    name: str
    timeline: Timeline
    written: list[PrintedNote]
    lengths: bool
    programs: tuple[int, ...]


class Played(NamedTuple):
    """A part before and after it was played: rows of `Note`, in quarters, and notes in seconds."""

    written: list[Any]
    notes: Notes


def composed(count: int, seconds: float) -> Iterator[Known]:
    """Songs that begin and end as they were written, from seed 5000 on, the notes of each under its programs."""
    seed = 5000
    while count:
        found = _song(seed, seconds)
        seed += 1
        if found is not None:
            count -= 1
            yield found


def _song(seed: int, seconds: float) -> Known | None:
    """None for songs that are cut, or have no notes."""
    parts: list[Played] = []
    labelled: list[Any] = []
    perform, label = composer.perform, composer.label

    def performed(notes: Any, *others: Any) -> Notes:
        parts.append(Played(list(notes), perform(notes, *others)))
        return parts[-1].notes

    def labels(*given: Any, **named: Any) -> Any:
        labelled[:] = given
        return label(*given, **named)

    with patch.object(composer, "perform", performed), patch.object(composer, "label", labels):
        song = compose(seed, None, seconds)
    grid, before = labelled[4], [track for track in labelled[6] if track.drums is None]
    after = [track for track in song.tracks if track.drums is None]
    if not parts or [len(track.notes) for track in before] != [len(track.notes) for track in after]:
        return None
    first, places = grid.places[np.flatnonzero(grid.positions == 1)[0]], grid.places[grid.positions == 1]
    written: list[PrintedNote] = []
    for number, (track, played) in enumerate(zip(before, parts, strict=True)):
        for start, length, pitch, *_ in played.written:
            bar = int(np.searchsorted(places, start + 1e-6, side="right")) - 1
            origin = places[bar] if bar >= 0 else first - (places[1] - places[0])
            written.append(PrintedNote(bar, _exact(start - origin), _value(length),
                                       int(pitch) + 12 * (pitch < 21), number))
        assert track.notes is played.notes
    return Known(f"{song.style}-{seed}", song.timeline, written, True,
                 tuple(track.program for track in before))


def _exact(quarters: float) -> Fraction:
    return Fraction(round(quarters * STEP), STEP)


def _value(quarters: float) -> Fraction:
    """The note value that is written for a sounding length: the composer's have the touch in them, .46 of a quarter for
    an eighth, .12 for a muted stroke."""
    thirds = Fraction(round(quarters * 3), 3)
    if thirds and abs(float(thirds) - quarters) < EXACT:
        return thirds
    return max(Fraction(round(quarters * 4), 4), SHORTEST)


def maps(folder: Path) -> Iterator[Known]:
    """The first minutes of eight piano pieces, notes as they were played, beats and signatures of their scores."""
    for piece in sorted(folder.iterdir()):
        notes = np.loadtxt(piece / "notes.tsv", ndmin=2)
        beats = np.loadtxt(piece / "beats.tsv", ndmin=2)
        rows = [line.split("\t") for line in (piece / "signatures.tsv").read_text().splitlines()
                if line and not line.startswith("#")]
        order = np.lexsort((notes[:, 2], notes[:, 0]))
        notes = notes[order]
        inside = notes[:, 0] < beats[-1, 0]
        notes = notes[inside]
        count = len(notes)
        signatures = [tuple(map(int, row[1].split("/"))) for row in rows]
        timeline = Timeline(
            float(max(notes[:, 1].max(), beats[-1, 0])) + 1,
            Beats.of(beats[:, 0], beats[:, 1].astype(int)),
            Metre(np.array([0.0, *(float(row[0]) for row in rows[1:])]), np.array([top for top, _ in signatures]),
                  np.array([low for _, low in signatures]), np.ones(len(rows))),
            key=Key(np.array([f"{name_of(int(rows[0][2]))}:major"]), np.ones(1)),
            notes=Notes(notes[:, 0], notes[:, 1], notes[:, 2], notes[:, 3], np.zeros(count, int), np.ones(count)))
        yield Known(piece.name.removesuffix("_ENSTDkCl"), timeline, _on_grid(timeline), False, (0,))


def _on_grid(timeline: Timeline) -> list[PrintedNote]:
    """Notes where the beats have them, in quarters after the downbeat before."""
    beats, metre = timeline.beats, timeline.metre
    assert beats is not None and metre is not None and timeline.notes is not None
    signature = np.maximum(np.searchsorted(metre.times, beats.times + 0.05, side="right") - 1, 0)
    thirds = metre.numerators // metre.beats_in_bar()
    quarters = (4 * thirds / metre.denominators)[signature]  # of each beat
    downs = np.flatnonzero(beats.positions == 1)
    at = np.interp(timeline.notes.onsets + 1e-4, beats.times, np.arange(len(beats.times)))
    begins = np.concatenate([[0.0], np.cumsum(quarters[:-1])])
    total = np.interp(at, np.arange(len(begins)), begins)
    out = []
    for quarter, offset, onset, pitch in zip(total, timeline.notes.offsets, timeline.notes.onsets,
                                             timeline.notes.pitches, strict=True):
        bar = int(np.searchsorted(begins[downs], quarter + 0.02, side="right")) - 1
        origin = begins[downs[bar]] if bar >= 0 else begins[downs[0]] - quarters[0] * int(metre.beats_in_bar()[0])
        length = np.interp(offset, beats.times, begins) - np.interp(onset, beats.times, begins)
        out.append(PrintedNote(bar, _near(quarter - origin), max(_near(length), SHORTEST), int(pitch), 0))
    return out


def _near(quarters: float) -> Fraction:
    """The nearest sixteenth or triplet."""
    places = [Fraction(round(quarters * parts), parts) for parts in (4, 3, 6, 8)]
    return min(places, key=lambda place: abs(float(place) - quarters) + 0.01 * place.denominator / 4)
