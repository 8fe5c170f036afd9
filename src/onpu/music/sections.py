"""The form of a piece."""

from dataclasses import dataclass

from onpu.music.segments import Segments


@dataclass(frozen=True, eq=False)
class Sections(Segments):
    """Sections; labels such as `verse`, `chorus`, `A`."""
