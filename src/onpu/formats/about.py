"""Title and artist of a recording, from its tags or from the JAMS file that was made of it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import soundfile

from onpu.files import read_json

LONGEST = 200
"""Characters that are kept of a tag."""
JAMS = (".jams", ".jamz")
"""Suffixes of JAMS files, plain and compressed."""


@dataclass(frozen=True)
class About:
    """What a piece is called and who plays it; empty: not known."""

    title: str = ""
    artist: str = ""

    @property
    def line(self) -> str:
        """Both in a line."""
        return " – ".join(part for part in (self.title, self.artist) if part)


UNKNOWN = About()


def read_about(path: str | os.PathLike[str]) -> About:
    """What a recording (by libsndfile, or by the ffmpeg program what that cannot read) or a JAMS file says; nothing
    where it says nothing or cannot be read. Control characters are left out."""
    path = Path(path)
    if path.suffix.lower() in JAMS:
        title, artist = _of_jams(path)
    else:
        title, artist = _of_sound(path)
    return About(_clean(title), _clean(artist))


def _of_sound(path: Path) -> tuple[object, object]:
    try:
        with soundfile.SoundFile(path) as file:
            return file.title, file.artist
    except (soundfile.LibsndfileError, TypeError, OSError, ValueError):
        pass
    if not (path.is_file() and shutil.which("ffprobe")):
        return "", ""
    command = ["ffprobe", "-v", "error", "-protocol_whitelist", "file,pipe", "-show_entries",
               "format_tags=title,artist", "-of", "json", f"file:{path}"]
    answer = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    try:
        tags = json.loads(answer.stdout)["format"]["tags"]
    except (ValueError, KeyError):
        return "", ""
    found = {str(name).lower(): value for name, value in tags.items()}
    return found.get("title", ""), found.get("artist", "")


def _of_jams(path: Path) -> tuple[object, object]:
    try:
        said = read_json(path)["file_metadata"]
        return said.get("title", ""), said.get("artist", "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def _clean(text: object) -> str:
    """A line of text that every format can hold."""
    if not isinstance(text, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST]


def spoken(stem: str) -> str:
    """A file's name without its suffix as a title: `My_Song_02` is `My Song 02`."""
    return " ".join(stem.replace("_", " ").split()) or stem
