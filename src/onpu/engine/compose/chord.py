"""Chords and keys: roman numerals in, pitch classes and Harte labels out."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from onpu.music.harte import QUALITIES, write
from onpu.music.spelling import MINOR_MODES, MODES, key_label, names

PLAYED = ("maj", "min", "dim", "aug", "sus2", "sus4", "maj6", "min6", "7", "maj7", "min7", "minmaj7", "dim7", "hdim7",
          "9", "maj9", "min9", "13", "5")
"""Qualities that the composer writes, as Harte shorthands."""

_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:/(\d))?$")
_MAJOR_SUFFIX = {"": "maj", "7": "7", "M7": "maj7", "6": "maj6", "9": "9", "M9": "maj9", "13": "13", "+": "aug",
                 "s4": "sus4", "s2": "sus2", "5": "5"}
_MINOR_SUFFIX = {"": "min", "5": "5", "7": "min7", "M7": "minmaj7", "6": "min6", "9": "min9", "o": "dim", "o7": "dim7",
                 "h7": "hdim7"}


@dataclass(frozen=True)
class Tonality:
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
        return self.mode in MINOR_MODES

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How the twelve pitch classes are spelled."""
        return names(self.tonic, self.mode)

    @cached_property
    def label(self) -> str:
        """`Eb:major`."""
        return key_label(self.tonic, self.mode)

    def transpose(self, semitones: int) -> "Tonality":
        """The same mode on another tonic."""
        return Tonality((self.tonic + semitones) % 12, self.mode)


@dataclass(frozen=True)
class Chord:
    """Root (pitch class), quality of `PLAYED`, and the bass as semitones above the root."""

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

    def label(self, key: Tonality) -> str:
        """Harte label, spelled for the key: `Bb:min7/b3`."""
        return write(key.names[self.root], self.quality, self.bass)

    def transpose(self, semitones: int) -> "Chord":
        """The same chord on another root."""
        return Chord((self.root + semitones) % 12, self.quality, self.bass)


@lru_cache(4096)
def roman(numeral: str, tonic: int) -> Chord:
    """The chord that a roman numeral names over a tonic.

    Degrees are those of the major scale (`bVI` in minor); small letters are minor; then `7`, `M7`, `6`, `9`, `M9`,
    `13`, `o`, `o7`, `h7`, `+`, `s2`, `s4`, `5` (power chord); `/3`, `/5`, `/7` put that chord tone, and `/2`, `/4` that
    major scale degree over the root, into the bass; `/1` puts the key's tonic there (a pedal point). Under a triad `/7`
    is the seventh that leads on downwards: major under a major one, minor under a minor one.
    """
    found = _NUMERAL.match(numeral)
    if found is None:
        raise ValueError(f"{numeral!r} is no roman numeral; write such as bVII, ii7, V7/3")
    accidental, degree, suffix, bass = found.groups()
    root = (tonic + _DEGREES[degree.upper()] + {"": 0, "b": -1, "#": 1}[accidental]) % 12
    quality = (_MAJOR_SUFFIX if degree.isupper() else _MINOR_SUFFIX)[suffix]
    tones = QUALITIES[quality]
    seventh = tones[3] if len(tones) > 3 else 11 if degree.isupper() else 10
    semitones = {None: 0, "1": (tonic - root) % 12, "2": 2, "4": 5, "3": tones[1], "5": tones[min(2, len(tones) - 1)],
                 "7": seventh}[bass]
    return Chord(root, quality, semitones)


@lru_cache(4096)
def chord_scale(chord: Chord, key: Tonality) -> tuple[int, ...]:
    """Pitch classes that sound right over the chord: its tones, and those of the key that do not grate on them."""
    foreign = [tone for tone in chord.classes if tone not in key.scale]
    kept = [tone for tone in key.scale if all((tone - other) % 12 not in (1, 11) for other in foreign)]
    return tuple(sorted({*chord.classes, *kept}))
