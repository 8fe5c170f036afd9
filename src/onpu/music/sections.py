"""The form of a piece."""

from dataclasses import dataclass
from typing import ClassVar

from onpu.music.segments import Segments

NAMES = ("intro", "verse", "chorus", "bridge", "solo", "outro")
"""What a section is called where that can be told; all others are letters."""


@dataclass(frozen=True, eq=False, repr=False)
class Sections(Segments):
    """Sections; labels such as `verse`, `chorus`, `A`."""

    NOUN: ClassVar[str] = "section"
