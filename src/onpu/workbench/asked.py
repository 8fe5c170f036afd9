"""What is made of songs when it is asked for: stems, other drums, pieces; some files of it are kept for a while."""

import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from onpu.files import Json, replacing
from onpu.workbench import drum_jobs, parting, words
from onpu.workbench.background import BackgroundJobs, Kind
from onpu.workbench.kits import KitShelf
from onpu.workbench.library import Library, UnknownSongError
from onpu.workbench.likeness import LikeSongs
from onpu.workbench.limits import Limits
from onpu.workbench.making import Making
from onpu.workbench.process import Job, WorkerProcess

STEMS, DRUMIX, WORDS = "stems", "drumix", "words"
"""Kinds of jobs."""
MIX, MADE, FOUND = "drums.json", "made", "gain.json"
"""In a song's folder: its mix of drums, what was made of it; in that of its stems: what is known of its drums."""
KEPT_FILES = 3
"""Of a song."""


class AskedFor:
    """An open library's jobs in the background, and its drum kits. kits: name -> the user's soundfont or .sfz file.
    part: how a recording is taken apart. wake: called when a song has come into the library."""

    def __init__(self, library: Library, limits: Limits, cores: int, kits: Mapping[str, Path], part: Job,
                 wake: Callable[[], None]):
        self.library, self.limits = library, limits
        self.sounding = WorkerProcess(limits.memory_bytes, 1, limits.waiting)
        self.kits = KitShelf(library.folder / "kits", kits, self.sounding, limits)
        self.making = Making(library, limits, self.sounding, wake)
        self.likeness = LikeSongs(library, limits, self.sounding)
        self.jobs = BackgroundJobs(library, WorkerProcess(limits.memory_bytes, cores, behind=5), {
            STEMS: Kind(part, limits.part_seconds, self._to_part, self._parted),
            DRUMIX: Kind(drum_jobs.mixed, limits.part_seconds, self._to_mix, self._mixed), **self.making.kinds(),
            **self.likeness.kinds(),
            WORDS: Kind(words.corrections_by_ear, limits.part_seconds, self._to_place,
                        lambda song, asked, found: found)})

    def start(self) -> None:
        """Begin with what waits."""
        self.jobs.start()

    def close(self) -> None:
        """End the processes."""
        self.jobs.close()
        self.sounding.end("the server ends")

    def take_apart(self, song: str) -> str:
        """Have a song taken apart; the id of the job."""
        return self.jobs.ask(STEMS, song, self.library.ready(song)["title"], {})

    def drum_mix(self, song: str) -> Json | None:
        """The mix of drums that was stored for a song; None where none was."""
        path = self.library.place(self.library.song(song)["id"]) / MIX
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def keep_mix(self, song: str, mix: Json) -> None:
        """Store it."""
        with replacing(self.library.place(self.library.song(song)["id"]) / MIX) as temporary:
            temporary.write_text(json.dumps(mix), encoding="utf-8")

    def drum_gain(self, song: str) -> float | None:
        """By how much kits are louder in a song than by themselves; None where it is not taken apart."""
        place = self.library.place(self.library.ready(song)["id"])
        if parting.stems_of(place) is None:
            return None
        found = place / parting.FOLDER / FOUND
        if not found.is_file():
            told = self.sounding.call(drum_jobs.gain, {
                "folder": str(place), "stem": self.library.version(song)["stem"]}, self.limits.answer_seconds)
            found.write_text(json.dumps(told), encoding="utf-8")
        return float(json.loads(found.read_text(encoding="utf-8"))["gain"])

    def mix_drums(self, song: str, mix: Json) -> str:
        """Have a song written with other drums; the id of the job."""
        return self.jobs.ask(DRUMIX, song, self.library.ready(song)["title"], {"mix": mix})

    def made_file(self, job: str) -> tuple[Path, str]:
        """A file that a job has made, and the name to save it under. Raises `UnknownSongError`."""
        told = self.jobs.job(job)
        name = told["result"].get("file", "")
        path = self.library.place(told["song"]) / MADE / name
        if not name or not path.is_file():
            raise UnknownSongError("there is no such file any more; have it made again")
        return path, told["result"]["name"]

    def place_words(self, song: str, lines: list[str]) -> str:
        """Have words placed where they are sung; the id of the job, whose result has `corrections`."""
        return self.jobs.ask(WORDS, song, self.library.ready(song)["title"], {"lines": lines})

    def _to_place(self, song: str, asked: Json) -> Json:
        row = self.library.ready(song)
        return {"path": str(self.library.place(song) / f"sound{row['suffix']}"), "name": row["name"],
                "lines": asked["lines"], "duration": row["duration"]}

    def _to_part(self, song: str, asked: Json) -> Json:
        row = self.library.ready(song)
        return {"folder": str(self.library.place(song)), "sound": f"sound{row['suffix']}", "name": row["name"],
                "longest": self.limits.stem_seconds}

    def _parted(self, song: str, asked: Json, found: Json) -> Json:
        parting.prune(self.library.songs, self.limits.stem_bytes, self.library.place(song))
        return {}

    def _to_mix(self, song: str, asked: Json) -> Json:
        row, place = self.library.ready(song), self.library.place(song)
        made = sorted((place / MADE).glob("*.wav"), key=lambda path: path.stat().st_mtime)
        for path in made[: max(0, len(made) + 1 - KEPT_FILES)]:
            path.unlink(missing_ok=True)
        return {"folder": str(place), "stem": self.library.version(song)["stem"], "sound": f"sound{row['suffix']}",
                "mix": asked["mix"], "own": self.kits.own(),
                "out": str(place / MADE / f"{secrets.token_hex(6)}.wav")}

    def _mixed(self, song: str, asked: Json, found: Json) -> Json:
        return {"file": found["file"], "name": f"{self.library.song(song)['name']}-drumix.wav"}
