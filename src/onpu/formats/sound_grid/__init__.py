"""A page with a square of sounds, which is played by moving over it: what lies between four notes, or between two."""

import base64
import html
import io
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import soundfile

from onpu.errors import FormatError
from onpu.files import replacing

TITLE, DATA = "<!--onpu:title-->", "/*onpu:data*/"


@dataclass(frozen=True, eq=False)
class SoundGrid:
    """Sounds (rows, columns, samples) in [-1, 1] between the corners of a square. share, down: the place that is shown
    first, from 0 to 1, rightwards and downwards. corners: names of its sounds, from the upper left on, row by row."""

    title: str
    rate: int
    sounds: np.ndarray
    share: float
    down: float
    corners: tuple[str, ...]


def write_grid(grid: SoundGrid, path: Path) -> list[Path]:
    """Write the page, which needs no other file.

    Parameters
    ----------
    grid
        The sounds; two rows and two columns at least.
    path
        Of the page.

    Returns
    -------
    list of Path
        The page.

    Raises
    ------
    FormatError
        When there are fewer rows or columns, or the place cannot be written to.
    """
    rows, columns = grid.sounds.shape[:2]
    if min(rows, columns) < 2:
        raise FormatError(f"{path}: a square of {rows} x {columns} sounds; give two or more in each direction")
    data = {"rows": rows, "columns": columns, "share": grid.share, "down": grid.down, "corners": grid.corners,
            "sounds": [_encoded(sound, grid.rate) for sound in grid.sounds.reshape(rows * columns, -1)]}
    template = files("onpu.formats.sound_grid").joinpath("page.html").read_text(encoding="utf-8")
    text = template.replace(TITLE, html.escape(grid.title)).replace(DATA, json.dumps(data).replace("<", "\\u003c"))
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return [path]


def _encoded(sound: np.ndarray, rate: int) -> str:
    """A sound (samples,) as FLAC, in base64."""
    out = io.BytesIO()
    soundfile.write(out, np.clip(sound, -1, 1), rate, format="FLAC", subtype="PCM_16")
    return base64.b64encode(out.getvalue()).decode()
