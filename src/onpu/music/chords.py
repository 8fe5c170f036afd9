"""Chords along time."""

from dataclasses import dataclass

from onpu.music.segments import RankedSegments


@dataclass(frozen=True, eq=False)
class Chords(RankedSegments):
    """Chords; labels in Harte syntax: `C:min7/b3`, `N` for none, `X` for one without a name; see `harte`."""
