"""Recordings that wait to be analysed, one after the other, with progress, time left and cancelling."""

import json
import sqlite3
import time
from collections.abc import Callable

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.workbench import jobs
from onpu.workbench.job_thread import JobThread
from onpu.workbench.library import ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerError, WorkerProcess
from onpu.workbench.schema import ANALYSING, CANCELLED, FAILED, WAITING, Version

USUAL_PACE = 0.08
"""Seconds that a second of a recording takes, before one has been analysed."""
PACE_SHARE = 0.3
"""Weight of the newest recording in the mean pace."""
USUAL_SECONDS = 240.0
"""Length that is reckoned with before a recording has been opened."""
HEARD_ANEW = "heard anew"
"""Note of a version that came of hearing a song anew."""


class Analyses(JobThread):
    """A thread that analyses what waits in a library, and then what is to be heard anew. analyse, hear_again: what is
    done with a recording."""

    def __init__(self, library: Library, limits: Limits, worker: WorkerProcess,
                 analyse: Job = jobs.analyse, hear_again: Job = jobs.hear_again):
        super().__init__("analyses", worker)
        self.library, self.limits = library, limits
        self._analyse, self._hear_again = analyse, hear_again
        self.pace = USUAL_PACE

    def left(self) -> dict[str, float]:
        """Song -> seconds until it is ready, of all that are analysed or wait."""
        with self._lock:
            current = self._current
        out: dict[str, float] = {}
        ahead = 0.0
        if current:
            ahead = self.progress(current)[1] or USUAL_SECONDS * self.pace
            out[current] = ahead
        for row in (*self.library.waiting(), *self.library.waiting_again()):
            ahead += (row["duration"] or USUAL_SECONDS) * self.pace
            out[row["id"]] = ahead
        return out

    def cancel(self, song: str) -> None:
        """Leave a song that waits or is analysed. Raises `UnknownSongError`; `ConflictError` where it does neither."""
        row = self.library.song(song)
        if row["again"]:
            self.library.end_again(song)
        elif row["state"] in (WAITING, ANALYSING):
            self.library.end(song, CANCELLED)
        else:
            raise ConflictError("the song neither waits nor is it analysed; there is nothing to cancel")
        self._end_current(song)

    @property
    def idle(self) -> bool:
        """Whether nothing is analysed and nothing waits."""
        with self._lock:
            busy = bool(self._current)
        return not busy and not self.library.waiting(1) and not self.library.waiting_again(1)

    def step(self) -> bool:
        """Hear what waits, and then what is to be heard anew."""
        waiting, again = self.library.waiting(1), self.library.waiting_again(1)
        if waiting:
            if self.library.begin(waiting[0]["id"]):
                self._one(waiting[0], self._first_time)
        elif again and self.library.begin_again(again[0]["id"]):
            self._one(again[0], self._once_more)
        return bool(waiting or again)

    def _one(self, row: sqlite3.Row, done: Callable[[sqlite3.Row], float]) -> None:
        """Have one recording heard; done: does it, and returns its length in seconds."""
        song, end = row["id"], self.library.end_again if done == self._once_more else self._failed
        self._begin(song)
        try:
            seconds = max(done(row), 1.0)
            self.pace += PACE_SHARE * ((time.monotonic() - self._begun) / seconds - self.pace)
        except ConflictError:  # saved or deleted meanwhile
            self.library.end_again(song)
        except WorkerError as error:
            if not self._closed and not self._cancelled:
                end(song, f"{row['name']}: {error}")
        except OnpuError as error:
            end(song, str(error))
        finally:
            self._finish()

    def _failed(self, song: str, error: str) -> None:
        self.library.end(song, FAILED, error)

    def _first_time(self, row: sqlite3.Row) -> float:
        found = self.worker.call(self._analyse, self._told(row), self._seconds(), self._advance)
        self.library.finish(row["id"], found["stem"], found["playable"], found["facts"], found.get("heard_by", {}))
        return float(found["facts"]["duration"])

    def _once_more(self, row: sqlite3.Row) -> float:
        """Hear a song anew that is ready, and store a version of it."""
        version = self.library.version(row["id"])
        corrections, confirmed = json.loads(version["corrections"]), json.loads(version["confirmed"])
        found = self.worker.call(self._hear_again, self._told(row) | {
            "stem": version["stem"], "corrections": corrections, "confirmed": confirmed, "title": row["title"],
            "artist": row["artist"]}, self._seconds(), self._advance)
        new = Version(0, found["stem"], "onpu", HEARD_ANEW, found["corrections"], confirmed, found["known"],
                      found["heard"])
        self.library.finish_again(row["id"], version["number"], new, found["facts"], found["heard_by"])
        return float(found["facts"]["duration"])

    def _told(self, row: sqlite3.Row) -> Json:
        return {"folder": str(self.library.place(row["id"])), "sound": f"sound{row['suffix']}", "name": row["name"],
                "longest": self.limits.song_seconds}

    def _seconds(self) -> float:
        return self.limits.analysis_seconds + self.limits.analysis_share * self.limits.song_seconds

    def _advance(self, share: float) -> None:
        super()._advance(share)
        self.library.revision += 1
