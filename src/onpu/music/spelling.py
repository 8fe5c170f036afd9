"""Names of pitch classes, and of keys: which of the enharmonic names belongs where.

Names lie on the line of fifths (… Bb F C G D A E B F# …); a key's own notes are seven neighbours there, and the twelve
names used in it are twelve neighbours around them: Ab in Eb major, G# in E major.
"""

import re
from functools import lru_cache

from onpu.errors import LabelError

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10), "lydian": (0, 2, 4, 6, 7, 9, 11), "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Mode -> semitones of its scale above the tonic."""
MINOR_MODES = frozenset(mode for mode, scale in MODES.items() if 3 in scale)
"""Modes whose third is minor."""

_SYNONYMS = {"": "major", "maj": "major", "ionian": "major", "m": "minor", "min": "minor", "aeolian": "minor"}
_SIGNATURE_OF_C = {"major": 0, "minor": -3, "dorian": -2, "phrygian": -4, "lydian": 1, "mixolydian": -1, "locrian": -5}
_FIFTHS = {letter: place for place, letter in enumerate("FCGDAEB", start=-1)}
_NAME = re.compile(r"([A-G])(b*|#*)")
_KEY = re.compile(r"([A-G](?:b*|#*))[: ]?([a-z]*)")


def pitch_class(name: str) -> int:
    """0 for C, B#, Dbb … 11 for B. Raises `LabelError`."""
    return 7 * fifths(name) % 12


def fifths(name: str) -> int:
    """Place of a name on the line of fifths: 0 for C, 1 for G, -2 for Bb. Raises `LabelError`."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise LabelError(f"{name!r} is no name of a note; write it as in Eb or F#")
    letter, accidentals = found.groups()
    return _FIFTHS[letter] + 7 * (accidentals.count("#") - accidentals.count("b"))


def name_of(place: int) -> str:
    """Inverse of `fifths`."""
    letter, accidentals = "FCGDAEB"[(place + 1) % 7], (place + 1) // 7
    return letter + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


@lru_cache(1024)
def parse_key(label: str) -> tuple[int, str]:
    """Tonic (pitch class) and mode of `Eb:major`, `A:dorian`, `F# minor`, `C`. Raises `LabelError`."""
    found = _KEY.fullmatch(str(label))
    mode = _SYNONYMS.get(found[2], found[2]) if found else ""
    if found is None or mode not in MODES:
        raise LabelError(f"{label!r} is not a tonic and a mode; write it as in Eb:major or A:dorian")
    return pitch_class(found[1]), mode


def key_named(text: str) -> str:
    """`Am`, `A minor` -> `A:minor`, with the tonic as it is spelled. Raises `LabelError`."""
    found = _KEY.fullmatch(text.strip())
    mode = parse_key(text.strip())[1]
    return f"{found[1] if found else ''}:{mode}"


@lru_cache(1024)
def signature(tonic: int, mode: str) -> int:
    """Sharps of the key signature, -6 to 6, flats negative: -3 for Eb major or C minor."""
    sharps = (7 * tonic + 5) % 12 - 5 + _SIGNATURE_OF_C[mode]
    return sharps + 12 if sharps < -6 else sharps - 12 if sharps > 6 else sharps


def written_signature(label: str) -> int:
    """Sharps of the key signature of a key as its label spells it, -7 to 7: -6 for `Gb:major`, 6 for `F#:major`.
    Keys beyond that have the signature of their enharmonic. Raises `LabelError`."""
    _, mode = parse_key(label)
    found = _KEY.fullmatch(label)
    assert found is not None
    sharps = fifths(found[1]) + _SIGNATURE_OF_C[mode]
    return sharps if abs(sharps) <= 7 else (sharps + 5) % 12 - 5


def signed(letter: str, label: str) -> int:
    """Semitones by which the signature of a key, as its label spells it, alters the notes of a letter: 1 for F in
    `G:major`. Raises `LabelError`."""
    sharps = written_signature(label)
    inside = name_of((fifths(letter) + 1 - sharps) % 7 - 1 + sharps)
    return inside.count("#") - inside.count("b")


@lru_cache(1024)
def names(tonic: int, mode: str) -> tuple[str, ...]:
    """How the twelve pitch classes are spelled in a key, C first."""
    lowest = max(-8, min(signature(tonic, mode) - (3 if mode in MINOR_MODES else 4), 1))
    return tuple(name_of(lowest + (7 * pitch - lowest) % 12) for pitch in range(12))


@lru_cache(1024)
def key_label(tonic: int, mode: str) -> str:
    """`Eb:major`."""
    return f"{names(tonic, mode)[tonic % 12]}:{mode}"
