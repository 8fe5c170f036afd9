"""A thread that does what waits, one thing after the other, in a process of its own, with progress and cancelling."""

import threading
import time

from onpu.workbench.process import WorkerError, WorkerProcess

IDLE_SECONDS = 1.0
EARLY = 0.02
"""Progress before which nothing is said of the time that is left."""
ENDING_SECONDS = 5.0
CANCELLED = "it was cancelled"


class JobThread:
    """The thread of a queue; who inherits says in `step` what is done. worker: the process in which it is."""

    def __init__(self, name: str, worker: WorkerProcess):
        self.worker = worker
        self._lock = threading.RLock()
        self._current, self._share, self._begun = "", 0.0, 0.0
        self._cancelled, self._closed, self._wake = False, False, threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def step(self) -> bool:
        """Do one thing that waits; whether there was one."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin with what waits."""
        self._thread.start()

    def wake(self) -> None:
        """Something new waits."""
        self._wake.set()

    def close(self) -> None:
        """End; what is being done waits when the library is opened again."""
        self._closed = True
        self._wake.set()
        self.worker.end("the server ends")
        if self._thread.is_alive():
            self._thread.join(ENDING_SECONDS)

    def progress(self, job: str) -> tuple[float, float | None]:
        """Finished share of a job, and seconds that are left of it, None: not known; 0 where it is not being done."""
        with self._lock:
            if not job or job != self._current:
                return 0.0, None
            share, spent = self._share, time.monotonic() - self._begun
        return share, spent * (1 - share) / share if share >= EARLY else None

    def _run(self) -> None:
        while not self._closed:
            if not self.step():
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()

    def _begin(self, job: str) -> None:
        with self._lock:
            self._current, self._share, self._begun, self._cancelled = job, 0.0, time.monotonic(), False

    def _advance(self, share: float) -> None:
        """Raises `WorkerError` where the job was cancelled before its process was there to be ended."""
        with self._lock:
            if self._cancelled or self._closed:
                raise WorkerError(CANCELLED)
            self._share = max(self._share, share)

    def _finish(self) -> None:
        with self._lock:
            self._current = ""

    def _end_current(self, job: str) -> None:
        """End the job if it is being done, because it was cancelled."""
        with self._lock:
            if job and job == self._current:
                self._cancelled = True
                self.worker.end(CANCELLED)
