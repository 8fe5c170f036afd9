"""The same work for many recordings, one after the other or in several processes: each one's outcome, in order."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from onpu.interrupts import left_to_parent
from onpu.workers import depend, processes

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(work: Callable[[Item], Result], items: Sequence[Item], jobs: int, died: Callable[[Item], Result],
           advance: Callable[[], None]) -> Iterator[Result]:
    """What `work` makes of each item, by `jobs` processes; `died` says what is told of one whose process died.

    A process that dies, as for lack of memory, takes its pool with it: those that ran then are done again, each alone,
    and the others go on, so that it costs one item and no more. advance: called when one is done.
    """
    left = list(items)
    while left:
        done = 0
        for found in _until_one_dies(work, left, jobs, advance):
            done += 1
            yield found
        left = left[done:]
        for item in left[:jobs]:
            alone = list(_until_one_dies(work, [item], 1, advance))
            yield alone[0] if alone else died(item)
        left = left[jobs:]


def _until_one_dies(work: Callable[[Item], Result], items: Sequence[Item], jobs: int,
                    advance: Callable[[], None]) -> Iterator[Result]:
    """Results, in order, until a process dies."""
    with processes(min(jobs, len(items)), depend) as pool:
        with left_to_parent():
            running: list[Future[Result]] = [pool.submit(work, item) for item in items]
        try:
            for future in running:
                yield future.result()
                advance()
        except BrokenProcessPool:
            return


def threads_each(jobs: int) -> int:
    """Threads of torch in each of so many processes; 0: torch's own choice, for one."""
    return (os.cpu_count() or 1) // jobs if jobs > 1 else 0
