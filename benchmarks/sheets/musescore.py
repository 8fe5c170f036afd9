"""MuseScore 3 from the command line: it imports MIDI and reads MusicXML. `apt install musescore3`."""

import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.paths import Missing

NAMES = ("mscore3", "musescore3", "mscore")
SECONDS = 120


def convert(source: Path, target: Path) -> None:
    """Write what it makes of a file. Raises `Missing` without it, `OSError` where it makes nothing."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise Missing("MuseScore 3 is not installed; apt install musescore3")
    subprocess.run([program, "-o", str(target), str(source)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                   capture_output=True, timeout=SECONDS, check=False)
    if not target.is_file():
        raise OSError(f"MuseScore makes nothing of {source.name}")
