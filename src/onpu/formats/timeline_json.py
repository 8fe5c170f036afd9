"""A timeline as JSON: what `Timeline.to_dict` returns, one object with a list of numbers or texts a column."""

import json
import os
from pathlib import Path

from onpu.errors import FormatError, LabelError
from onpu.files import read_json as load_json
from onpu.files import write_text
from onpu.music.timeline import Timeline


def write_json(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the timeline; return the files written, here one.

    Raises
    ------
    LabelError
        When a number is NaN or infinite.
    FormatError
        When the place cannot be written to.
    """
    try:
        text = json.dumps(timeline.to_dict(), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        raise LabelError(f"{path}: a number in the timeline is NaN or infinite; JSON holds finite ones alone") from None
    write_text(path, text + "\n")
    return [Path(path)]


def read_json(path: str | os.PathLike[str]) -> Timeline:
    """Inverse of `write_json`.

    Raises
    ------
    FormatError
        When the file cannot be read or is no JSON.
    LabelError
        When it holds no timeline, or one that contradicts itself.
    """
    try:
        content = load_json(path)
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, no JSON
        raise FormatError(f"{path}: cannot be read as JSON ({error})") from error
    try:
        return Timeline.from_dict(content)
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from error
