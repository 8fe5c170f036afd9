"""The takes of the Groove MIDI Dataset: read once, put on the grid of their click, mapped to General MIDI."""

import csv
import io
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from onpu.data.corpora.archive import Archive, open_archive
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.errors import DataError

PITCHES = {22: 42, 26: 46, 50: 48, 47: 45, 58: 43, 55: 49, 52: 57}
"""Edges and rims of the TD-11 that General MIDI gives other instruments -> the head or bow of the same pad."""

_GENERAL = np.array([PITCHES.get(pitch, pitch) for pitch in range(128)])

KICK = 36

EARLY_QUARTERS = 0.12
"""A hit so many quarters before a bar line belongs to the bar that begins there."""

_NEAR = 0.15
_SAME_PLACE = 0.05
_ENOUGH = 4
_GATHERED = 0.25
_COLUMNS = ("drummer", "session", "style", "bpm", "beat_type", "time_signature", "midi_filename", "split")


@dataclass(frozen=True, eq=False)
class DrumTake:
    """One take on its bar grid.

    group: session, style, tempo, metre: takes of a group can be joined. style: `genre/detail`. bpm: quarters a minute
    of the click. times: (n,) quarters from the first bar's start, ascending, with the drummer's own deviations;
    pitches: (n,) General MIDI; velocities: (n,). first, bars: the first bar that is played whole, and how many there
    are from it on (none in many fills).
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
        """Whether this is a beat of two bars or more whose beats and downbeats can be believed.

        The hits must gather on the beat's divisions, and the bass drum must not deny the downbeats by falling less than
        half as often on the first beat as on some other: some takes stand beside the click's bars, or in another metre
        than their table says. Jazz drummers are free in the latter.
        """
        if self.fill or self.bars < 2 or self._gathered() < _GATHERED:
            return False
        kicks = self.times[self.pitches == KICK] / self.signature.beat
        on_beat = np.round(kicks[np.abs(kicks - np.round(kicks)) < 2 * EARLY_QUARTERS]).astype(np.int64)
        counts = np.bincount(on_beat % self.signature.beats, minlength=self.signature.beats)
        return self.genre == "jazz" or 2 * counts[0] >= max(counts.max(), 1)

    def _gathered(self) -> float:
        """How much the hits keep to thirds or quarters (compound: sixths) of the beat: 1 all near them, 0 by chance."""
        beats = self.times / self.signature.beat
        shares = []
        for division in (3, 6 if self.signature.compound else 4):
            places = beats * division
            shares.append(np.mean(np.abs(places - np.round(places)) < 0.25))
        return float(2 * max(shares) - 1)

    @cached_property
    def swing(self) -> tuple[float, float]:
        """The first half's share of a swung pair, and the pair's length in quarters: (0.5, 1) where it is straight.

        Swung are eighths, else sixteenths, whose off-beat more often comes near two thirds of the pair than near its
        half or, for eighths, three quarters.
        """
        if self.signature.compound:
            return 0.5, 1.0
        for unit, straight in ((1.0, (0.5, 0.75)), (0.5, (0.5,))):
            places = self.times / unit % 1
            swung = places[np.abs(places - 2 / 3) < _SAME_PLACE]
            rivals = [int(np.sum(np.abs(places - place) < _SAME_PLACE)) for place in straight]
            if len(swung) > max(_ENOUGH, *rivals):
                return round(float(np.median(swung)), 3), unit
        return 0.5, 1.0

    def between(self, start: float, end: float) -> slice:
        """The hits of a stretch in quarters: those just ahead of its start are in it, those ahead of its end not."""
        low, high = np.searchsorted(self.times, [start - EARLY_QUARTERS, end - EARLY_QUARTERS])
        return slice(int(low), int(high))


def takes(path: Path) -> tuple[DrumTake, ...]:
    """All takes of the zip file, in the order of its table; read once, then kept in memory.

    Raises `DataError` when the file is missing, damaged or holds something else.
    """
    return _takes(open_archive(path, "the Groove MIDI Dataset, groove.zip"))


@lru_cache(2)
def _takes(archive: Archive) -> tuple[DrumTake, ...]:
    table = next((name for name in archive.names if name.endswith("info.csv")), None)
    if table is None:
        raise DataError(f"{archive.path} holds no info.csv; give the zip file of the Groove MIDI Dataset")
    rows = list(csv.DictReader(io.StringIO(archive.text(table))))
    missing = [column for column in _COLUMNS if rows and column not in rows[0]]
    if not rows or missing:
        raise DataError(f"{archive.path}: {table} has no {', '.join(missing) or 'rows'}; fetch the zip file again")
    return tuple(_take(archive, table.removesuffix("info.csv"), row) for row in rows)


def _take(archive: Archive, folder: str, row: dict[str, str]) -> DrumTake:
    name = row["midi_filename"]
    try:
        bpm = float(row["bpm"])
        signature = SIGNATURES[row["time_signature"].replace("-", "/")][0]
    except (KeyError, ValueError):
        raise DataError(f"{archive.path}: info.csv has no good tempo or metre for {name}; fetch it again") from None
    file = archive.score(folder + name)
    tables = [track.notes.numpy() for track in file.tracks]
    times, pitches, velocities = (np.concatenate([np.zeros(0), *(table[column] for table in tables)])
                                  for column in ("time", "pitch", "velocity"))
    order = np.lexsort((pitches, times))
    times = times[order] / file.tpq
    times -= _lateness(times, signature.beat)
    length = signature.length
    first = max(0, int(np.ceil((times[0] - signature.beat / 2) / length))) if len(times) else 0
    last = int(np.floor((times[-1] + signature.beat - EARLY_QUARTERS) / length)) if len(times) else 0
    return DrumTake(
        name=name, group="/".join((row["session"], row["style"], row["bpm"], row["time_signature"])),
        style=row["style"], split=row["split"], fill=row["beat_type"] == "fill", bpm=bpm, signature=signature,
        times=times, pitches=_GENERAL[pitches[order].astype(np.int64)], velocities=velocities[order].astype(np.int64),
        first=first, bars=max(0, last - first))


def _lateness(times: np.ndarray, beat: float) -> float:
    """How far the hits on the beats lie behind the click at the median, quarters.

    The constant part of a take (the module's latency, a drummer who sits ahead of the click) cannot be heard without
    the click, so it is taken out; what goes back and forth around it is the groove. Too few hits tell nothing: 0.
    """
    deviations = times - np.round(times / beat) * beat
    close = deviations[np.abs(deviations) < _NEAR]
    return float(np.median(close)) if len(close) >= _ENOUGH else 0.0
