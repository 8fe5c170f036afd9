"""Chords and keys: roman numerals in, pitch classes and Harte labels out."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "aug": (0, 4, 8), "sus2": (0, 2, 7), "sus4": (0, 5, 7),
    "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10),
    "minmaj7": (0, 3, 7, 11), "dim7": (0, 3, 6, 9), "hdim7": (0, 3, 6, 10), "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14), "min9": (0, 3, 7, 10, 14), "13": (0, 4, 7, 10, 14, 21), "5": (0, 7),
}
"""Harte shorthand -> semitones above the root."""

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10), "lydian": (0, 2, 4, 6, 7, 9, 11), "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
"""Mode -> semitones of its scale above the tonic."""

_NATURALS = "FCGDAEB"
_FIFTHS_ABOVE_MAJOR = {"major": 0, "minor": -3, "dorian": -2, "phrygian": -4, "lydian": 1, "mixolydian": -1}
_MINOR_MODES = {"minor", "dorian", "phrygian"}

_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:/(\d))?$")
_MAJOR_SUFFIX = {"": "maj", "7": "7", "M7": "maj7", "6": "maj6", "9": "9", "M9": "maj9", "13": "13", "+": "aug",
                 "s4": "sus4", "s2": "sus2", "5": "5"}
_MINOR_SUFFIX = {"": "min", "5": "5", "7": "min7", "M7": "minmaj7", "6": "min6", "9": "min9", "o": "dim", "o7": "dim7",
                 "h7": "hdim7"}
_DEGREE_NAMES = {1: "b2", 2: "2", 3: "b3", 4: "3", 5: "4", 6: "b5", 7: "5", 8: "#5", 9: "6", 10: "b7", 11: "7"}


@dataclass(frozen=True)
class Key:
    """A tonic (pitch class) and a mode of `MODES`."""

    tonic: int
    mode: str

    @cached_property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of the scale."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])

    @cached_property
    def minor(self) -> bool:
        """Whether the tonic's third is minor."""
        return self.mode in _MINOR_MODES

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How the twelve pitch classes are spelled: twelve neighbours on the line of fifths around the key's own."""
        signature = (7 * self.tonic + 5) % 12 - 5 + _FIFTHS_ABOVE_MAJOR[self.mode]
        signature += 12 if signature < -6 else -12 if signature > 6 else 0
        lowest = max(-8, min(signature - (3 if self.minor else 4), 1))
        return tuple(_spell(lowest + (7 * pitch - lowest) % 12) for pitch in range(12))

    @cached_property
    def label(self) -> str:
        """`Eb:major`."""
        return f"{self.names[self.tonic]}:{self.mode}"

    def transpose(self, semitones: int) -> "Key":
        """The same mode on another tonic."""
        return Key((self.tonic + semitones) % 12, self.mode)


def _spell(fifths: int) -> str:
    """Name of the note so many fifths above C, -8 to 12: `Bb` for -2, `E#` for 11."""
    letter, accidentals = _NATURALS[(fifths + 1) % 7], (fifths + 1) // 7
    return letter + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


@dataclass(frozen=True)
class Chord:
    """Root (pitch class), quality of `QUALITIES`, and the bass as semitones above the root."""

    root: int
    quality: str
    bass: int = 0

    @cached_property
    def classes(self) -> tuple[int, ...]:
        """Pitch classes from the root up."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def lowest(self) -> int:
        """Pitch class of the bass."""
        return (self.root + self.bass) % 12

    def label(self, key: Key) -> str:
        """Harte label, spelled for the key: `Bb:min7/b3`."""
        name = f"{key.names[self.root]}:{self.quality}"
        return name if self.bass == 0 else f"{name}/{_bass_name(self)}"

    def transpose(self, semitones: int) -> "Chord":
        """The same chord on another root."""
        return Chord((self.root + semitones) % 12, self.quality, self.bass)


def _bass_name(chord: Chord) -> str:
    """Degree of the bass over the root; the diminished seventh chord's own seventh is `bb7`."""
    return "bb7" if chord.quality == "dim7" and chord.bass == 9 else _DEGREE_NAMES[chord.bass]


@lru_cache(4096)
def roman(numeral: str, tonic: int) -> Chord:
    """The chord that a roman numeral names over a tonic.

    Degrees are those of the major scale (`bVI` in minor); small letters are minor; then `7`, `M7`, `6`, `9`, `M9`,
    `13`, `o`, `o7`, `h7`, `+`, `s2`, `s4`, `5` (power chord); `/3`, `/5`, `/7` put that chord tone, and `/2`, `/4` that
    major scale degree over the root, into the bass; `/1` puts the key's tonic there (a pedal point).
    """
    found = _NUMERAL.match(numeral)
    if found is None:
        raise ValueError(f"{numeral!r} is no roman numeral; write such as bVII, ii7, V7/3")
    accidental, degree, suffix, bass = found.groups()
    root = (tonic + _DEGREES[degree.upper()] + {"": 0, "b": -1, "#": 1}[accidental]) % 12
    quality = (_MAJOR_SUFFIX if degree.isupper() else _MINOR_SUFFIX)[suffix]
    tones = QUALITIES[quality]
    semitones = {None: 0, "1": (tonic - root) % 12, "2": 2, "4": 5, "3": tones[1], "5": tones[min(2, len(tones) - 1)],
                 "7": tones[min(3, len(tones) - 1)]}[bass]
    return Chord(root, quality, semitones)


@lru_cache(4096)
def chord_scale(chord: Chord, key: Key) -> tuple[int, ...]:
    """Pitch classes that sound right over the chord: its tones, and those of the key that do not grate on them."""
    foreign = [tone for tone in chord.classes if tone not in key.scale]
    kept = [tone for tone in key.scale if all((tone - other) % 12 not in (1, 11) for other in foreign)]
    return tuple(sorted({*chord.classes, *kept}))
