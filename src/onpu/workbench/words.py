"""Words with their times that are dropped onto the page: LRC files and songs of UltraStar.

What is in a file becomes corrections, which are undone and saved as others are; or, where it came together with its
recording, what is known of it from the beginning.
"""

import re
from collections.abc import Callable
from pathlib import Path

from onpu.analysis.corrections import LONGEST_LINE
from onpu.errors import FormatError, OnpuError
from onpu.files import Json
from onpu.formats.jams import write_jams
from onpu.formats.lyrics import read_lrc, read_ultrastar
from onpu.music import Timeline, Voice

Progress = Callable[[float], None]
MOST_BYTES = 2**20
"""Of a file of words."""
READERS = {".lrc": read_lrc, ".txt": read_ultrastar}
ACCEPTED = "has no words with times; give an LRC file, with [01:02.50] before each line, or a song of UltraStar"
_SIGNS = {".lrc": re.compile(rb"^\s*(?:\[[a-z]+:[^\]\n]*\]\s*)*\[\d+:\d\d", re.IGNORECASE | re.MULTILINE),
          ".txt": re.compile(rb"^#BPM:", re.IGNORECASE | re.MULTILINE)}


def kind_of_words(path: Path) -> str:
    """`.lrc` or `.txt` (UltraStar) by what a file says; empty: it holds no words with times."""
    if path.stat().st_size > MOST_BYTES:
        return ""
    content = path.read_bytes()
    if b"\0" in content:
        return ""
    return next((suffix for suffix, sign in _SIGNS.items() if sign.search(content)), "")


def corrections_from(path: str, suffix: str, name: str, duration: float, progress: Progress) -> Json:
    """The corrections that set the words of a recording of so many seconds to those of a file; nothing else is sung."""
    return {"corrections": _corrections(_read(Path(path), suffix, name), duration)}


def corrections_by_ear(path: str, name: str, lines: list[str], duration: float, progress: Progress) -> Json:
    """The same of words in kana or Latin letters, placed where they are heard in a recording."""
    from onpu.analysis.placing_words import placed_words

    try:
        return {"corrections": _corrections(placed_words(path, lines, progress=progress), duration)}
    except OnpuError as error:
        raise FormatError(str(error).replace(path, name)) from None


def _corrections(voice: Voice, duration: float) -> list[Json]:
    """Those that make the words of a song these and no others."""
    voice = voice.select(voice.starts < duration)
    rows = zip(voice.starts.tolist(), voice.ends.tolist(), voice.labels.tolist(), strict=True)
    sung = [{"kind": "lyric", "start": round(start, 3), "end": round(min(end, duration), 3), "label": _line(label)}
            for start, end, label in rows]
    return [{"kind": "no_lyric", "start": 0.0, "end": duration}, *sung]


def labels_from(path: str, suffix: str, name: str, out: str, progress: Progress) -> Json:
    """Write the words of a file as JAMS."""
    voice = _read(Path(path), suffix, name)
    write_jams(Timeline(float(voice.ends.max()), voice=voice), Path(out))
    return {}


def _line(label: str) -> str:
    """Words as a correction may say them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in label).split())[:LONGEST_LINE].strip()


def _read(path: Path, suffix: str, name: str) -> Voice:
    try:
        voice = READERS[suffix](path)
    except FormatError as error:
        raise FormatError(str(error).replace(str(path), name)) from None
    if not len(voice):
        raise FormatError(f"{name}: {ACCEPTED}")
    return voice
