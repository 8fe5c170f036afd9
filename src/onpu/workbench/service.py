"""The workbench without its addresses: an open library, what waits in it, and the processes that do the work."""

import json
import os
import shutil
import sqlite3
import threading
from pathlib import Path

from onpu.files import Json
from onpu.workbench import jobs
from onpu.workbench.library import ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerProcess
from onpu.workbench.queue import Analyses
from onpu.workbench.syncing import sync_to_disk

TAGGED = "tagged"
"""Export of the recording itself."""
COPIES = (".jams", ".json.gz")
"""Suffixes of the files of a version."""


class WorkbenchService:
    """An open library with its processes: one analyses, one decides, one exports.

    analyse: what is done with a recording. The process that decides has what was heard of the newest songs in memory,
    the one that exports no networks.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, analyse: Job = jobs.analyse):
        self.limits = limits or Limits()
        self.library = Library(folder)
        cores = max(1, (os.cpu_count() or 1) - 1)
        self.analyses = Analyses(self.library, self.limits,
                                 WorkerProcess(self.limits.memory_bytes, cores, behind=5), analyse)
        self._deciding = WorkerProcess(self.limits.memory_bytes, 1, self.limits.waiting)
        self._exporting = WorkerProcess(self.limits.memory_bytes, 1, self.limits.waiting)
        self._warming = threading.Lock()

    def close(self) -> None:
        """End the processes and close the library; what is being analysed waits when it is opened again."""
        self.analyses.close()
        self._deciding.end("the server ends")
        self._exporting.end("the server ends")
        self.library.close()

    def warm(self, song: str) -> None:
        """Have at hand what was heard of a song that is looked at; returns at once."""
        if self._warming.acquire(blocking=False):
            threading.Thread(target=self._warmed, args=(song,), daemon=True).start()

    def _warmed(self, song: str) -> None:
        try:
            self._deciding.call(jobs.warm, {"folder": self._folder(song)}, self.limits.analysis_seconds)
        except Exception:  # the decision itself will tell
            pass
        finally:
            self._warming.release()

    def decide(self, song: str, corrections: list[Json]) -> bytes:
        """The contents of the page around corrections, which are not stored."""
        row = self._ready(song)
        found: bytes = self._deciding.call(jobs.decide, {"folder": self._folder(song), "corrections": corrections,
                                                   "title": row["title"]}, self.limits.answer_seconds)["json"]
        return found

    def save(self, song: str, base: int, corrections: list[Json], who: str, note: str) -> int:
        """Store a version with these corrections; its number."""
        row = self._ready(song)
        if base != row["version"]:
            raise ConflictError(f"version {row['version']} was saved meanwhile; load it and correct that one")
        made = self._deciding.call(
            jobs.save, {"folder": self._folder(song), "corrections": corrections, "title": row["title"],
                          "artist": row["artist"]}, self.limits.answer_seconds)
        return self.library.add_version(song, base, made["stem"], who, note, corrections, made["facts"])

    def restore(self, song: str, number: int) -> int:
        """Store a version that is like an earlier one; its number."""
        earlier, newest = self.library.version(song, number), self._ready(song)["version"]
        place, stem = self.library.place(song), f"v{os.urandom(6).hex()}"
        for suffix in COPIES:
            shutil.copyfile(place / f"{earlier['stem']}{suffix}", place / f"{stem}{suffix}")
            sync_to_disk(place / f"{stem}{suffix}")
        sync_to_disk(place)
        return self.library.add_version(song, newest, stem, "", f"version {number} again",
                                        json.loads(earlier["corrections"]), json.loads(earlier["facts"]))

    def sheets(self, song: str, number: int | None) -> bytes:
        """Lead sheet and score of a version, as JSON."""
        row, version = self._ready(song), self.library.version(song, number)
        found: bytes = self._exporting.call(jobs.sheets, {"folder": self._folder(song), "stem": version["stem"],
                                                    "title": row["title"]}, self.limits.answer_seconds)["json"]
        return found

    def export(self, song: str, number: int | None, form: str) -> tuple[Path, str]:
        """A version in a format of `onpu.formats`, or as a `TAGGED` recording: the path of a file in a folder of its
        own, and the name to save it under."""
        row, version = self._ready(song), self.library.version(song, number)
        told = {"folder": self._folder(song), "sound": f"sound{row['suffix']}", "name": row["name"],
                "title": row["title"], "artist": row["artist"]}
        job: Job = jobs.export
        if form == TAGGED:
            found = json.loads(version["facts"])
            job, told = jobs.tag, told | {"bpm": found["bpm"], "key": found["key"]}
        else:
            told |= {"stem": version["stem"], "form": form}
        made = self._exporting.call(job, told, self.limits.answer_seconds)
        return Path(made["path"]), made["name"]

    def _ready(self, song: str) -> sqlite3.Row:
        """The row of a song that is ready. Raises `UnknownSongError` and `ConflictError`."""
        row = self.library.song(song)
        if not row["version"]:
            raise ConflictError(f"the song is not ready, it is {row['state']}; wait, or try it again")
        return row

    def _folder(self, song: str) -> str:
        return str(self.library.place(song))
