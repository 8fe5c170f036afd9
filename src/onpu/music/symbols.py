"""Chord labels as musicians write them, and back: `Cm7/Eb` for `C:min7/b3`."""

import re

from onpu.errors import LabelError
from onpu.music.harte import bass_name, parse
from onpu.music.spelling import pitch_class

TEXTS = {
    "maj": "", "min": "m", "dim": "dim", "aug": "aug", "sus2": "sus2", "sus4": "sus4", "maj6": "6", "min6": "m6",
    "7": "7", "maj7": "maj7", "min7": "m7", "minmaj7": "m(maj7)", "dim7": "dim7", "hdim7": "m7b5", "aug7": "aug7",
    "1": "(no3,no5)", "5": "5", "9": "9", "maj9": "maj9", "min9": "m9", "11": "11", "maj11": "maj11", "min11": "m11",
    "13": "13", "maj13": "maj13", "min13": "m13",
}
"""Shorthand -> what stands after the root."""
WORDS = {"N": "N.C.", "X": "?"}
"""Label without a root -> what stands in its place."""
QUALITIES = {
    **{text: quality for quality, text in TEXTS.items() if quality != "1"}, "M": "maj", "mi": "min", "-": "min",
    "°": "dim", "o": "dim", "+": "aug", "sus": "sus4", "mi6": "min6", "-6": "min6", "M7": "maj7", "ma7": "maj7",
    "Δ": "maj7", "Δ7": "maj7", "△": "maj7", "△7": "maj7", "mi7": "min7", "-7": "min7", "mM7": "minmaj7",
    "mmaj7": "minmaj7", "mΔ7": "minmaj7", "°7": "dim7", "o7": "dim7", "ø": "hdim7", "ø7": "hdim7", "min7b5": "hdim7",
    "-7b5": "hdim7", "+7": "aug7", "7#5": "aug7", "M9": "maj9", "-9": "min9", "add9": "maj(9)", "2": "maj(9)",
    "madd9": "min(9)", "7sus4": "sus4(b7)", "7sus": "sus4(b7)", "9sus4": "sus4(b7,9)",
    "69": "maj6(9)", "7b9": "7(b9)", "7#9": "7(#9)", "7b5": "7(b5,*5)", "7#11": "7(#11)"}
"""What people write after the root -> shorthand, and degrees, of Harte et al.; `min7` and the like stay as they are."""
NO_CHORD, UNKNOWN_CHORD = ("N", "N.C.", "NC", "n.c."), ("X", "?")

_SYMBOL = re.compile(r"([A-G](?:b+|#+)?)([^/(]*)(\([^)]*\))?(?:/([A-G](?:b+|#+)?|[b#]*\d+))?")
_LETTERS, _STEPS = "CDEFGAB", (0, 2, 4, 5, 7, 9, 11)
_DEGREES = re.compile(r"\([^)]*\)")


def symbol(label: str) -> str:
    """The text of a chord on a lead sheet. Raises `LabelError` for what is no chord."""
    chord = parse(label)
    if chord.root < 0:
        return WORDS[label]
    degrees = _DEGREES.search(label)
    text = chord.name + TEXTS.get(chord.quality, "") + (degrees[0].replace(" ", "") if degrees else "")
    return f"{text}/{bass_name(label)}" if chord.bass else text


def label_of(text: str) -> str:
    """A chord as people write it (`Am`, `F♯m7♭5`, `G/B`, `N.C.`) in the syntax of Harte et al.; a label in that syntax
    stays as it is. Raises `LabelError` for what is no chord."""
    try:
        parse(text)
        return text
    except LabelError as error:
        written = text.strip().replace("♯", "#").replace("♭", "b").replace("6/9", "69")
        if written in (*NO_CHORD, *UNKNOWN_CHORD):
            return "N" if written in NO_CHORD else "X"
        found = _SYMBOL.fullmatch(written)
        if found is None:
            raise error
        root, quality, degrees, bass = found.groups()
        whole = quality + (degrees or "")
        known = QUALITIES.get(whole) or QUALITIES.get(quality, quality or "maj") + (degrees or "")
        label = f"{root}:{known}" + (f"/{bass if bass[-1].isdigit() else _degree(root, bass)}" if bass else "")
        try:
            parse(label)
        except LabelError:
            raise LabelError(f"{text!r} is no chord; write it as in Am, G/B or C:min7/b3, or N") from error
        return label


def _degree(root: str, bass: str) -> str:
    """Degree of the note in the bass above a root: `b3` for C and Eb."""
    step = (_LETTERS.index(bass[0]) - _LETTERS.index(root[0])) % 7
    off = (pitch_class(bass) - pitch_class(root) - _STEPS[step] + 6) % 12 - 6
    return ("#" * off if off > 0 else "b" * -off) + str(step + 1)
