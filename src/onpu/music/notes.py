"""Notes of pitched instruments."""

from dataclasses import dataclass
from typing import ClassVar, Self

from onpu.errors import LabelError
from onpu.music.arrays import Floats, Integers, Numbers
from onpu.music.checks import intervals, probabilities
from onpu.music.columns import Columns


@dataclass(frozen=True, eq=False, repr=False)
class Notes(Columns):
    """Notes, ordered by onset.

    onsets, offsets: (n,) seconds; a note ends where it is damped, the sustain pedal included. pitches: (n,) MIDI
    numbers, fractions are cents / 100. velocities: (n,) 1 to 127. programs: (n,) General MIDI programs 0 to 127.
    confidence: (n,) in [0, 1].
    """

    NOUN: ClassVar[str] = "note"

    onsets: Floats
    offsets: Floats
    pitches: Floats
    velocities: Numbers
    programs: Integers
    confidence: Floats

    def validate(self) -> Self:
        """Return self or raise `LabelError`."""
        super().validate()
        intervals("notes", self.onsets, self.offsets, apart=False)
        probabilities("note confidence", self.confidence)
        if len(self.programs) and not 0 <= self.programs.min() <= self.programs.max() <= 127:
            raise LabelError("notes: General MIDI programs lie in 0 to 127, not "
                             f"{self.programs.min()} to {self.programs.max()}")
        return self
