"""An archive made, or gone on with."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from onpu.archive.manifest import Entry, shard_of
from onpu.archive.rows import ERROR, require_pyarrow
from onpu.archive.store import Store
from onpu.archive.working import ArchiveJob
from onpu.files import Json

Rows = Callable[[Sequence[Entry]], Iterator[Json]]


class Progress(NamedTuple):
    """done: rows there are, of how many (`total`), `failed` of this run. last: the row that came."""

    done: int
    total: int
    failed: int
    last: Json | None


def make_archive(entries: Sequence[Entry], work: ArchiveJob, store: Store, rows: Rows, again: bool = False
                 ) -> Iterator[Progress]:
    """Analyse the recordings of the store's shard that are not done yet.

    Parameters
    ----------
    entries
        All recordings of the manifest.
    work
        What is done with each.
    store
        Where rows are kept.
    rows
        Recordings -> their rows, in any order.
    again
        Whether those that failed are tried once more; their rows of before are replaced when the archive is merged.

    Yields
    ------
    Progress
        At the beginning, and with every row, which is on the disk by then.

    Raises
    ------
    OnpuError
        When pyarrow is not installed, the store is of another archive, damaged, or cannot be written to.
    """
    require_pyarrow()
    manifest = sha256("\n".join(entry.name for entry in entries).encode()).hexdigest()
    done = store.open(work.asked | {"manifest": manifest, "count": len(entries)})
    if again:
        done -= store.failed()
    own = shard_of(entries, store.shard, store.shards)
    left = [entry for entry in own if entry.name not in done]
    finished, failures = len(own) - len(left), 0
    yield Progress(finished, len(own), 0, None)
    try:
        for row in rows(left) if left else ():
            store.add(row)
            finished, failures = finished + 1, failures + (row["status"] == ERROR)
            yield Progress(finished, len(own), failures, row)
    finally:
        store.close()
