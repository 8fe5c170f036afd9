"""Drum hits."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.music.arrays import Floats, Integers, Numbers
from onpu.music.checks import probabilities
from onpu.music.columns import Columns

CLASSES: dict[str, tuple[int, ...]] = {
    "Kick": (36, 35), "Snare": (38, 37, 39, 40), "Closed hi-hat": (42, 22, 44), "Open hi-hat": (46, 26),
    "Tom": (47, 41, 43, 45, 48, 50, 58), "Ride": (51, 53, 59), "Crash": (49, 52, 55, 57), "Percussion": (54,),
}
"""Class -> General MIDI numbers (22, 26 and 58 are a Roland kit's), the first of which stands for it in what is found;
side stick and clap are counted to the snare, pedal to the closed hi-hat, china and splash to the crash, and whatever is
not named to the percussion."""


@dataclass(frozen=True, eq=False, repr=False)
class Drums(Columns):
    """Hits, ordered by time: times (n,) seconds; pitches (n,) General MIDI percussion numbers (36 bass drum, 38 snare,
    42 closed hi-hat …); velocities (n,) 1 to 127; confidence (n,) in [0, 1]."""

    NOUN: ClassVar[str] = "hit"

    times: Floats
    pitches: Integers
    velocities: Numbers
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        probabilities("drum confidence", self.confidence)
        return self
