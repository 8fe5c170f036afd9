"""The workbench without its addresses: an open library, what waits in it, and the processes that do the work."""

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from onpu.errors import FormatError
from onpu.files import Json
from onpu.system import sync_to_disk
from onpu.workbench import jobs, learning_jobs, parting, words
from onpu.workbench.asked import AskedFor
from onpu.workbench.hearings import heard_by, is_older
from onpu.workbench.learning import Learning
from onpu.workbench.library import ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerProcess
from onpu.workbench.queue import Analyses
from onpu.workbench.schema import READY, Version

TAGGED = "tagged"
"""Export of the recording itself."""
COPIES = (".jams", ".json.gz")
"""Suffixes of the files of a version."""


class WorkbenchService:
    """An open library with its processes: one analyses, one decides, one exports, one learns, one does what is asked
    for beside.

    analyse, hear_again, part: what is done with a recording; learn: with a task. kits: name -> soundfont or .sfz
    file of the user. The process that decides has what was heard of the newest songs in memory, the one that exports
    no networks.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, analyse: Job = jobs.analyse,
                 hear_again: Job = jobs.hear_again, learn: Job = learning_jobs.learn,
                 part: Job = parting.part, kits: Mapping[str, Path] | None = None):
        self.limits = limits or Limits()
        self.library = Library(folder)
        cores = max(1, (os.cpu_count() or 1) - 1)
        self.analyses = Analyses(self.library, self.limits,
                                 WorkerProcess(self.limits.memory_bytes, cores, behind=5), analyse, hear_again)
        self._deciding = WorkerProcess(self.limits.memory_bytes, 1, self.limits.waiting)
        self._exporting = WorkerProcess(self.limits.memory_bytes, 1, self.limits.waiting)
        self.learning = Learning(self.library, self.limits, self.analyses,
                                 WorkerProcess(self.limits.memory_bytes, cores, behind=10), self._deciding, learn)
        self.asked = AskedFor(self.library, self.limits, cores, kits or {}, part, self.analyses.wake)
        self._warming = threading.Lock()

    def start(self) -> None:
        """Begin with what waits."""
        self.analyses.start()
        self.learning.start()
        self.asked.start()

    def close(self) -> None:
        """End the processes and close the library; what is being analysed waits when it is opened again."""
        self.analyses.close()
        self.learning.close()
        self.asked.close()
        self._deciding.end("the server ends")
        self._exporting.end("the server ends")
        self.library.close()

    def warm(self, song: str) -> None:
        """Have at hand what was heard of a song that is looked at; returns at once."""
        if self._warming.acquire(blocking=False):
            threading.Thread(target=self._warmed, args=(song,), daemon=True).start()

    def _warmed(self, song: str) -> None:
        try:
            self._deciding.call(jobs.warm, {"folder": self._folder(song), "heard": self.library.version(song)["heard"]},
                                self.limits.analysis_seconds)
        except Exception:  # the decision itself will tell
            pass
        finally:
            self._warming.release()

    def decide(self, song: str, corrections: list[Json]) -> bytes:
        """The contents of the page around corrections, which are not stored."""
        row = self.library.ready(song)
        found: bytes = self._deciding.call(
            jobs.decide, {"folder": self._folder(song), "heard": self.library.version(song)["heard"],
                          "corrections": corrections, "title": row["title"]}, self.limits.answer_seconds)["json"]
        return found

    def save(self, song: str, base: int, corrections: list[Json], who: str, note: str, confirmed: list[str]) -> int:
        """Store a version with these corrections, of which the labels of these tasks are right; its number."""
        row = self.library.ready(song)
        if base != row["version"]:
            raise ConflictError(f"version {row['version']} was saved meanwhile; load it and correct that one")
        made = self._deciding.call(
            jobs.save, {"folder": self._folder(song), "heard": self.library.version(song)["heard"],
                        "corrections": corrections, "confirmed": confirmed, "title": row["title"],
                        "artist": row["artist"]}, self.limits.answer_seconds)
        version = Version(0, made["stem"], who, note, corrections, confirmed, made["known"],
                          self.library.version(song, base)["heard"])
        return self.library.add_version(song, base, version, made["facts"])

    def restore(self, song: str, number: int) -> int:
        """Store a version that is like an earlier one; its number."""
        earlier, newest = self.library.version(song, number), self.library.ready(song)["version"]
        place, stem = self.library.place(song), f"v{os.urandom(6).hex()}"
        for suffix in COPIES:
            shutil.copyfile(place / f"{earlier['stem']}{suffix}", place / f"{stem}{suffix}")
            sync_to_disk(place / f"{stem}{suffix}")
        sync_to_disk(place)
        version = Version(0, stem, "", f"version {number} again", json.loads(earlier["corrections"]),
                          json.loads(earlier["confirmed"]), json.loads(earlier["known"]) if earlier["known"] else None,
                          earlier["heard"])
        return self.library.add_version(song, newest, version, json.loads(earlier["facts"]))

    def sheets(self, song: str, number: int | None, narrow: bool = False) -> bytes:
        """Lead sheet and score of a version, as JSON; narrow: for a phone."""
        row, version = self.library.ready(song), self.library.version(song, number)
        found: bytes = self._exporting.call(jobs.sheets, {"folder": self._folder(song), "stem": version["stem"],
                                                    "title": row["title"], "narrow": narrow},
                                            self.limits.answer_seconds)["json"]
        return found

    def export(self, song: str, number: int | None, form: str, sheet: str = "") -> tuple[Path, str]:
        """A version in a format of `onpu.formats`, or as a `TAGGED` recording: the path of a file in a folder of its
        own, and the name to save it under. sheet: of several, `score` or `lead`; empty: all."""
        row, version = self.library.ready(song), self.library.version(song, number)
        told = {"folder": self._folder(song), "sound": f"sound{row['suffix']}", "name": row["name"],
                "title": row["title"], "artist": row["artist"]}
        job: Job = jobs.export
        if form == TAGGED:
            found = json.loads(version["facts"])
            job, told = jobs.tag, told | {"bpm": found["bpm"], "key": found["key"]}
        else:
            told |= {"stem": version["stem"], "form": form, "sheet": sheet}
        made = self._exporting.call(job, told, self.limits.answer_seconds)
        return Path(made["path"]), made["name"]

    def words(self, song: str, path: Path, suffix: str, name: str) -> list[Json]:
        """The corrections by which the words of a song become those of a file (`onpu.workbench.words`)."""
        told = {"path": str(path), "suffix": suffix, "name": name, "duration": self.library.ready(song)["duration"]}
        found: list[Json] = self._exporting.call(words.corrections_from, told,
                                                 self.limits.answer_seconds)["corrections"]
        if len(found) > self.limits.corrections:
            raise FormatError(f"{name}: has more than {self.limits.corrections} words; give those of one song")
        return found

    def words_as_labels(self, path: Path, suffix: str, name: str, out: Path) -> None:
        """Write the words of a file as JAMS."""
        self._exporting.call(words.labels_from, {"path": str(path), "suffix": suffix, "name": name, "out": str(out)},
                             self.limits.answer_seconds)

    def older(self) -> list[str]:
        """Songs that were heard by other weights than those in use, and do not wait to be heard anew."""
        older = self.age()
        return [row["id"] for row in self.library.search("is:ready", limit=-1) if not row["again"] and older(row)]

    def age(self) -> Callable[[sqlite3.Row], bool]:
        """Says of a song whether it was heard by other weights than those in use now."""
        folder, in_use = self.learning.weights.folder, self.learning.weights.numbers()
        return lambda row: row["state"] == READY and is_older(self._heard_by(row), folder, in_use)

    def _heard_by(self, row: sqlite3.Row) -> str:
        """By which weights a song was heard; read off what was heard where it was heard before this was stored."""
        if not row["heard_by"] and row["version"]:
            found = heard_by(self.library.place(row["id"]) / self.library.version(row["id"])["heard"])
            self.library.set_heard_by(row["id"], found)
            return json.dumps(found)
        return str(row["heard_by"])

    def _folder(self, song: str) -> str:
        return str(self.library.place(song))
