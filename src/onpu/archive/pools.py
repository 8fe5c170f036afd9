"""Recordings analysed in parallel, by processes of this machine or by actors of a Ray cluster.

Each worker holds its own networks and has one recording at a time; whichever is done first comes first. A worker that
dies, as for lack of memory, costs its recording one of its attempts, and another worker takes its place.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from onpu.archive.manifest import Entry
from onpu.archive.rows import failed
from onpu.archive.working import ArchiveJob, analysed
from onpu.cluster import done_on_ray
from onpu.errors import told_of
from onpu.files import Json
from onpu.workers import Ended, as_done

DIED = "its worker died, perhaps for lack of memory; try fewer --workers"

Analyse = Callable[[Entry, ArchiveJob], Json]


def local_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, limit: float = 0.0,
               analyse: Analyse = analysed) -> Iterator[Json]:
    """Rows of all recordings by processes of this machine, as they are done.

    limit: seconds that a recording may take; 0: as long as it takes. analyse: what is done with each; a function of a
    module, since it goes to another process.
    """
    return _rows(as_done(partial(_row, analyse, work), entries, workers, limit=limit), limit)


def ray_rows(entries: Sequence[Entry], work: ArchiveJob, workers: int, address: str,
             analyse: Analyse = analysed) -> Iterator[Json]:
    """The same by actors of a Ray cluster at this address; see `onpu.cluster.done_on_ray`, which raises `OnpuError`."""
    return _rows(done_on_ray(partial(_row, analyse, work), entries, workers, address))


def _rows(ended: Iterable[Ended[Entry, Json]], limit: float = 0.0) -> Iterator[Json]:
    for one in ended:
        name = one.item.name
        if one.result is not None:
            yield one.result | {"attempts": one.attempts}
        elif one.how == "late":
            yield failed(name, f"{name}: took longer than {limit:.0f} s; raise --limit", one.attempts, one.seconds)
        else:
            yield failed(name, f"{name}: {DIED}", one.attempts, one.seconds)


def _row(analyse: Analyse, work: ArchiveJob, entry: Entry) -> Json:
    try:
        return analyse(entry, work)
    except Exception as error:
        return failed(entry.name, told_of(error, entry.name, entry.place), 1, 0.0)
