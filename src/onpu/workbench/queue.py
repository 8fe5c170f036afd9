"""Recordings that wait to be analysed, one after the other, with progress, time left and cancelling."""

import threading
import time

from onpu.errors import OnpuError
from onpu.workbench import jobs
from onpu.workbench.library import ANALYSING, CANCELLED, FAILED, WAITING, ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerError, WorkerProcess

IDLE_SECONDS = 1.0
USUAL_PACE = 0.08
"""Seconds that a second of a recording takes, before one has been analysed."""
PACE_SHARE = 0.3
"""Weight of the newest recording in the mean pace."""
USUAL_SECONDS = 240.0
"""Length that is reckoned with before a recording has been opened."""
EARLY = 0.02
"""Progress before which the usual pace tells more of what is left."""


class Analyses:
    """A thread that analyses what waits in a library. analyse: what is done with a recording."""

    def __init__(self, library: Library, limits: Limits, worker: WorkerProcess,
                 analyse: Job = jobs.analyse):
        self.library, self.limits, self.worker, self._analyse = library, limits, worker, analyse
        self.pace = USUAL_PACE
        self._lock = threading.Lock()
        self._current, self._progress, self._begun, self._cancelled = "", 0.0, 0.0, False
        self._wake, self._closed = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="analyses", daemon=True)

    def start(self) -> None:
        """Begin with what waits."""
        self._thread.start()

    def wake(self) -> None:
        """Something new waits."""
        self._wake.set()

    def close(self) -> None:
        """End; what is being analysed waits when the library is opened again."""
        self._closed = True
        self._wake.set()
        self.worker.end("the server ends")
        if self._thread.is_alive():
            self._thread.join(5.0)

    def progress(self, song: str) -> tuple[float, float | None]:
        """Finished share of a song that is analysed, and seconds that are left, None: not known."""
        with self._lock:
            if song != self._current:
                return 0.0, None
            share, spent = self._progress, time.monotonic() - self._begun
        if share < EARLY:
            return share, None
        return share, spent * (1 - share) / share

    def left(self) -> dict[str, float]:
        """Song -> seconds until it is ready, of all that are analysed or wait."""
        with self._lock:
            current = self._current
        out: dict[str, float] = {}
        ahead = 0.0
        if current:
            ahead = self.progress(current)[1] or USUAL_SECONDS * self.pace
            out[current] = ahead
        for row in self.library.waiting():
            ahead += (row["duration"] or USUAL_SECONDS) * self.pace
            out[row["id"]] = ahead
        return out

    def cancel(self, song: str) -> None:
        """Leave a song that waits or is analysed. Raises `UnknownSongError`; `ConflictError` where it does neither."""
        if self.library.song(song)["state"] not in (WAITING, ANALYSING):
            raise ConflictError("the song neither waits nor is it analysed; there is nothing to cancel")
        self.library.end(song, CANCELLED)
        with self._lock:
            if song == self._current:
                self._cancelled = True
                self.worker.end("it was cancelled")

    def _run(self) -> None:
        while not self._closed:
            waiting = self.library.waiting(1)
            if not waiting:
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()
            elif self.library.begin(waiting[0]["id"]):
                self._one(waiting[0]["id"], waiting[0]["name"], f"sound{waiting[0]['suffix']}")

    def _one(self, song: str, name: str, sound: str) -> None:
        with self._lock:
            self._current, self._progress, self._begun, self._cancelled = song, 0.0, time.monotonic(), False
        try:
            seconds = self.limits.analysis_seconds + self.limits.analysis_share * self.limits.song_seconds
            found = self.worker.call(self._analyse, {"folder": str(self.library.place(song)), "sound": sound,
                                                     "name": name, "longest": self.limits.song_seconds}, seconds,
                                     self._advanced)
            self.library.finish(song, found["stem"], found["playable"], found["facts"])
            taken = (time.monotonic() - self._begun) / max(found["facts"]["duration"], 1.0)
            self.pace += PACE_SHARE * (taken - self.pace)
        except WorkerError as error:
            if not self._closed and not self._cancelled:
                self.library.end(song, FAILED, f"{name}: {error}")
        except OnpuError as error:
            self.library.end(song, FAILED, str(error))
        finally:
            with self._lock:
                self._current = ""

    def _advanced(self, share: float) -> None:
        with self._lock:
            self._progress = max(self._progress, share)
        self.library.revision += 1
