"""Jobs that take minutes and are asked for one by one: taking a song apart, making music. One runs at a time, in a
process of its own; what waits or runs when the server ends begins again with the next one."""

import json
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.workbench.job_thread import JobThread
from onpu.workbench.library import ConflictError, Library, UnknownSongError
from onpu.workbench.process import BusyError, Job, WorkerError, WorkerProcess

log = logging.getLogger(__name__)

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OPEN = (WAITING, RUNNING)
MOST_WAITING = 50
KEPT = 100
"""So many jobs that have ended are remembered."""
TABLE = """
CREATE TABLE IF NOT EXISTS background (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, song TEXT NOT NULL, title TEXT NOT NULL, arguments TEXT NOT NULL,
    state TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT '{}', asked REAL NOT NULL);
"""


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    job: what the process does. seconds: most that it may take. arguments: (song, what was asked) -> what the job is
    called with. finish: (song, what was asked, what the job returned) -> what is told of it.
    """

    job: Job
    seconds: float
    arguments: Callable[[str, Json], Json]
    finish: Callable[[str, Json, Json], Json]


class BackgroundJobs(JobThread):
    """A thread that does what waits. kinds: name -> kind."""

    def __init__(self, library: Library, worker: WorkerProcess, kinds: Mapping[str, Kind]):
        super().__init__("background", worker)
        self.library, self.kinds = library, kinds
        self._database = sqlite3.connect(library.folder / "library.sqlite", check_same_thread=False,
                                         isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA busy_timeout = 5000")
        self._database.executescript(TABLE)
        self._change("UPDATE background SET state = ? WHERE state = ?", WAITING, RUNNING)

    def close(self) -> None:
        """End; what runs waits when the library is opened again."""
        super().close()
        with self._lock:
            self._database.close()

    def ask(self, kind: str, song: str, title: str, arguments: Json) -> str:
        """Have a job done; its id. The same one, where it waits or runs already. Raises `BusyError`."""
        told = json.dumps(arguments, sort_keys=True)
        with self._lock:
            waiting = self._rows("SELECT * FROM background WHERE state IN (?, ?)", *OPEN)
            for row in waiting:
                if (row["kind"], row["song"], row["arguments"]) == (kind, song, told):
                    return str(row["id"])
            if len(waiting) >= MOST_WAITING:
                raise BusyError("there is too much to do at the moment; wait until some of it is done")
            job = secrets.token_hex(8)
            self._change("INSERT INTO background (id, kind, song, title, arguments, state, asked) "
                         "VALUES (?,?,?,?,?,?,?)", job, kind, song, title, told, WAITING, time.time())
            self._change("DELETE FROM background WHERE state NOT IN (?, ?) AND id NOT IN "
                         "(SELECT id FROM background ORDER BY asked DESC LIMIT ?)", *OPEN, KEPT)
        self.wake()
        return job

    def told(self) -> list[Json]:
        """All jobs that are remembered, the newest first."""
        return [self._json(row) for row in self._rows("SELECT * FROM background ORDER BY asked DESC, rowid DESC")]

    def job(self, job: str) -> Json:
        """What is said of one. Raises `UnknownSongError`."""
        rows = self._rows("SELECT * FROM background WHERE id = ?", job)
        if not rows:
            raise UnknownSongError("there is no such job; it may be long done")
        return self._json(rows[0])

    def newest(self, kind: str, song: str) -> Json | None:
        """The newest job of a kind for a song; None where there was none."""
        rows = self._rows("SELECT * FROM background WHERE kind = ? AND song = ? "
                          "ORDER BY asked DESC, rowid DESC LIMIT 1", kind, song)
        return self._json(rows[0]) if rows else None

    def cancel(self, job: str) -> None:
        """Leave a job that waits or runs. Raises `UnknownSongError`; `ConflictError` where it does neither."""
        with self._lock:
            if self.job(job)["state"] not in OPEN:
                raise ConflictError("the job neither waits nor runs; there is nothing to cancel")
            self._change("UPDATE background SET state = ? WHERE id = ?", CANCELLED, job)
            self._end_current(job)

    def _json(self, row: sqlite3.Row) -> Json:
        share, left = self.progress(row["id"])
        return {"id": row["id"], "kind": row["kind"], "song": row["song"], "title": row["title"],
                "state": row["state"], "progress": 1.0 if row["state"] == DONE else round(share, 3),
                "left": None if left is None else round(left, 1), "error": row["error"],
                "result": json.loads(row["result"])}

    def _rows(self, text: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(text, values).fetchall()

    def _change(self, text: str, *values: object) -> int:
        with self._lock:
            return self._database.execute(text, values).rowcount

    def step(self) -> bool:
        """Do the job that has waited longest."""
        with self._lock:
            waiting = self._rows("SELECT * FROM background WHERE state = ? ORDER BY asked, rowid LIMIT 1", WAITING)
            if waiting:
                self._begin(waiting[0]["id"])
                self._change("UPDATE background SET state = ? WHERE id = ?", RUNNING, waiting[0]["id"])
        if waiting:
            self._one(waiting[0])
        return bool(waiting)

    def _one(self, row: sqlite3.Row) -> None:
        try:
            kind, song, asked = self.kinds[row["kind"]], row["song"], json.loads(row["arguments"])
            found = self.worker.call(kind.job, kind.arguments(song, asked), kind.seconds, self._advance)
            if not self._cancelled:
                result = json.dumps(kind.finish(song, asked, found))
                self._end(row["id"], DONE, "", result)
        except WorkerError as error:
            if not self._closed and not self._cancelled:
                self._end(row["id"], FAILED, str(error))
        except OnpuError as error:
            self._end(row["id"], FAILED, str(error))
        except Exception as error:
            if not self._closed:
                log.exception("a job failed")
                self._end(row["id"], FAILED, f"unforeseen {type(error).__name__} ({error}); please report it")
        finally:
            self._finish()

    def _end(self, job: str, state: str, error: str, result: str = "{}") -> None:
        self._change("UPDATE background SET state = ?, error = ?, result = ? WHERE id = ? AND state = ?", state, error,
                     result, job, RUNNING)
