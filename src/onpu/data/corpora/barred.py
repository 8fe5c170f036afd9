"""Scores in bars: MIDI files whose time signatures, and markers where there are some, say where bars begin."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from symusic.core import ScoreTick

from onpu.data.corpora.archive import Archive
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.engine.compose.tempo import BeatTimes

_TOLERANCE = 0.02
"""Quarters by which places may differ and be the same."""
_IN_QUARTERS, _IN_SIXTEENTHS = {"6/4", "9/4", "12/4"}, {"6/16", "9/16", "12/16"}
"""Compound metres that are read in eighths when a score has no others."""
_QUARTERS_A_MINUTE = 120.0
"""Tempo of a file without marks, as MIDI has it."""


class ScorePart(NamedTuple):
    """One staff or track: its name, General MIDI program, and notes (n, 4), by start: start and length in quarters,
    pitch, velocity."""

    name: str
    program: int
    notes: np.ndarray


class BarRow(NamedTuple):
    """Bars in a row that are as long as their time signatures say: the first one's number, how many there are, and the
    length in quarters of the short bar before them (0: none)."""

    first: int
    bars: int
    upbeat: float


@dataclass(frozen=True, eq=False)
class BarredScore:
    """A score in quarters from its beginning.

    starts (b + 1,): where bars begin, and where the last one ends. signatures: of each bar, None where it is longer or
    shorter than its time signature says. drums: as the notes of a part. keys: from when, and the major key of the
    signature. tempo: the marked tempo, seconds against quarters; marked: whether the file has tempo marks at all.
    """

    name: str
    starts: np.ndarray
    signatures: tuple[Signature | None, ...]
    parts: tuple[ScorePart, ...]
    drums: np.ndarray
    keys: tuple[tuple[float, Tonality], ...]
    tempo: BeatTimes
    marked: bool

    @cached_property
    def runs(self) -> tuple[BarRow, ...]:
        """The rows of regular bars, longest where possible."""
        edges = [number for number, signature in enumerate(self.signatures) if signature is None]
        runs = []
        for before, after in pairwise([-1, *edges, len(self.signatures)]):
            if after - before > 1:
                upbeat = float(self.starts[before + 1] - self.starts[before]) if before >= 0 else 0.0
                first = self.signatures[before + 1]
                usable = first is not None and upbeat < first.length
                runs.append(BarRow(before + 1, after - before - 1, upbeat if usable else 0.0))
        return tuple(runs)

    def key_at(self, place: float) -> Tonality:
        """Major key of the signature that holds there."""
        return next((key for start, key in reversed(self.keys) if start <= place + _TOLERANCE), self.keys[0][1])


def read_barred(archive: Archive, name: str, *, dotted: bool = False) -> BarredScore:
    """A MIDI file in bars.

    Bars begin at the markers `bar N`, or follow from the time signatures where there are none (4/4 where there are none
    of these either). Two bars that make one together (around a repeat sign) are joined; a first bar that is shorter is
    an upbeat. dotted: count a score that is in 6/4 or 6/16, 9/4 ... throughout as 6/8, 9/8, in dotted quarters. Raises
    `DataError` for damaged files.
    """
    file = archive.score(name)
    tpq = file.tpq
    changes = sorted({(mark.time / tpq, mark.numerator, mark.denominator) for mark in file.time_signatures})
    changes = changes if changes and changes[0][0] < _TOLERANCE else [(0.0, 4, 4), *changes]
    names = {f"{numerator}/{denominator}" for _, numerator, denominator in changes}
    scale = 1.0
    if dotted and (names <= _IN_QUARTERS or names <= _IN_SIXTEENTHS):
        scale = 0.5 if names <= _IN_QUARTERS else 2.0
        changes = [(start * scale, numerator, 8) for start, numerator, _ in changes]
    parts = tuple(ScorePart(track.name, track.program, _rows(track.notes.numpy(), tpq, scale))
                  for track in file.tracks if len(track.notes) and not track.is_drum)
    drums = [_rows(track.notes.numpy(), tpq, scale) for track in file.tracks if track.is_drum and len(track.notes)]
    beaten = np.concatenate([np.zeros((0, 4)), *drums])
    end = max((float((part.notes[:, 0] + part.notes[:, 1]).max()) for part in parts), default=0.0)
    end = max(end, float(beaten[:, 0].max(initial=0.0)))
    markers = [mark.time / tpq * scale for mark in file.markers if mark.text.startswith("bar ")]
    starts, signatures = _bars(sorted(set(markers)) or _from_signatures(changes, end), changes, end)
    keys = tuple((mark.time / tpq * scale, Tonality(7 * mark.key % 12, "major")) for mark in file.key_signatures)
    return BarredScore(name, starts, signatures, parts, beaten[np.argsort(beaten[:, 0], kind="stable")],
                       keys or ((0.0, Tonality(0, "major")),), _tempo(file, scale), len(file.tempos) > 0)


@lru_cache(64)
def scores(archive: Archive, name: str, dotted: bool = False) -> BarredScore:
    """As `read_barred`, remembered."""
    return read_barred(archive, name, dotted=dotted)


def _rows(notes: dict[str, np.ndarray], tpq: int, scale: float) -> np.ndarray:
    rows = np.column_stack((notes["time"] / tpq * scale, notes["duration"] / tpq * scale, notes["pitch"],
                            notes["velocity"])).astype(np.float64)
    return rows[np.lexsort((rows[:, 2], rows[:, 0]))]


def _tempo(file: ScoreTick, scale: float) -> BeatTimes:
    """The marks as places and seconds; the last tempo goes on."""
    marks = {mark.time / file.tpq * scale: mark.qpm * scale for mark in file.tempos}
    if not marks or min(marks) > 0:
        marks[0.0] = marks[min(marks)] if marks else _QUARTERS_A_MINUTE
    places = np.array([*sorted(marks), max(marks) + 1.0])
    times = np.concatenate([[0.0], np.cumsum(np.diff(places) * 60 / np.array([marks[p] for p in sorted(marks)]))])
    return BeatTimes(places, times)


def _from_signatures(changes: list[tuple[float, int, int]], end: float) -> list[float]:
    starts: list[float] = []
    for (start, numerator, denominator), until in zip(changes, [*(c[0] for c in changes[1:]), end], strict=True):
        starts += np.arange(start, until - _TOLERANCE, 4 * numerator / denominator).tolist()
    return starts


def _bars(starts: list[float], changes: list[tuple[float, int, int]], end: float
          ) -> tuple[np.ndarray, tuple[Signature | None, ...]]:
    """Bar edges and signatures; the halves of a divided bar joined, the last bar as long as it should be."""
    rows: list[tuple[float, float, Signature | None]] = []
    written = [next(c for c in reversed(changes) if c[0] <= start + _TOLERANCE or c is changes[0]) for start in starts]
    wanted = [_signature(numerator, denominator) for _, numerator, denominator in written]
    for number, (start, signature) in enumerate(zip(starts, wanted, strict=True)):
        last = number + 1 == len(starts)
        until = starts[number + 1] if not last else max(end, start + (signature.length if signature else 1.0))
        if signature and last and end <= start + signature.length + _TOLERANCE:
            until = start + signature.length
        length = until - start
        if signature and abs(length - signature.length) < _TOLERANCE:
            rows.append((start, until, signature))
        elif signature and len(rows) > 1 and rows[-1][2] is None and wanted[number - 1] == signature and abs(
                until - rows[-1][0] - signature.length) < _TOLERANCE:
            rows[-1] = rows[-1][0], until, signature
        else:
            rows.append((start, until, None))
    return np.array([*(row[0] for row in rows), rows[-1][1]]), tuple(row[2] for row in rows)


def _signature(numerator: int, denominator: int) -> Signature | None:
    """A known signature, or a plain one such as 3/2; None for what nobody counts."""
    known = SIGNATURES.get(f"{numerator}/{denominator}")
    if known is not None:
        return known[0]
    plain = denominator in (2, 4, 8) and numerator in (2, 3, 4)
    return Signature(numerator, denominator, (4 * numerator / denominator,)) if plain else None
