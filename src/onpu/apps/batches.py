"""The same work for many recordings, in several processes: each one's outcome, in order."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from onpu.workers import Ended, as_done

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(work: Callable[[Item], Result], items: Sequence[Item], jobs: int, died: Callable[[Item], Result],
           advance: Callable[[], None]) -> Iterator[Result]:
    """What `work` makes of each item, by `jobs` processes; `died` says what is told of one whose process died, as for
    lack of memory. It costs that item and no more. advance: called when one is done."""
    early: dict[int, Ended[Item, Result]] = {}
    following = 0
    for ended in as_done(work, items, jobs):
        early[ended.number] = ended
        advance()
        while (found := early.pop(following, None)) is not None:
            following += 1
            yield died(found.item) if found.result is None else found.result


def threads_each(jobs: int) -> int:
    """Threads of torch in each of so many processes; 0: torch's own choice, for one."""
    return (os.cpu_count() or 1) // jobs if jobs > 1 else 0
