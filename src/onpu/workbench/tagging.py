"""A copy of a recording whose tags say title, artist, tempo and key; the sound is copied as it is."""

import shutil
import subprocess
from pathlib import Path

from onpu.errors import FormatError, OnpuError

NAMES = {".mp3": ("TBPM", "TKEY"), ".flac": ("BPM", "INITIALKEY"), ".ogg": ("BPM", "INITIALKEY"),
         ".opus": ("BPM", "INITIALKEY")}
"""Suffix -> what tags of tempo and key are called: frames of ID3v2.4, and Vorbis comments as DJ programs read them."""
SECONDS = 60.0


def write_tagged(recording: Path, copy: Path, title: str, artist: str, bpm: float, key: str) -> None:
    """Write the copy. bpm: 0, and key (`F minor`): empty, where there is none.

    Raises
    ------
    OnpuError
        When the recording's format has no such tags, or the ffmpeg program is not installed or fails.
    """
    if recording.suffix not in NAMES:
        raise FormatError("tempo and key are written into the tags of mp3, flac, ogg and opus; convert the recording")
    if shutil.which("ffmpeg") is None:
        raise OnpuError("tags are written by the ffmpeg program; install it")
    tempo_name, key_name = NAMES[recording.suffix]
    tonic, _, mode = key.partition(" ")
    tags = {"title": title, "artist": artist, tempo_name: str(round(bpm)) if bpm else "",
            key_name: tonic + ("m" if mode in ("minor", "aeolian", "dorian", "phrygian", "locrian") else "")}
    place = "-metadata:s:a:0" if recording.suffix in (".ogg", ".opus") else "-metadata"
    said = [word for name, text in tags.items() if text for word in (place, f"{name}={text}")]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", f"file:{recording}",
               "-map", "0", "-c", "copy", *said, f"file:{copy}"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=SECONDS)
    if done.returncode:
        raise OnpuError("ffmpeg cannot write the tags of this recording; convert it")
