"""Songs taken apart: the job that does it, where its files lie, and how much of the disk they may have.

    songs/ID/stems/stems.json, PART-NUMBER.flac      (`onpu.pipelines.separation`)
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from onpu.errors import AudioError, OnpuError
from onpu.files import Json
from onpu.formats.audio import open_audio
from onpu.system import sync_to_disk
from onpu.workbench.library import UnknownSongError

FOLDER, TABLE = "stems", "stems.json"
PART = re.compile(r"[a-z]{1,20}")


def part(folder: str, sound: str, name: str, longest: float, progress: Callable[[float], None]) -> Json:
    """The job: take the recording of a song's folder apart. longest: seconds that it may have."""
    from onpu.pipelines.separation import write_stems

    place = Path(folder)
    temporary = place / f".onpu-{secrets.token_hex(8)}"
    temporary.mkdir()
    try:
        with open_audio(place / sound, name) as audio:
            if audio.duration > longest:
                raise AudioError(f"{name}: is {audio.duration / 60:.0f} min long; {longest / 60:.0f} min are the most "
                                 "that is taken apart")
        try:
            told = write_stems(place / sound, temporary, progress=progress)
        except OnpuError as error:
            raise AudioError(str(error).replace(str(place / sound), name)) from None
        (temporary / TABLE).write_text(json.dumps(told), encoding="utf-8")
        sync_to_disk(*temporary.iterdir())
        shutil.rmtree(place / FOLDER, ignore_errors=True)
        os.replace(temporary, place / FOLDER)
        sync_to_disk(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return {}


def stems_of(place: Path) -> Json | None:
    """What is known of the stems in a song's folder; None where there are none."""
    table = place / FOLDER / TABLE
    try:
        told: Json = json.loads(table.read_text(encoding="utf-8"))
        os.utime(table)  # the stems that were asked for longest ago go first
    except FileNotFoundError:
        return None
    return told


def segment(place: Path, name: str, number: int) -> Path:
    """A file of a stem. Raises `UnknownSongError` where there is none."""
    path = place / FOLDER / f"{name}-{number:03d}.flac"
    if not PART.fullmatch(name) or number < 0 or not path.is_file():
        raise UnknownSongError("there is no such stem; have the song taken apart again")
    return path


def prune(songs: Path, most: int, kept: Path) -> None:
    """Take stems away, those first that nobody has asked for longest, until all together have so many bytes. kept: the
    folder of a song whose stems stay."""
    found = []
    for table in songs.glob(f"*/{FOLDER}/{TABLE}"):
        size = sum(path.stat().st_size for path in table.parent.iterdir())
        found.append((table.stat().st_mtime, size, table.parent))
    total = sum(size for _, size, _ in found)
    for _, size, folder in sorted(found):
        if total > most and folder.parent != kept:
            shutil.rmtree(folder, ignore_errors=True)
            total -= size
