"""The key of a recording as a line of text, the `.key` files of the field: `Eb:major`, `D minor`."""

import os
from pathlib import Path

import numpy as np

from onpu.errors import FormatError, LabelError
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
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as a key ({error})") from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(keys) == 1 and keys[0] in NONE:
        return Key.empty()
    try:
        (text,) = keys
        tonic, *mode = text.replace(":", " ").split(maxsplit=1)
        return Key(np.array([key_label(*parse_key(":".join([tonic, *map(str.lower, mode)])))]), np.ones(1))
    except (ValueError, LabelError):
        raise FormatError(f"{path}: holds {', '.join(keys[:2]) or 'nothing'}; write one key, as in Eb:major") from None
