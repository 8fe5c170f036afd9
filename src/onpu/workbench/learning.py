"""Learning from a library's corrections, in the background: what is asked for, progress, cancelling, going on.

    LIBRARY/learning.json     what is being learned, and from which versions; gone when it is done
    LIBRARY/weights/          what was learned (`onpu.weight_store`)

What was asked for stands in a file, so that a server that was killed goes on with it; the training itself goes on from
its last epoch. It begins when no recording waits to be heard.
"""

import json
import shutil
import sqlite3
import time

from onpu.errors import OnpuError
from onpu.files import Json, replacing
from onpu.system import sync_to_disk
from onpu.weight_store import WEIGHTS, LearnedWeights
from onpu.workbench import jobs, learning_jobs
from onpu.workbench.job_thread import EARLY, JobThread
from onpu.workbench.lessons import checked, enough, gathered, seconds_known, what_is_said
from onpu.workbench.library import ConflictError, Library
from onpu.workbench.limits import Limits
from onpu.workbench.process import Job, WorkerError, WorkerProcess
from onpu.workbench.queue import Analyses

ORDER = "learning.json"
RUNS = "runs"


class Learning(JobThread):
    """A thread that learns what is asked for. learner: process in which it does; answering: one that answers at once.
    learn: what is done for a task."""

    def __init__(self, library: Library, limits: Limits, analyses: Analyses, learner: WorkerProcess,
                 answering: WorkerProcess, learn: Job = learning_jobs.learn):
        super().__init__("learning", learner)
        self.library, self.limits, self.analyses = library, limits, analyses
        self.answering, self._learn = answering, learn
        self.weights = LearnedWeights(library.folder / WEIGHTS)
        self._order = library.folder / ORDER
        self._error = ""

    def ask(self, tasks: list[str] | None, minutes: float) -> None:
        """Have tasks learned (None: all of which enough is known), each for so many minutes.

        Raises
        ------
        ConflictError
            When something is being learned, or too little is known.
        """
        lessons = self.lessons()
        chosen = checked(lessons, enough(lessons) if tasks is None else tasks)
        with self._lock:
            if self._order.exists():
                raise ConflictError("something is being learned; wait until it is done, or cancel it")
            self._write({"tasks": chosen, "done": [], "minutes": minutes, "lessons": lessons})
            self._error = ""
        self.wake()

    def cancel(self) -> None:
        """Leave what is being learned. Raises `ConflictError` where nothing is."""
        with self._lock:
            if not self._order.exists():
                raise ConflictError("nothing is being learned; there is nothing to cancel")
            self._order.unlink()
            self._cancelled = True
            self._end_current(self._current)

    def use(self, name: str, number: int) -> None:
        """Have weights of that number in use, 0: the shipped ones. Raises `DataError` where there are none."""
        self.weights.use(name, number)
        self.library.revision += 1

    def lessons(self) -> list[Json]:
        """What could be learned from."""
        def computed(row: sqlite3.Row) -> Json:
            return self.answering.call(jobs.known, what_is_said(row), self.limits.answer_seconds)

        return gathered(self.library, computed)

    def told(self) -> Json:
        """All that the page shows of it; `docs/workbench.md` lists it."""
        lessons = self.lessons()
        order = self._read()
        return {"songs": [{name: lesson[name] for name in ("song", "title", "artist", "known")} for lesson in lessons],
                "seconds": seconds_known(lessons), "enough": enough(lessons), "running": self._running(order),
                "error": self._error, "history": self.weights.history(), "in_use": self.weights.numbers()}

    def _running(self, order: Json | None) -> Json | None:
        if order is None:
            return None
        with self._lock:
            task, share, spent = self._current, self._share, time.monotonic() - self._begun
        done, whole = len(order["done"]) + share * bool(task), len(order["tasks"])
        left = None if not task or share < EARLY else spent / share * (whole - done)
        return {"tasks": order["tasks"], "task": task, "progress": round(done / whole, 3),
                "left": None if left is None else round(left, 1)}

    def step(self) -> bool:
        """Learn the next task, once no recording waits to be heard."""
        order = self._read()
        if order is None or not self.analyses.idle:
            return False
        task = next((task for task in order["tasks"] if task not in order["done"]), None)
        if task is None:
            self._end()
        else:
            self._one(task, order)
        return True

    def _one(self, task: str, order: Json) -> None:
        self._begin(task)
        try:
            self.worker.call(self._learn, {"library": str(self.library.folder), "task": task,
                                           "minutes": order["minutes"], "lessons": order["lessons"], "licence": ""},
                             self.limits.learning_seconds, self._advance)
        except WorkerError as error:
            if self._cancelled:
                shutil.rmtree(self.weights.folder / RUNS, ignore_errors=True)
            if self._closed or self._cancelled:
                return
            self._error = f"{task}: {error}"
        except OnpuError as error:
            self._error = f"{task}: {error}"
        finally:
            self._finish()
        with self._lock:
            if not self._cancelled:
                self._write(order | {"done": [*order["done"], task]})
        self.library.revision += 1

    def _end(self) -> None:
        with self._lock:
            self._order.unlink(missing_ok=True)
        shutil.rmtree(self.weights.folder / RUNS, ignore_errors=True)

    def _read(self) -> Json | None:
        try:
            found = json.loads(self._order.read_text(encoding="utf-8"))
            return {name: found[name] for name in ("tasks", "done", "minutes", "lessons")}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            self._order.unlink(missing_ok=True)
            return None

    def _write(self, order: Json) -> None:
        with replacing(self._order) as temporary:
            temporary.write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
            sync_to_disk(temporary)
        sync_to_disk(self._order.parent)
