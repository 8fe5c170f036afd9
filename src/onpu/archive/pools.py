"""Recordings analysed in parallel, by processes of this machine or by actors of a Ray cluster.

Each worker holds its own networks and has one recording at a time; whichever is done first comes first. A worker that
dies, as for lack of memory, costs its recording one of its attempts, and another worker takes its place.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import monotonic

from onpu.archive.manifest import Entry
from onpu.archive.rows import failed
from onpu.archive.working import ArchiveJob, analysed
from onpu.errors import OnpuError, told_of
from onpu.files import Json
from onpu.version import __version__
from onpu.workers import ATTEMPTS, as_done

STARTING_SECONDS = 300.0
"""Seconds after which an actor has begun, or none will."""
DIED = "its worker died, perhaps for lack of memory; try fewer --workers"

Analyse = Callable[[Entry, ArchiveJob], Json]


def local_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, limit: float = 0.0,
               analyse: Analyse = analysed) -> Iterator[Json]:
    """Rows of all recordings by processes of this machine, as they are done.

    limit: seconds that a recording may take; 0: as long as it takes. analyse: what is done with each; a function of a
    module, since it goes to another process.
    """
    for ended in as_done(partial(_row, analyse, work), entries, workers, limit=limit):
        name = ended.item.name
        if ended.result is not None:
            yield ended.result | {"attempts": ended.attempts}
        elif ended.how == "late":
            yield failed(name, f"{name}: took longer than {limit:.0f} s; raise --limit", ended.attempts, ended.seconds)
        else:
            yield failed(name, f"{name}: {DIED}", ended.attempts, ended.seconds)


def _row(analyse: Analyse, work: ArchiveJob, entry: Entry) -> Json:
    return analyse(entry, work)


def ray_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, address: str,
             analyse: Analyse = analysed) -> Iterator[Json]:
    """The same by actors of a Ray cluster, each on one processor.

    address: of the cluster (`auto`, `ray://head:10001`); `local`: one of this machine alone. Files must be where the
    actors run, and so must this version of onpu; they have this process's PYTHONPATH. Raises `OnpuError` when Ray is
    not installed, or no actor can begin.
    """
    try:
        import ray
    except ImportError:
        raise OnpuError("--address needs Ray; pip install 'onpu[ray]', or leave it out") from None

    class Analyst:
        """An actor; a method of its own so that Ray starts it anew when it dies."""

        def version(self) -> str:
            """The version of onpu that it has."""
            from onpu.version import __version__

            return __version__

        def row(self, name: str, place: str) -> Json:
            """The row of a recording."""
            return analyse(Entry(name, place), work)

    begun = not ray.is_initialized()
    if begun:
        path = os.environ.get("PYTHONPATH")
        ray.init(**({"num_cpus": workers} if address == "local" else {"address": address}), log_to_driver=False,
                 include_dashboard=False if address == "local" else None,
                 runtime_env={"env_vars": {"PYTHONPATH": path}} if path else None)
    try:
        actors = [ray.remote(num_cpus=1, max_restarts=-1)(Analyst).remote() for _ in range(min(workers, len(entries)))]
        if actors:
            check_version(lambda: ray.get(actors[0].version.remote(), timeout=STARTING_SECONDS), address)
        waiting = deque((entry, 1) for entry in entries)
        running: dict[object, tuple[object, Entry, int, float]] = {}
        idle = list(actors)
        while waiting or running:
            while idle and waiting:
                actor, (entry, attempt) = idle.pop(), waiting.popleft()
                running[actor.row.remote(*entry)] = actor, entry, attempt, monotonic()
            done = ray.wait(list(running), num_returns=1)[0][0]
            actor, entry, attempt, since = running.pop(done)
            idle.append(actor)
            try:
                yield ray.get(done) | {"attempts": attempt}
            except ray.exceptions.RayTaskError as error:
                yield failed(entry.name, told_of(error.cause, entry.name), attempt, monotonic() - since)
            except ray.exceptions.RayError:
                if attempt < ATTEMPTS:
                    waiting.append((entry, attempt + 1))
                else:
                    yield failed(entry.name, f"{entry.name}: {DIED}", attempt, monotonic() - since)
    finally:
        if begun:
            ray.shutdown()


def check_version(version: Callable[[], str], address: str) -> None:
    """Raise `OnpuError` where actors cannot begin or have another onpu: else each recording would fail."""
    try:
        there = version()
    except Exception as error:
        cause = " ".join(str(error).split())[-200:]
        raise OnpuError(f"--address {address}: no worker could begin within {STARTING_SECONDS:.0f} s ({cause}); "
                        "install onpu where the cluster's workers run, and see that a processor is free") from error
    if there != __version__:
        raise OnpuError(f"--address {address}: its workers have onpu {there} and not {__version__}; install the same")
