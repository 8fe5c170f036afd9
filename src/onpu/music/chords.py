"""Chords along time."""

from dataclasses import dataclass
from typing import ClassVar

from onpu.music.segments import RankedSegments


@dataclass(frozen=True, eq=False, repr=False)
class Chords(RankedSegments):
    """Chords; labels in Harte syntax: `C:min7/b3`, `N` for none, `X` for one without a name; see `harte`."""

    NOUN: ClassVar[str] = "chord"
