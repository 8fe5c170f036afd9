"""The key of a recording as a line of text, the `.key` files of the field: `Eb:major`, `D minor`."""

import os

import numpy as np

from onpu.errors import FormatError, LabelError
from onpu.formats.tables import read_lines
from onpu.music import Key
from onpu.music.spelling import key_label, parse_key

NONE = ("N", "Silence", "none")
"""What files say where there is no key."""


def read_key(path: str | os.PathLike[str]) -> Key:
    """Read one key, confidence 1; empty lines and lines that begin with `#` are passed over.

    Raises
    ------
    FormatError
        When the file cannot be read or does not hold just one tonic with its mode.
    """
    keys = [line.strip() for _, line in read_lines(path, "a key")]
    if len(keys) == 1 and keys[0] in NONE:
        return Key.empty()
    try:
        (text,) = keys
        tonic, *mode = text.replace(":", " ").split(maxsplit=1)
        return Key(np.array([key_label(*parse_key(":".join([tonic, *map(str.lower, mode)])))]), np.ones(1))
    except (ValueError, LabelError):
        raise FormatError(f"{path}: holds {', '.join(keys[:2]) or 'nothing'}; write one key, as in Eb:major") from None
