"""The takes of the Groove MIDI Dataset: read once, put on the grid of their click, mapped to General MIDI."""

import csv
import io
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from onpu.data.compose.metre import SIGNATURES, Signature
from onpu.data.corpora.archive import Archive, open_archive
from onpu.errors import DataError

PITCHES = {22: 42, 26: 46, 50: 48, 47: 45, 58: 43, 55: 49, 52: 57}
"""Edges and rims of the TD-11 that General MIDI gives other instruments -> the head or bow of the same pad."""

KICK = 36

EARLY = 0.12
"""A hit so many quarters before a bar line belongs to the bar that begins there."""

_NEAR = 0.15
_COLUMNS = ("drummer", "session", "style", "bpm", "beat_type", "time_signature", "midi_filename", "split")


@dataclass(frozen=True, eq=False)
class Take:
    """One take on its bar grid.

    style: `genre/detail`. bpm: quarters a minute of the click. times: (n,) quarters from the first bar's start,
    ascending, with the drummer's own deviations; pitches: (n,) General MIDI; velocities: (n,). first, bars: the first bar
    that is played whole, and how many follow without a gap at either end (none in most fills).
    """

    name: str
    group: str
    style: str
    split: str
    fill: bool
    bpm: float
    signature: Signature
    times: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray
    first: int
    bars: int

    @property
    def genre(self) -> str:
        """The style without its detail."""
        return self.style.split("/")[0]

    @cached_property
    def trusted(self) -> bool:
        """Whether this is a beat of at least a bar whose downbeats can be believed.

        The bass drum must not deny them by falling less than half as often on the first beat as on some other: some takes
        stand beside the click's bars, or in another metre than their table says. Jazz drummers are free in this.
        """
        if self.fill or not self.bars:
            return False
        kicks = self.times[self.pitches == KICK] / self.signature.beat
        on_beat = np.round(kicks[np.abs(kicks - np.round(kicks)) < 2 * EARLY]).astype(np.int64)
        counts = np.bincount(on_beat % self.signature.beats, minlength=self.signature.beats)
        return self.genre == "jazz" or 2 * counts[0] >= max(counts.max(), 1)

    def between(self, start: float, end: float) -> slice:
        """The hits that belong to a stretch, in quarters; those just ahead of its start do, as belongs to a bar line."""
        low, high = np.searchsorted(self.times, [start - EARLY, end - EARLY])
        return slice(int(low), int(high))


def takes(path: Path) -> tuple[Take, ...]:
    """All takes of the zip file, in the order of its table; read once, then kept in memory.

    Raises `DataError` when the file is missing, damaged or holds something else.
    """
    return _takes(open_archive(path, "the Groove MIDI Dataset, groove.zip"))


@lru_cache(2)
def _takes(archive: Archive) -> tuple[Take, ...]:
    table = next((name for name in archive.names if name.endswith("info.csv")), None)
    if table is None:
        raise DataError(f"{archive.path} holds no info.csv; give the zip file of the Groove MIDI Dataset")
    rows = list(csv.DictReader(io.StringIO(archive.text(table))))
    missing = [column for column in _COLUMNS if rows and column not in rows[0]]
    if not rows or missing:
        raise DataError(f"{archive.path}: {table} has no {', '.join(missing) or 'rows'}; fetch the zip file again")
    return tuple(_take(archive, table.removesuffix("info.csv"), row) for row in rows)


def _take(archive: Archive, folder: str, row: dict[str, str]) -> Take:
    name = row["midi_filename"]
    try:
        bpm, signature = float(row["bpm"]), SIGNATURES[row["time_signature"].replace("-", "/")][0]
    except (KeyError, ValueError):
        raise DataError(f"{archive.path}: info.csv gives {name} a wrong tempo or metre; fetch the zip file again") from None
    file = archive.score(folder + name)
    hits = sorted((note.time / file.tpq, PITCHES.get(note.pitch, note.pitch), note.velocity)
                  for track in file.tracks for note in track.notes)
    times = np.array([hit[0] for hit in hits])
    times -= _lateness(times, signature.beat)
    length = signature.length
    first = max(0, int(np.ceil((times[0] - signature.beat / 2) / length))) if hits else 0
    last = int(np.floor((times[-1] + signature.beat - EARLY) / length)) if hits else 0
    return Take(
        name=name, group="/".join((row["session"], row["style"], row["bpm"], row["time_signature"])),
        style=row["style"], split=row["split"], fill=row["beat_type"] == "fill", bpm=bpm, signature=signature,
        times=times, pitches=np.array([hit[1] for hit in hits], dtype=np.int64),
        velocities=np.array([hit[2] for hit in hits], dtype=np.int64), first=first, bars=max(0, last - first))


def _lateness(times: np.ndarray, beat: float) -> float:
    """How far the hits on the beats lie behind the click at the median, quarters.

    The constant part of a take (the module's latency, a drummer who sits ahead of the click) cannot be heard without the
    click, so it is taken out; what goes back and forth around it is the groove. Too few hits tell nothing: 0.
    """
    deviations = times - np.round(times / beat) * beat
    near = deviations[np.abs(deviations) < _NEAR]
    return float(np.median(near)) if len(near) >= 4 else 0.0
