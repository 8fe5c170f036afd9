"""The same work for many things by actors of a Ray cluster (https://docs.ray.io): `onpu.workers.as_done` elsewhere.

Each actor is on one processor and has one thing at a time. Files must be where the actors run, and so must this version
of onpu; they have this process's PYTHONPATH.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from onpu.errors import OnpuError
from onpu.version import __version__
from onpu.workers import ATTEMPTS, Ended

if TYPE_CHECKING:
    from types import ModuleType

STARTING_SECONDS = 300.0
"""Seconds after which an actor has begun, or none will."""
LOCAL = "local"
"""Address of a cluster of this machine alone, which lasts as long as the work."""
Item = TypeVar("Item")
Result = TypeVar("Result")


def done_on_ray(work: Callable[[Item], Result], items: Sequence[Item], workers: int, address: str
                ) -> Iterator[Ended[Item, Result]]:
    """What `work` makes of each item by a cluster, as they are done.

    Parameters
    ----------
    work
        A function of a module that is there too, or a `partial` of one.
    items
        What it is called with.
    workers
        How many actors there are at most.
    address
        Of the cluster (`auto`, `ray://head:10001`); `LOCAL`: one that is begun for this.

    Yields
    ------
    Ended
        Each item once, in the order in which they end; one whose actors died is `died`. What `work` raises is raised
        here.

    Raises
    ------
    OnpuError
        When Ray is not installed, no actor can begin, or those that do have another version of onpu.
    """
    ray = _ray()

    class Actor:
        """Has one item at a time. Where it dies another is begun: what a dying one is given would die with it."""

        def version(self) -> str:
            """The version of onpu that it has."""
            from onpu.version import __version__

            return __version__

        def made(self, item: Item) -> Result:
            """What comes of an item."""
            return work(item)

    begun = not ray.is_initialized()
    if begun:
        path = os.environ.get("PYTHONPATH")
        ray.init(**({"num_cpus": workers} if address == LOCAL else {"address": address}), log_to_driver=False,
                 include_dashboard=False if address == LOCAL else None,
                 runtime_env={"env_vars": {"PYTHONPATH": path}} if path else None)
    try:
        begin = ray.remote(num_cpus=1)(Actor).remote
        idle = [begin() for _ in range(min(workers, len(items)))]
        if idle:
            check_version(lambda: str(ray.get(idle[0].version.remote(), timeout=STARTING_SECONDS)), address)
        waiting = deque((number, 1) for number in range(len(items)))
        running: dict[object, tuple[object, int, int, float]] = {}
        while waiting or running:
            while idle and waiting:
                actor, (number, attempt) = idle.pop(), waiting.popleft()
                running[actor.made.remote(items[number])] = actor, number, attempt, monotonic()
            done = ray.wait(list(running), num_returns=1)[0][0]
            actor, number, attempt, since = running.pop(done)
            idle.append(actor)
            try:
                yield Ended(number, items[number], "done", ray.get(done), attempt, monotonic() - since)
            except ray.exceptions.RayTaskError as error:
                raise error.cause from error
            except ray.exceptions.RayError:
                idle[-1] = begin()
                if attempt < ATTEMPTS:
                    waiting.append((number, attempt + 1))
                else:
                    yield Ended(number, items[number], "died", None, attempt, monotonic() - since)
    finally:
        if begun:
            ray.shutdown()


def _ray() -> "ModuleType":
    try:
        import ray
    except ImportError:
        raise OnpuError("--address needs Ray; pip install 'onpu[ray]', or leave it out") from None
    found: ModuleType = ray
    return found


def check_version(version: Callable[[], str], address: str) -> None:
    """Raise `OnpuError` where actors cannot begin or have another onpu: else all that is asked of them would fail."""
    try:
        there = version()
    except Exception as error:
        cause = " ".join(str(error).split())[-200:]
        raise OnpuError(f"--address {address}: no worker could begin within {STARTING_SECONDS:.0f} s ({cause}); "
                        "install onpu where the cluster's workers run, and see that a processor is free") from error
    if there != __version__:
        raise OnpuError(f"--address {address}: its workers have onpu {there} and not {__version__}; install the same")
