"""Chord labels in Harte's syntax (Harte et al., ISMIR 2005), and the vocabulary of a recogniser.

    C:maj   Bb:min7/b3   F#:hdim7   D:7(b9,#11)   A:sus4/5   G:(3,5,b7)   E   N (none)   X (has no name)

A chord is a root, its tones as semitones above the root, and a bass. `CLASSES` are the 12 * 15 chords of `VOCABULARY`,
N and X: `to_class` reduces a label to them, `class_label` writes one. The first 14 qualities are those of McFee & Bello
(ISMIR 2017), to whom power chords are X.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from onpu.errors import LabelError
from onpu.music.spelling import fifths, name_of, names, parse_key, pitch_class

QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "aug": (0, 4, 8), "sus2": (0, 2, 7), "sus4": (0, 5, 7),
    "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10),
    "minmaj7": (0, 3, 7, 11), "dim7": (0, 3, 6, 9), "hdim7": (0, 3, 6, 10), "aug7": (0, 4, 8, 10), "1": (0,),
    "5": (0, 7), "9": (0, 4, 7, 10, 14), "maj9": (0, 4, 7, 11, 14), "min9": (0, 3, 7, 10, 14),
    "11": (0, 4, 7, 10, 14, 17), "maj11": (0, 4, 7, 11, 14, 17), "min11": (0, 3, 7, 10, 14, 17),
    "13": (0, 4, 7, 10, 14, 17, 21), "maj13": (0, 4, 7, 11, 14, 17, 21), "min13": (0, 3, 7, 10, 14, 17, 21),
}
"""Shorthand -> semitones above the root."""
VOCABULARY = ("maj", "min", "dim", "aug", "min6", "maj6", "min7", "minmaj7", "maj7", "7", "dim7", "hdim7", "sus2",
              "sus4", "5")
"""Qualities that are told apart."""
PUBLISHED_QUALITIES = 14
"""How many of them, the first, McFee & Bello tell apart: all but power chords."""
NONE, UNNAMED = 12 * len(VOCABULARY), 12 * len(VOCABULARY) + 1
"""Classes of N and X."""
CLASSES = UNNAMED + 1
"""Number of classes: root * 15 + quality, N, X."""

_BASE = {"9": "7", "11": "7", "13": "7", "maj9": "maj7", "maj11": "maj7", "maj13": "maj7", "min9": "min7",
         "min11": "min7", "min13": "min7"}
_LABEL = re.compile(r"([A-G](?:b*|#*))(?::([a-z0-9]*)(?:\(([^)]*)\))?)?(?:/([b#]*\d+))?")
_DEGREE = re.compile(r"(\*?)([b#]*)(1[0-3]|[1-9])")
_STEPS = (0, 2, 4, 5, 7, 9, 11)
_DEGREE_NAMES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7")


@dataclass(frozen=True)
class Harte:
    """A parsed label.

    root: pitch class; -1 for N and X. name: of the root as it was spelled, or `N`, `X`. quality: shorthand, empty where
    the label lists degrees alone. tones: semitones above the root, within an octave, those of the bass not added.
    bass: semitones above the root.
    """

    root: int
    name: str
    quality: str
    tones: frozenset[int]
    bass: int = 0

    @property
    def classes(self) -> frozenset[int]:
        """Pitch classes that sound, the bass among them."""
        return frozenset() if self.root < 0 else frozenset((self.root + tone) % 12 for tone in {*self.tones, self.bass})


@lru_cache(8192)
def parse(label: str) -> Harte:
    """A label's content. Raises `LabelError` for what is no chord in Harte's syntax."""
    if label in ("N", "X"):
        return Harte(-1, label, "", frozenset())
    found = _LABEL.fullmatch(label)
    if found is None:
        raise LabelError(f"{label!r} is no chord; write it as in C:min7/b3, or N")
    name, shorthand, degrees, bass = found.groups()
    quality = shorthand or ("" if degrees else "maj")
    if quality and quality not in QUALITIES:
        raise LabelError(f"{label!r}: {quality} is no chord quality; known: {', '.join(QUALITIES)}")
    tones = {tone % 12 for tone in QUALITIES.get(quality, (0,))}
    for degree in degrees.split(",") if degrees else ():
        omitted, tone = _degree(degree.strip(), label)
        tones = tones - {tone} if omitted else tones | {tone}
    return Harte(pitch_class(name), name, quality, frozenset(tones), _degree(bass, label)[1] if bass else 0)


def _degree(text: str, label: str) -> tuple[bool, int]:
    """Whether a degree is left out (`*3`), and its semitones within an octave."""
    found = _DEGREE.fullmatch(text)
    if found is None:
        raise LabelError(f"{label!r}: {text!r} is no degree; write it as in b3 or #11")
    star, accidentals, number = found.groups()
    return bool(star), (_STEPS[(int(number) - 1) % 7] + accidentals.count("#") - accidentals.count("b")) % 12


def degree_name(semitones: int, quality: str) -> str:
    """Degree of a bass so many semitones above the root: `b3`; the seventh of a diminished chord is `bb7`."""
    return "bb7" if quality == "dim7" and semitones == 9 else _DEGREE_NAMES[semitones % 12]


def write(name: str, quality: str, bass: int = 0) -> str:
    """Label of a root's name, a shorthand and a bass in semitones above the root."""
    return f"{name}:{quality}" + (f"/{degree_name(bass, quality)}" if bass % 12 else "")


@lru_cache(8192)
def to_class(label: str) -> int:
    """The class of a label: extensions beyond the seventh are dropped, what is left must be in the vocabulary, or have
    its triad there; else X (single notes, clusters). Power chords are root and fifth alone."""
    chord = parse(label)
    if chord.root < 0:
        return NONE if chord.name == "N" else UNNAMED
    base = _BASE.get(chord.quality, chord.quality)
    if chord.tones == set(QUALITIES["5"]):
        base = "5"
    elif base == "5":  # with degrees, which may make another chord of it
        base = ""
    if base in VOCABULARY:
        return chord.root * len(VOCABULARY) + VOCABULARY.index(base)
    sevenths, triad, altered = chord.tones - {1, 2, 5, 6, 9}, chord.tones & {0, 3, 4, 7}, chord.tones & {0, 3, 4, 6, 8}
    for tones in (chord.tones, sevenths, triad, altered):
        for number, quality in enumerate(VOCABULARY[:PUBLISHED_QUALITIES]):
            if tones == set(QUALITIES[quality]):
                return chord.root * len(VOCABULARY) + number
    return UNNAMED


def class_label(number: int, key: str = "C:major", bass: int = 0) -> str:
    """Label of a class, spelled for a key; bass: semitones above the root."""
    if number >= NONE:
        return "N" if number == NONE else "X"
    root, quality = divmod(number, len(VOCABULARY))
    return write(names(*parse_key(key))[root], VOCABULARY[quality], bass)


@lru_cache(8192)
def transposed(label: str, semitones: int, key: str = "C:major") -> str:
    """The label with its root moved, spelled for a key (the one after transposition); 0 semitones respell alone."""
    chord = parse(label)
    if chord.root < 0:
        return label
    return names(*parse_key(key))[(chord.root + semitones) % 12] + label[len(chord.name) :]


def bass_name(label: str) -> str:
    """Name of the note in the bass, spelled from the root: `Eb` for `C:min7/b3`; empty for N and X."""
    chord = parse(label)
    if chord.root < 0:
        return ""
    if "/" not in label:
        return chord.name
    found = _DEGREE.fullmatch(label.rsplit("/", 1)[1])
    assert found is not None
    place = (0, 2, 4, -1, 1, 3, 5)[(int(found[3]) - 1) % 7] + 7 * (found[2].count("#") - found[2].count("b"))
    return name_of(fifths(chord.name) + place)
