"""A file of labels or of a score -> a timeline; its suffix says in which format it is."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from onpu.errors import FormatError
from onpu.formats.audacity import SUFFIX as AUDACITY
from onpu.formats.audacity import read_audacity
from onpu.formats.beats import read_beats
from onpu.formats.jams import read_jams
from onpu.formats.key import read_key
from onpu.formats.lab import read_lab
from onpu.formats.label_tracks import SEGMENTS
from onpu.formats.lyrics import read_lrc, read_ultrastar
from onpu.formats.midi import read_midi
from onpu.formats.musicxml import read_musicxml
from onpu.formats.sonic_visualiser import read_sonic_visualiser
from onpu.formats.tags import SUFFIX as TAGS
from onpu.formats.tags import read_tags
from onpu.formats.timeline_json import read_json
from onpu.music.timeline import Timeline

Read = Callable[[Path], Any]

WHOLE: dict[str, Read] = {
    ".jams": read_jams, ".jamz": read_jams, ".json": read_json, ".mid": read_midi, ".midi": read_midi,
    ".rmi": read_midi, ".kar": read_midi,
    ".musicxml": read_musicxml, ".mxl": read_musicxml, ".xml": read_musicxml,
}
"""Suffixes of files that hold a timeline."""
VALUES: dict[str, tuple[str, Read]] = {
    ".beats": ("beats", read_beats), ".key": ("key", read_key), TAGS: ("tags", read_tags),
    ".lab": ("chords", read_lab), **{f".{name}.lab": (name, partial(read_lab, name=name)) for name in SEGMENTS},
    **{f"{layer}{tail}": (name, partial(read, name=name))
       for tail, read in ((AUDACITY, read_audacity), (".csv", read_sonic_visualiser))
       for layer, name in (("", "beats"), *((f".{name}", name) for name in ("beats", *SEGMENTS)))},
}
"""Suffix -> the one value that such a file holds, and how it is read."""
LYRICS: dict[str, tuple[str, Read]] = {".lrc": ("voice", read_lrc), ".txt": ("voice", read_ultrastar)}
"""The same of files of words with their times."""


def read(path: str | os.PathLike[str]) -> Timeline:
    """Read what a file says of a recording or a piece.

    Parameters
    ----------
    path
        JAMS (`.jams`, `.jamz`), JSON as `Timeline.save` writes it (`.json`), MIDI (`.mid`, `.rmi`, `.kar`), MusicXML
        (`.musicxml`, `.xml`, `.mxl`); or one value alone: beats (`.beats`), chords (`.chords.lab`, `.lab`), keys
        (`.keys.lab`), sections (`.sections.lab`), singing (`.voice.lab`), words with their times (`.lrc`, UltraStar
        `.txt`), the key (`.key`), instruments (`.instruments.lab`), tags (`.tags.csv`), a label track of Audacity
        (`.chords.audacity.txt` …) or a layer of Sonic Visualiser (`.chords.csv` …), in either case of beats where no
        other value is named.

    Returns
    -------
    Timeline
        With a duration in seconds up to the last label where the file does not tell it.

    Raises
    ------
    FormatError
        When no format has this suffix, or the file cannot be read or is something else.
    LabelError
        When the labels contradict each other.

    Examples
    --------
    >>> from pathlib import Path
    >>> import onpu
    >>> _ = Path("song.chords.lab").write_text("0 2 C:maj|2 4 G:7".replace("|", chr(10)))
    >>> chords = onpu.read("song.chords.lab").chords
    >>> chords.labels.tolist(), chords.ends.tolist()
    (['C:maj', 'G:7'], [2.0, 4.0])
    """
    if not isinstance(path, str | os.PathLike):
        raise FormatError(f"{path!r} is no path of a file; give one, such as song.jams")
    path = Path(path)
    name = path.name.lower()
    suffix = max((suffix for suffix in (*WHOLE, *VALUES, *LYRICS) if name.endswith(suffix)), key=len,
                 default=None)
    if suffix is None:
        raise FormatError(f"{path}: no labels are read from such files; give one of {' '.join(WHOLE)} .beats .key .lrc "
                          ".chords.lab .keys.lab .sections.lab .voice.lab .chords.audacity.txt .chords.csv")
    if suffix in WHOLE:
        found: Timeline = WHOLE[suffix](path)
        return found
    label, reader = (VALUES | LYRICS)[suffix]
    value = reader(path)
    columns = [getattr(value, column) for column in ("times", "ends") if hasattr(value, column)]
    return Timeline(float(max((column.max(initial=0.0) for column in columns), default=0.0)), **{label: value})
