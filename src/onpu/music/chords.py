"""Chords along time."""

from dataclasses import dataclass

from onpu.music.segments import Segments


@dataclass(frozen=True, eq=False)
class Chords(Segments):
    """Chords; labels in Harte syntax: `C:min7/b3`, `N` for none."""
