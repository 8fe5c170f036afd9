"""Families of instruments, and which a General MIDI program belongs to."""

import numpy as np

from onpu.music.arrays import Integers

FAMILIES = {"piano": 0, "mallets": 11, "organ": 16, "guitar": 25, "bass": 33, "strings": 48, "voice": 52, "brass": 61,
            "wind": 73, "synth": 81, "folk": 105}
"""Family -> General MIDI program that stands for it."""
SOUNDS = {"piano": 0, "harpsichord": 6, "organ": 19, "guitar": 24, "violin": 40, "strings": 48, "choir": 52,
          "trumpet": 56, "oboe": 68, "clarinet": 71, "flute": 73}
"""Instruments that a user names -> General MIDI program."""
BASS_DRUMS = (35, 36)
"""General MIDI numbers of percussion."""
VOICES = (52, 53, 54, 85)
_GROUPS = ("piano", "mallets", "organ", "guitar", "bass", "strings", "strings", "brass", "wind", "wind", "synth",
           "synth", "synth", "folk", "mallets", "synth")
"""Of eight programs each."""
_NUMBERS = np.array([list(FAMILIES).index("voice" if program in VOICES else _GROUPS[program // 8])
                     for program in range(128)])


def family_of(programs: np.ndarray) -> np.ndarray:
    """Numbers of the families, in the order of `FAMILIES`, of General MIDI programs (n,)."""
    numbers: Integers = _NUMBERS[np.clip(np.asarray(programs, dtype=int), 0, 127)]
    return numbers
