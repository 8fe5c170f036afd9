"""Recordings analysed in parallel, by processes of this machine or by actors of a Ray cluster.

Each worker holds its own networks and has one recording at a time; whichever is done first comes first. A worker that
dies, as for lack of memory, costs its recording one of its attempts, and another worker takes its place.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import TYPE_CHECKING

from onpu.archive.manifest import Entry
from onpu.archive.rows import failed
from onpu.archive.working import ArchiveJob, analysed
from onpu.errors import OnpuError
from onpu.files import Json
from onpu.interrupts import left_to_parent
from onpu.workers import depend

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

ATTEMPTS = 2
"""How often a recording is tried whose worker dies."""
LOOK_SECONDS = 1.0
"""Seconds after which it is looked whether a recording takes too long."""
DIED = "its worker died, perhaps for lack of memory; try fewer --workers"

Analyse = Callable[[Entry, ArchiveJob], Json]


class Worker:
    """A process that analyses one recording after the other; `restart` gives it a new one."""

    process: "SpawnProcess"
    pipe: Connection

    def __init__(self, work: ArchiveJob, analyse: Analyse) -> None:
        self.work, self.analyse = work, analyse
        self.entry: Entry | None = None
        self.attempt, self.since = 0, 0.0
        self.start()

    def start(self) -> None:
        """A new process without a recording."""
        context = multiprocessing.get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=serve, args=(end, self.work, self.analyse), daemon=True)
        with left_to_parent():
            self.process.start()
        end.close()
        self.entry = None

    def give(self, entry: Entry, attempt: int) -> None:
        """Hand it a recording; a process that is dead by now is noticed when it is waited for."""
        self.entry, self.attempt, self.since = entry, attempt, monotonic()
        try:
            self.pipe.send(entry)
        except OSError:
            pass

    def take(self) -> Json | None:
        """The row of its recording; None where the process died."""
        try:
            row: Json = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.entry = None
        return row

    def end(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def serve(pipe: Connection, work: ArchiveJob, analyse: Analyse) -> None:
    """What a worker's process does."""
    depend()
    while True:
        try:
            entry = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(analyse(Entry(*entry), work))


def local_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, limit: float = 0.0,
               analyse: Analyse = analysed) -> Iterator[Json]:
    """Rows of all recordings by processes of this machine, as they are done.

    limit: seconds that a recording may take; 0: as long as it takes. analyse: what is done with each; a function of a
    module, since it goes to another process.
    """
    waiting = deque((entry, 1) for entry in entries)
    hands = [Worker(work, analyse) for _ in range(min(workers, len(entries)))]
    try:
        while waiting or any(hand.entry for hand in hands):
            for hand in hands:
                if hand.entry is None and waiting:
                    hand.give(*waiting.popleft())
            busy = {hand.pipe: hand for hand in hands if hand.entry is not None}
            ready = {busy[pipe] for pipe in wait(list(busy), LOOK_SECONDS) if isinstance(pipe, Connection)}
            late = {hand for hand in busy.values() if limit and monotonic() - hand.since > limit} - ready
            for hand in [*ready, *late]:
                entry, attempt, took = hand.entry, hand.attempt, monotonic() - hand.since
                assert entry is not None
                row = hand.take() if hand in ready else None
                if row is not None:
                    yield row | {"attempts": attempt}
                    continue
                hand.end()
                hand.start()
                if hand in late:
                    error = f"{entry.name}: took longer than {limit:.0f} s; raise --limit"
                    yield failed(entry.name, error, attempt, took)
                elif attempt < ATTEMPTS:
                    waiting.append((entry, attempt + 1))
                else:
                    yield failed(entry.name, f"{entry.name}: {DIED}", attempt, took)
    finally:
        for hand in hands:
            hand.end()


def ray_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, address: str,
             analyse: Analyse = analysed) -> Iterator[Json]:
    """The same by actors of a Ray cluster, each on one processor.

    address: of the cluster (`auto`, `ray://head:10001`); `local`: one of this machine alone. Files must be where the
    actors run. Raises `OnpuError` when Ray is not installed.
    """
    try:
        import ray
    except ImportError:
        raise OnpuError("--address needs Ray; pip install 'onpu[ray]', or leave it out") from None

    class Analyst:
        """An actor; a method of its own so that Ray starts it anew when it dies."""

        def row(self, name: str, place: str) -> Json:
            """The row of a recording."""
            return analyse(Entry(name, place), work)

    begun = not ray.is_initialized()
    if begun:
        ray.init(**({"num_cpus": workers} if address == "local" else {"address": address}), log_to_driver=False,
                 include_dashboard=False if address == "local" else None)
    try:
        actors = [ray.remote(num_cpus=1, max_restarts=-1)(Analyst).remote() for _ in range(min(workers, len(entries)))]
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
                text = f"{entry.name}: unforeseen {type(error.cause).__name__} ({error.cause}); please report it"
                yield failed(entry.name, text, attempt, monotonic() - since)
            except ray.exceptions.RayError:
                if attempt < ATTEMPTS:
                    waiting.append((entry, attempt + 1))
                else:
                    yield failed(entry.name, f"{entry.name}: {DIED}", attempt, monotonic() - since)
    finally:
        if begun:
            ray.shutdown()
