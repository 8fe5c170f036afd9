"""A copy of a recording whose tags say title, artist, tempo, key and loudness; the sound is copied as it is."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from onpu.errors import FormatError, OnpuError

NAMES = {".mp3": ("TBPM", "TKEY"), ".flac": ("BPM", "INITIALKEY"), ".ogg": ("BPM", "INITIALKEY"),
         ".opus": ("BPM", "INITIALKEY")}
"""Suffix -> what tags of tempo and key are called: frames of ID3v2.4, and Vorbis comments as DJ programs read them."""
GAIN = "REPLAYGAIN_TRACK_GAIN"
"""Tag of how much louder a player makes a recording, whatever its format."""
SECONDS = 60.0


@dataclass(frozen=True)
class SoundTags:
    """title, artist, key (`Am`, or `8A`): empty where there is none. bpm: 0, and gain in dB: None, where there is
    none."""

    title: str = ""
    artist: str = ""
    bpm: float = 0.0
    key: str = ""
    gain: float | None = None


def write_tagged(recording: Path, copy: Path, tags: SoundTags) -> None:
    """Write the copy.

    Raises
    ------
    OnpuError
        When the recording's format has no such tags, or the ffmpeg program is not installed or fails.
    """
    suffix = recording.suffix.lower()
    if suffix not in NAMES:
        raise FormatError(f"{recording.name}: tempo and key are written into the tags of mp3, flac, ogg and opus; "
                          "convert the recording")
    if shutil.which("ffmpeg") is None:
        raise OnpuError("tags are written by the ffmpeg program; install it")
    tempo_name, key_name = NAMES[suffix]
    texts = {"title": tags.title, "artist": tags.artist, tempo_name: str(round(tags.bpm)) if tags.bpm else "",
             key_name: tags.key, GAIN: "" if tags.gain is None else f"{tags.gain:+.2f} dB"}
    place = "-metadata:s:a:0" if suffix in (".ogg", ".opus") else "-metadata"
    said = [word for name, text in texts.items() if text for word in (place, f"{name}={text}")]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", f"file:{recording}",
               "-map", "0", "-c", "copy", *said, f"file:{copy}"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=SECONDS)
    if done.returncode:
        raise OnpuError(f"{recording.name}: ffmpeg cannot write the tags of this recording; convert it")
