"""Stretches of a bar as notes that can be written: cut at beats, with dots, in triplets where a beat is in thirds.

Places are ticks of the quantised score, `TICKS` a beat, counted from the bar's start.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onpu.formats.musicxml.measures import NOTE_TYPES, note_type
from onpu.music.quantise import FINEST_STRAIGHT, HALF, TICKS


@dataclass(frozen=True)
class NotatedNote:
    """A note or rest as it is written: start and end in ticks, name and dots of its type, whether in a triplet."""

    start: int
    end: int
    name: str
    dots: int
    triplet: bool


@dataclass(frozen=True)
class Bar:
    """beats: how many. quarters: length of one in quarter notes. triplets: beats that are divided by three."""

    beats: int
    quarters: float
    triplets: frozenset[int] = frozenset()

    @property
    def end(self) -> int:
        """Ticks."""
        return self.beats * TICKS


def triplets(places: Iterable[int], quarters: float) -> frozenset[int]:
    """Beats in which some of the places lie on thirds. None in compound metres, whose beats are of three anyway."""
    if quarters not in NOTE_TYPES:
        return frozenset()
    return frozenset(place // TICKS for place in places if place % FINEST_STRAIGHT)


def cut(start: int, end: int, bar: Bar, rest: bool = False) -> list[NotatedNote]:
    """A stretch of a bar as few notes that together last as long, such that the beats can be seen."""
    out = []
    while start < end:
        stop = _stop(start, end, bar, rest)
        triplet = start // TICKS in bar.triplets and stop - start < TICKS
        kind = _kind(stop - start, bar, triplet)
        assert kind is not None
        out.append(NotatedNote(start, stop, *kind, triplet))
        start = stop
    return out


def _stop(start: int, end: int, bar: Bar, rest: bool) -> int:
    """Where the first note of a stretch ends."""
    beat, inside = divmod(start, TICKS)
    if not rest and end - start >= TICKS + HALF and _dotted(beat, inside, end - start, bar):
        return start + TICKS + HALF
    if inside == 0 and end - start >= TICKS:
        return next(start + whole * TICKS for whole in range((end - start) // TICKS, 0, -1)
                    if _kind(whole * TICKS, bar, False) is not None and not (rest and beat % 2 and whole > 1))
    syncopated = inside == HALF and end - start >= TICKS and beat % 2 == 0 and beat + 1 < bar.beats
    if syncopated and not rest and not {beat, beat + 1} & bar.triplets and _kind(TICKS, bar, False) is not None:
        return start + TICKS
    triplet = beat in bar.triplets
    room = min(end, (beat + 1) * TICKS) - start
    return next(start + ticks for ticks in range(room, 0, -1) if _kind(ticks, bar, triplet) is not None)


def _dotted(beat: int, inside: int, ticks: int, bar: Bar) -> bool:
    """Whether a note of one and a half beats reads well here: within a half of a bar of four, or in a bar of three, on
    a beat if it ends with them, or up to the end of the second beat."""
    if beat + 1 >= bar.beats or {beat, beat + 1} & bar.triplets or (beat % 2 and bar.beats != 3):
        return False
    here = (inside == 0 and ticks == TICKS + HALF) or inside == HALF
    return here and _kind(TICKS + HALF, bar, False) is not None


def _kind(ticks: int, bar: Bar, triplet: bool) -> tuple[str, int] | None:
    return note_type((1.5 if triplet else 1) * ticks * bar.quarters / TICKS)
