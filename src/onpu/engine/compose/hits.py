"""A written hit of a drum."""

from typing import NamedTuple


class Hit(NamedTuple):
    """Quarters from the section's start, General MIDI percussion number, loudness about 1."""

    start: float
    pitch: int
    accent: float
