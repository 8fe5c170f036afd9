"""Where someone sings, and what."""

from dataclasses import dataclass
from typing import ClassVar

from onpu.music.segments import Segments


@dataclass(frozen=True, eq=False, repr=False)
class Voice(Segments):
    """Sung segments; labels are syllables, empty text where unknown."""

    NOUN: ClassVar[str] = "sung passage"
