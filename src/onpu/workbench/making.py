"""What is made in the library: pieces by forms, and passages of songs as other sounds; each becomes a song of it."""

import math
import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from onpu.errors import FormatError
from onpu.files import Json
from onpu.workbench import making_jobs
from onpu.workbench.background import BackgroundJobs, Kind
from onpu.workbench.library import ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import WorkerProcess

T = TypeVar("T")
MAKE, CHANGE = "make", "change"
"""Kinds of jobs."""
CHANGES = {"convert-strings": "strings", "convert-guitar": "guitar", "convert-piano": "piano", "convert-band": "band",
           "enhance": "without noise"}
"""Weights -> what becomes of a passage."""
LONGEST_WORD = 2000


class Making:
    """Jobs that make songs. wake: called when one has come into the library."""

    def __init__(self, library: Library, limits: Limits, worker: WorkerProcess, wake: Callable[[], None]):
        self.library, self.limits, self.worker, self.wake = library, limits, worker, wake
        self._table: Json = {}
        self._lock = threading.Lock()

    def kinds(self) -> dict[str, Kind]:
        """The kinds of these jobs."""
        seconds = self.limits.making_seconds
        return {MAKE: Kind(making_jobs.make, seconds, self._to_make, self._came),
                CHANGE: Kind(making_jobs.change, seconds, self._to_change, self._came)}

    def table(self) -> Json:
        """The makers as forms, and what passages can become."""
        with self._lock:
            if not self._table:
                self._table = self.worker.call(making_jobs.table, {}, self.limits.answer_seconds)
        return self._table | {"changes": CHANGES}

    def make(self, jobs: BackgroundJobs, told: Json) -> str:
        """Have a piece made; the id of the job. Raises `FormatError` and `UnknownSongError`."""
        maker = _known(told.get("maker"), {each["name"]: each for each in self.table()["makers"]}, "maker")
        weights = _known(told.get("weights") or maker["weights"][0], {name: name for name in maker["weights"]},
                         "weights")
        options, given = told.get("options", {}), told.get("given", {})
        if not isinstance(options, dict) or not isinstance(given, dict) or len(str(options)) > LONGEST_WORD:
            raise FormatError("options and given of what is to be made are JSON objects")
        sound, bpm = told.get("sound") or "", told.get("bpm")
        if not isinstance(sound, str) or not (bpm is None or isinstance(bpm, int | float)):
            raise FormatError("sound is a name, bpm a number")
        music = {name: [self._passage(each) for each in _listed(given[name])] for name in given}
        return jobs.ask(MAKE, "", told.get("title") or maker["title"], {
            "maker": maker["name"], "weights": weights, "options": options, "given": music, "sound": sound, "bpm": bpm,
            "title": str(told.get("title") or maker["name"])[:120]})

    def change(self, jobs: BackgroundJobs, song: str, told: Json) -> str:
        """Have a passage of a song changed; the id of the job. Raises `FormatError` and `UnknownSongError`."""
        weights, row = told.get("to"), self.library.ready(song)
        become = _known(weights, CHANGES, "change")
        passage = self._passage(told | {"song": song})
        return jobs.ask(CHANGE, song, row["title"], {
            "weights": weights, "start": passage["start"], "end": passage["end"],
            "title": f"{row['title']} – {become}"[:120]})

    def _passage(self, told: object) -> Json:
        if not isinstance(told, dict):
            raise FormatError("a passage is a JSON object with song, start and end")
        row = self.library.ready(str(told.get("song")))
        start, end = _seconds(told.get("start") or 0.0), told.get("end")
        end = None if end is None else _seconds(end)
        if end is not None and end <= start:
            raise FormatError("a passage ends after it begins")
        return {"song": row["id"], "start": start, "end": end}

    def _to_make(self, song: str, asked: Json) -> Json:
        def told(passage: Json) -> Json:
            row = self.library.ready(passage["song"])
            stem = self.library.version(passage["song"])["stem"]
            return {"labels": str(self.library.place(row["id"]) / f"{stem}.jams"), "name": row["title"],
                    "start": passage["start"], "end": passage["end"]}

        given = {name: [told(each) for each in passages] for name, passages in asked["given"].items()}
        return {key: asked[key] for key in ("maker", "weights", "options", "sound", "bpm")} | {
            "given": given, "out": self._out(asked)}

    def _to_change(self, song: str, asked: Json) -> Json:
        row = self.library.ready(song)
        path = self.library.place(row["id"]) / f"sound{row['suffix']}"
        return {"path": str(path), "name": row["title"], "weights": asked["weights"], "start": asked["start"],
                "end": asked["end"], "out": self._out(asked)}

    def _out(self, asked: Json) -> str:
        """Where the sound goes until it is in the library."""
        if self.library.count() >= self.limits.songs:
            raise ConflictError(f"the library has {self.limits.songs} songs, the most; delete some")
        asked["out"] = str(self.library.incoming / f"{secrets.token_hex(12)}.wav")
        return str(asked["out"])

    def _came(self, song: str, asked: Json, found: Json) -> Json:
        sound, labels = Path(asked["out"]), Path(asked["out"] + making_jobs.LABELS)
        added = self.library.add([(sound, asked["title"], ".wav")], {sound: labels} if found["labels"] else None)
        labels.unlink(missing_ok=True)
        self.wake()
        return {"song": added[0]}


def _known(name: object, known: Mapping[str, T], what: str) -> T:
    if not isinstance(name, str) or name not in known:
        raise FormatError(f"there is no {what} {str(name)[:40]}; there are {', '.join(known)}")
    return known[name]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value >= 0):
        raise FormatError("start and end of a passage are seconds")
    return float(value)
