"""The same work for many things in several processes, each with a pipe to it, any of which may die."""

import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Generic, Literal, NamedTuple, TypeVar, cast

from onpu.errors import OnpuError
from onpu.interrupts import end_at_once, end_on
from onpu.system import left_to_parent

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection as Connection

Progress = Callable[[int, int], None]
"""Called with the numbers of finished and of all jobs."""
Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 1.0
"""Seconds that a worker has to end by itself once its parent is interrupted."""
LOOK_SECONDS = 1.0
"""Seconds after which it is looked whether an item takes too long."""
ATTEMPTS = 2
"""How often an item is tried whose process dies."""


class Worker:
    """A process with a pipe to it. It may die at any time: what is received from it then raises `EOFError` or
    `OSError`.

    Args:
        serve: what it does, a function of a module, called with the process's end of the pipe and the arguments.
        arguments: of `serve`; modules that they need are imported before it is called.
    """

    def __init__(self, serve: Callable[..., None], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(end, *arguments), daemon=True)
        with left_to_parent():
            self.process.start()
        end.close()

    def end(self, patience: float = 0.0) -> None:
        """End it, whatever it does, after so many seconds in which it may do so by itself."""
        end_all([self.process], patience)
        self.pipe.close()  # not before: another thread may wait at it, which notices an end and not a closed pipe


def end_all(processes: Sequence[BaseProcess], patience: float) -> None:
    """End processes, which have so many seconds, all together, to do so by themselves."""
    deadline = time.monotonic() + patience
    for process in processes if patience else ():
        process.terminate()
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        process.kill()
        process.join(PATIENCE)


class Ended(NamedTuple, Generic[Item, Result]):
    """What came of an item. number: of the item. result: None where it did not end well. seconds: of its last attempt,
    of so many."""

    number: int
    item: Item
    how: Literal["done", "died", "late"]
    result: Result | None
    attempts: int
    seconds: float


class _Hand(Generic[Item]):
    """A worker, and what it has in hand."""

    def __init__(self, start: Callable[[], Worker]) -> None:
        self.start, self.worker = start, start()
        self.item: tuple[int, Item] | None = None
        self.begun, self.attempt, self.since = False, 0, 0.0

    def give(self, item: tuple[int, Item], attempt: int) -> None:
        """Hand it an item; a process that is dead by now is noticed when it is waited for."""
        self.item, self.attempt, self.since = item, attempt, time.monotonic()
        try:
            self.worker.pipe.send(item[1])
        except OSError:
            pass

    def renew(self) -> None:
        """Another process in the place of this one."""
        self.worker.end(PATIENCE)
        self.worker, self.begun = self.start(), False


def as_done(work: Callable[[Item], Result], items: Sequence[Item], jobs: int, *, attempts: int = ATTEMPTS,
            limit: float = 0.0, prepare: Callable[[], None] | None = None) -> Iterator[Ended[Item, Result]]:
    """What `work` makes of each item by processes of this machine, as they are done.

    Parameters
    ----------
    work
        A function of a module, or a `partial` of one: it goes to other processes, after `prepare` was called there.
    items
        What it is called with; they go to other processes, too.
    jobs
        How many processes there are.
    attempts
        How often an item is tried whose process dies; another process takes the place of that one.
    limit
        Seconds that an item may take, from when its process has imported what it needs; 0: as long as it takes.
    prepare
        Called first in each process, before the modules of `work` are imported; None: `depend`.

    Yields
    ------
    Ended
        Each item once, in the order in which they end. What `work` raises is raised here.
    """
    waiting = deque(((number, item), 1) for number, item in enumerate(items))
    hands = [_Hand[Item](partial(_started, work, prepare or depend)) for _ in range(min(jobs, len(items)))]
    try:
        while waiting or any(hand.item for hand in hands):
            for hand in hands:
                if hand.item is None and waiting:
                    hand.give(*waiting.popleft())
            busy = {hand.worker.pipe: hand for hand in hands if hand.item is not None}
            ready = [busy[pipe] for pipe in wait(list(busy), LOOK_SECONDS) if isinstance(pipe, Connection)]
            for hand in busy.values():
                took = time.monotonic() - hand.since
                late = hand not in ready and hand.begun and 0 < limit < took
                if hand not in ready and not late:
                    continue
                said = None if late else _said(hand.worker.pipe)
                if said is not None and said[0] == "begun":  # its modules are imported: the time counts from here
                    hand.begun, hand.since = True, time.monotonic()
                    continue
                assert hand.item is not None
                (number, item), attempt, hand.item = hand.item, hand.attempt, None
                if said is not None:
                    if isinstance(said[1], Exception) and said[0] == "failed":
                        raise said[1]
                    yield Ended(number, item, "done", cast(Result, said[1]), attempt, took)
                    continue
                hand.renew()
                if late:
                    yield Ended(number, item, "late", None, attempt, took)
                elif attempt < attempts:
                    waiting.append(((number, item), attempt + 1))
                else:
                    yield Ended(number, item, "died", None, attempt, took)
    finally:
        for hand in hands:
            hand.worker.pipe.close()
        end_all([hand.worker.process for hand in hands], PATIENCE)


def _said(pipe: Connection) -> tuple[str, object] | None:
    """What a worker says; None where it died."""
    try:
        found: tuple[str, object] = pipe.recv()
    except (EOFError, OSError):
        return None
    return found


def _started(work: Callable[[Item], Result], prepare: Callable[[], None]) -> Worker:
    worker = Worker(_serve, prepare)
    worker.pipe.send(work)
    return worker


def _serve(pipe: Connection, prepare: Callable[[], None]) -> None:
    """What a worker of `as_done` does."""
    try:
        prepare()
        work = pipe.recv()
        pipe.send(("begun", None))
        while True:
            item = pipe.recv()
            try:
                pipe.send(("done", work(item)))
            except Exception as error:
                error.add_note(traceback.format_exc())
                pipe.send(("failed", error))
    except (EOFError, OSError, KeyboardInterrupt):  # the parent is done, dead, or ends this one
        return


def for_each(job: Callable[[int], None], numbers: Sequence[int], jobs: int, progress: Progress | None = None) -> None:
    """Call `job` with every number, in `jobs` new processes of one thread each, or in this one when jobs is 1.

    `job` must be picklable and leave its result in a file. The first exception of a job is raised here, and the jobs
    that run then are ended. Processes whose parent is killed end by themselves.

    Raises
    ------
    OnpuError
        When a process died over a number.
    """
    if jobs == 1 or len(numbers) < 2:
        for done, number in enumerate(numbers, 1):
            job(number)
            if progress is not None:
                progress(done, len(numbers))
        return
    for done, ended in enumerate(as_done(job, numbers, jobs, attempts=1, prepare=one_thread), 1):
        if ended.how == "died":
            raise OnpuError(f"number {ended.item}: its process died, perhaps for lack of memory; try fewer --jobs")
        if progress is not None:
            progress(done, len(numbers))


def one_thread() -> None:
    """One thread for arithmetic, and no life after the parent's."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    depend()


def depend() -> None:
    """No life after the parent's, and an end in order where it asks for one."""
    end_on((signal.SIGTERM,), PATIENCE)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    end_at_once(1)
