"""The same job for many numbers, in several processes, each of which keeps to one core."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing.process import BaseProcess

from onpu.interrupts import end_at_once, end_on, left_to_parent

Progress = Callable[[int, int], None]
"""Called with the numbers of finished and of all jobs."""
JOBS_AHEAD_PER_PROCESS = 4
"""Jobs a process that are handed out in advance."""
PATIENCE = 1.0
"""Seconds that a worker has to end by itself once its parent is interrupted."""


def for_each(job: Callable[[int], None], numbers: Sequence[int], jobs: int, progress: Progress | None = None) -> None:
    """Call `job` with every number, in `jobs` new processes, or in this one when jobs is 1.

    `job` must be picklable and leave its result in a file. The first exception of a job is raised here, after the jobs
    already handed out have ended. Processes whose parent is killed end by themselves.
    """
    if jobs == 1 or len(numbers) < 2:
        for done, number in enumerate(numbers, 1):
            job(number)
            if progress is not None:
                progress(done, len(numbers))
        return
    with processes(min(jobs, len(numbers)), set_up) as pool:
        waiting, left, done = set(), iter(numbers), 0
        with left_to_parent():
            for number in left:
                waiting.add(pool.submit(job, number))
                if len(waiting) == JOBS_AHEAD_PER_PROCESS * jobs:
                    break
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
                done += 1
                waiting |= {pool.submit(job, number) for number in islice(left, 1)}
            if progress is not None:
                progress(done, len(numbers))


@contextmanager
def processes(jobs: int, prepare: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """New processes, each of which calls `prepare` first. Where this one is interrupted they end within two seconds;
    first jobs are to be handed out inside `left_to_parent`."""
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), prepare)
    try:
        yield pool
    except Exception:
        pool.shutdown()
        raise
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(multiprocessing.active_children())
        raise
    pool.shutdown()


def _end(children: Sequence[BaseProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + 1.5 * PATIENCE
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        child.kill()


def set_up() -> None:
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
