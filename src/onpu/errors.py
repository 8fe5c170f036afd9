"""The one small family of errors: each text names the input, what is wrong with it, and how to mend it."""

from collections.abc import Iterable
from difflib import get_close_matches

MAX_SUGGESTIONS = 2
LIKENESS = 0.7
"""Ratio of common letters (`difflib`) from which a name is proposed."""
MOST_LETTERS = 400
"""Of names that are told."""
LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""What ends a line for `str.splitlines`."""


def suggestion(name: object, known: Iterable[str], listed_by: str = "") -> str:
    """What a message proposes for a name that is none of the known ones: `did you mean beats?`, or, where none is
    like it, `choose from beats, chords`. listed_by: the command that is named in place of more names than
    `MOST_LETTERS` hold."""
    names = {one.lower(): one for one in known}
    near = [names[found] for found in get_close_matches(str(name).lower(), names, MAX_SUGGESTIONS, LIKENESS)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    told = ", ".join(names.values()) or "nothing"
    return f"{listed_by} lists them" if listed_by and len(told) > MOST_LETTERS else f"choose from {told}"


class OnpuError(Exception):
    """Anything that the user can mend. The command line prints its text and exits with 2. The text is one line: what
    breaks lines, as in a name that a user has given, is written out (`\\r`)."""

    def __init__(self, text: object = "") -> None:
        super().__init__("".join(repr(each)[1:-1] if each in LINE_BREAKS else each for each in str(text)))


class AudioError(OnpuError):
    """A recording that cannot be read, or whose samples cannot be used."""


class LabelError(OnpuError):
    """An annotation that contradicts itself or its recording."""


class FormatError(OnpuError):
    """A file that is not what its name says, or a format that is not known."""


class WeightsError(OnpuError):
    """Weights that are missing, damaged or made for another network."""


class DataError(OnpuError):
    """A corpus, folder or soundfont that is missing or holds nothing usable."""


class CorrectionError(OnpuError):
    """A correction of a timeline that is of no kind, incomplete, or outside the recording."""


def told_of(error: Exception, name: str, path: str = "") -> str:
    """The line that tells what went wrong with one of many recordings. name: by which the user knows it. path: which
    the error may have in place of that."""
    match error:
        case OnpuError():
            text = str(error)
        case OSError():
            text = f"{error.filename or name}: {error.strerror or error}"
        case _:
            text = f"unforeseen {type(error).__name__} ({error}); please report it"
    text = text.replace(path, name) if path else text
    return text if name in text or isinstance(error, OSError) else f"{name}: {text}"
