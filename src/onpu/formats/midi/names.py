"""What tracks and markers of the files that onpu writes are called."""

from onpu.formats.general_midi import PROGRAMS
from onpu.music.instruments import FAMILIES
from onpu.music.printed import simplest
from onpu.music.symbols import symbol

END, SILENCE = "end", "-"
"""Markers."""
TEMPO, CLICK, CHORDS, VOICE, MELODY, DRUMS = "tempo", "click", "chords", "voice", "melody", "drums"
"""Tracks."""


def instrument_name(program: int) -> str:
    """What plays: the family (`bass`) where the program stands for one, else what General MIDI calls it."""
    families = {standing: family for family, standing in FAMILIES.items()}
    return families.get(program, PROGRAMS[program])


def chord_marker(label: str) -> str:
    """A chord as it is read at sight, `N.C.` for what has no name. Raises `LabelError` for what is no chord."""
    return symbol(simplest(label) or "N")
