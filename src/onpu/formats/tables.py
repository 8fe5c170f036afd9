"""Text tables of other programs: byte-order marks, Excel's semicolons, numbers with decimal commas."""

import os
import re
from pathlib import Path

from onpu.errors import FormatError

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Byte-order marks -> encodings."""
FILE_COLUMNS = ("file", "path", "filename", "filepath", "file_name", "audio", "recording", "url", "location")
"""What a column with the places of recordings may be called, the usual names first."""
BETWEEN = re.compile(r"[\s;]+")
COMMA = re.compile(r"[+-]?\d*,\d+")


def read_lines(path: str | os.PathLike[str], what: str) -> list[tuple[int, str]]:
    """Number and text of each line that is neither empty nor begins with `#`: UTF-8, or what the byte-order mark says.
    Raises `FormatError` when the file cannot be read as `what`."""
    try:
        data = Path(path).read_bytes()
        text = data.decode(next((MARKS[mark] for mark in MARKS if data.startswith(mark)), "utf-8"))
        if odd := next((sign for sign in text if not (sign.isprintable() or sign.isspace())), ""):
            raise UnicodeError(f"holds {odd!r}, which is no text")
    except (OSError, UnicodeError) as error:
        raise FormatError(f"{path}: cannot be read as {what} ({error})") from error
    lines = enumerate(text.splitlines(), 1)
    return [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]


def columns(line: str, count: int) -> list[str]:
    """At most `count` columns, parted by tabs, blanks or semicolons, or, where there are none of these, by commas; the
    last one holds the rest of the line."""
    found = BETWEEN.split(line.strip(), maxsplit=count - 1)
    return found if len(found) > 1 else [part.strip() for part in line.strip().split(",", count - 1)]


def number(text: str) -> float:
    """A number, also with a decimal comma. Raises `ValueError`."""
    return float(text.replace(",", ".") if COMMA.fullmatch(text) else text)
