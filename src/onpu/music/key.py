"""Keys along time."""

from dataclasses import dataclass

from onpu.music.segments import Segments


@dataclass(frozen=True, eq=False)
class Keys(Segments):
    """Key regions; labels tonic:mode: `Eb:major`, `A:dorian`."""
