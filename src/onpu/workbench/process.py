"""A process of its own for what is done with files from outside: bounded in memory and time, and ended when it is to.

A `WorkerProcess` starts it when there is something to do, sends one job at a time (`onpu.workbench.jobs`) and passes on
what it says. A process that crashes, grows too large or takes too long takes nothing with it: the next job starts
another one.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from onpu.errors import OnpuError
from onpu.files import Json
from onpu.system import bound
from onpu.workers import Connection, Worker, depend

log = logging.getLogger(__name__)

Job = Callable[..., Json]
"""A function of a module: called in the process with its arguments and `progress`."""
MOST_FILE_BYTES = 2**33
"""Of a file that the process may write."""


class WorkerError(OnpuError):
    """A job that was ended from outside: its process died, took too long, or was cancelled."""


class BusyError(OnpuError):
    """There is more to do than can be answered soon."""


class WorkerProcess:
    """A process that is there when it is needed. memory_bytes: most that it may hold; cores: threads of its arithmetic,
    0: as many as it likes; waiting: callers at a time; behind: by how much it is nicer than what answers the page."""

    def __init__(self, memory_bytes: int, cores: int = 0, waiting: int = 1_000, behind: int = 0):
        self.memory_bytes, self.cores, self.behind = memory_bytes, cores, behind
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting)
        self._worker: Worker | None = None
        self._ended_by = ""

    def call(self, job: Job, arguments: Json, seconds: float,
             progress: Callable[[float], None] | None = None) -> Json:
        """What the job returns; waits for those that came before. progress: called with the finished share, 0 as soon
        as the process is there.

        Raises
        ------
        OnpuError
            What the job raised.
        WorkerError
            When the process died, was ended, or took longer than so many seconds; or what `progress` raised, by which
            the job ends.
        BusyError
            When too many wait.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("there is too much to do at the moment; try again in some seconds")
        try:
            with self._turn:
                return self._called(job, arguments, seconds, progress)
        finally:
            self._places.release()

    def _called(self, job: Job, arguments: Json, seconds: float, progress: Callable[[float], None] | None) -> Json:
        self._ended_by = ""
        connection = self._started()
        deadline = time.monotonic() + seconds
        try:
            if progress is not None:
                progress(0.0)
            if self._ended_by:  # while it started
                raise WorkerError(self._ended_by)
            connection.send((job, arguments))
            while connection.poll(max(0.0, deadline - time.monotonic())):
                kind, value = connection.recv()
                if kind == "progress":
                    if progress is not None:
                        progress(value)
                elif kind == "done":
                    return dict(value)
                else:
                    raise value
            self.end(f"it took longer than {seconds:.0f} s; give less at a time")
        except WorkerError as error:
            self.end(str(error))
            raise
        except (EOFError, OSError):
            self.end("its process ended, perhaps for lack of memory; give less at a time")
        raise WorkerError(self._ended_by)

    def _started(self) -> Connection:
        if self._worker is None or not self._worker.process.is_alive():
            self.end("")
            self._worker = Worker(serve, self.memory_bytes, self.cores, self.behind)
        return self._worker.pipe

    def end(self, reason: str) -> None:
        """End the process, whatever it does; the one who waits for it is told the reason."""
        self._ended_by = self._ended_by or reason  # before the worker is looked for, which may just be starting
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def serve(connection: Connection, memory_bytes: int, cores: int, behind: int) -> None:
    """The process itself: do one job after the other until the server is gone."""
    depend()
    bound(memory_bytes, MOST_FILE_BYTES, behind)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS") if cores else ():
        os.environ[name] = str(cores)
    while True:
        try:
            job, arguments = connection.recv()
        except EOFError:
            return
        said: tuple[str, object]
        try:
            said = "done", job(**arguments, progress=lambda share: connection.send(("progress", share)))
        except OnpuError as error:
            said = "failed", error
        except MemoryError:
            said = "failed", WorkerError("it needs more memory than it may have; give less at a time")
        except Exception as error:
            log.exception("a job failed")
            said = "failed", WorkerError(f"unforeseen {type(error).__name__} ({error}); please report it")
        connection.send(said)
