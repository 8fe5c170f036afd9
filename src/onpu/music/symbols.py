"""Chord labels as musicians write them: `Cm7/Eb` for `C:min7/b3`."""

import re

from onpu.music.harte import bass_name, parse

TEXTS = {
    "maj": "", "min": "m", "dim": "dim", "aug": "aug", "sus2": "sus2", "sus4": "sus4", "maj6": "6", "min6": "m6",
    "7": "7", "maj7": "maj7", "min7": "m7", "minmaj7": "m(maj7)", "dim7": "dim7", "hdim7": "m7b5", "aug7": "aug7",
    "1": "(no3,no5)", "5": "5", "9": "9", "maj9": "maj9", "min9": "m9", "11": "11", "maj11": "maj11", "min11": "m11",
    "13": "13", "maj13": "maj13", "min13": "m13",
}
"""Shorthand -> what stands after the root."""
WORDS = {"N": "N.C.", "X": "?"}
"""Label without a root -> what stands in its place."""

_DEGREES = re.compile(r"\([^)]*\)")


def symbol(label: str) -> str:
    """The text of a chord on a lead sheet. Raises `LabelError` for what is no chord."""
    chord = parse(label)
    if chord.root < 0:
        return WORDS[label]
    degrees = _DEGREES.search(label)
    text = chord.name + TEXTS.get(chord.quality, "") + (degrees[0].replace(" ", "") if degrees else "")
    return f"{text}/{bass_name(label)}" if chord.bass else text
