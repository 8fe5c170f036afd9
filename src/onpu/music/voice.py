"""Where someone sings, and what."""

from dataclasses import dataclass

from onpu.music.segments import Segments


@dataclass(frozen=True, eq=False)
class Voice(Segments):
    """Sung segments; labels are syllables, empty text where unknown."""
