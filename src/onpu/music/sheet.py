"""What a user may choose of how music is written down."""

from dataclasses import dataclass, field
from typing import NamedTuple

from onpu.errors import LabelError
from onpu.music.playable import checked_level
from onpu.music.quantise import Grid


class Transposition(NamedTuple):
    """From what is written to what sounds: semitones and steps of the scale; fifths from the key that sounds to the one
    that is written."""

    semitones: int
    steps: int
    fifths: int


TRANSPOSITIONS = {"C": Transposition(0, 0, 0), "Bb": Transposition(-2, -1, 2), "Eb": Transposition(-9, -5, 3),
                  "F": Transposition(-7, -4, 1)}
"""Note that an instrument sounds where a C is written -> how: trumpets and clarinets are in Bb, alto saxophones in Eb,
horns in F."""


@dataclass(frozen=True)
class SheetOptions:
    """grid: how finely rhythm is written. simplify: 0 prints all that was heard, 1 leaves out what is doubtful, 2 more.
    instrument: of `TRANSPOSITIONS`, for which voices, winds and brass are written. tab: whether guitars and basses have
    tablature below their notes."""

    grid: Grid = field(default_factory=Grid)
    simplify: int = 1
    instrument: str = "C"
    tab: bool = False

    def __post_init__(self) -> None:
        checked_level(self.simplify)
        if self.instrument not in TRANSPOSITIONS:
            raise LabelError(f"no instrument in {self.instrument} is known; choose from {', '.join(TRANSPOSITIONS)}")

    @property
    def transposition(self) -> Transposition:
        """That of the instrument."""
        return TRANSPOSITIONS[self.instrument]


AS_USUAL = SheetOptions()
"""How music is written where nobody chooses."""
