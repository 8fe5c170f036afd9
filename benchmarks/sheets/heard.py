"""What onpu hears in recordings, kept so that it is listened to once."""

import json
from collections.abc import Sequence
from pathlib import Path

import onpu
from benchmarks.paths import CACHE, data
from onpu.music import Timeline

SETS = {"ultrastar": ("real/ultrastar", "audio.*"), "mdb": ("real/mdb", "mix.flac"),
        "metal": ("real/free/metal", "audio.opus")}
"""Name -> folder of the set, and what a recording is called in its folder."""


def heard(name: str) -> dict[str, Timeline]:
    """Recording -> its timeline, of a set."""
    folder, pattern = SETS[name]
    return {song.name: found_in(song.name, recording)
            for song in sorted(path for path in data(folder).iterdir() if path.is_dir())
            for recording in song.glob(pattern)}


def found_in(name: str, recording: Path, again: bool = False, tasks: Sequence[str] | None = None) -> Timeline:
    """What is heard in a recording, kept under a name. again: listen to it although it is kept. tasks: all."""
    kept = CACHE / "sheets" / f"{name}.json"
    if again or not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(onpu.analyze(recording, tasks=tasks).to_dict()), encoding="utf-8")
    return Timeline.from_dict(json.loads(kept.read_text(encoding="utf-8")))
