"""The same job for many numbers, in several processes, each of which keeps to one core."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

Progress = Callable[[int, int], None]
"""Called with the numbers of finished and of all jobs."""
JOBS_AHEAD_PER_PROCESS = 4
"""Jobs a process that are handed out in advance."""


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
    with ProcessPoolExecutor(min(jobs, len(numbers)), get_context("spawn"), _settle) as pool:
        waiting, left, done = set(), iter(numbers), 0
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


def _settle() -> None:
    """One thread for arithmetic, and no life after the parent's."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
