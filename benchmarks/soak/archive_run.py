"""One step of an archive as a process of its own, which can be killed and measured; it prints what it used as JSON.

    python -m benchmarks.soak.archive_run batch KIND MANIFEST STORE LOG WORKERS
    python -m benchmarks.soak.archive_run merge STORE TABLE
    python -m benchmarks.soak.archive_run bare MANIFEST

KIND says what is done with a recording: `heard` by all listeners, `decoded` and no more, with labels that are made up,
or `made-up`: there is no file at all. With 0 WORKERS rows are made in this process itself. LOG gets the name of each
recording that is begun.
"""

import json
import resource
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from onpu.archive.manifest import Entry, read_manifest
from onpu.archive.pools import local_rows
from onpu.archive.rows import OK, failed, summary_of
from onpu.archive.running import make_archive
from onpu.archive.store import Store
from onpu.archive.working import ArchiveJob, analysed
from onpu.errors import told_of
from onpu.files import Json
from onpu.formats.audio import read_audio
from onpu.music import Beats, Key, Metre, Tempo, Timeline

SECONDS = 60.0
"""Length of recordings of which there is no file."""
BEAT = 0.5
"""Seconds."""


def labels(duration: float, number: int) -> Timeline:
    """What a listener of beats and keys finds in so many seconds: beats of a tempo of its own, a metre, a key."""
    one, times = np.ones(1), np.arange(0.0, duration, BEAT + number % 40 / 100)
    return Timeline(duration, beats=Beats.of(times, 1 + np.arange(len(times)) % 4),
                    metre=Metre(0 * one, 4 * one.astype(int), 4 * one.astype(int), one),
                    tempo=Tempo(60 / (BEAT + number % 40 / 100) * one, one, 0 * one, 120 * one),
                    key=Key(np.array([f"{'CDEFGAB'[number % 7]}:major"], object), one))


def row_of(entry: Entry, duration: float) -> Json:
    """A row as `analysed` makes it."""
    timeline = labels(duration, sum(entry.name.encode()))
    content = timeline.to_dict()
    del content["duration"]
    return {"file": entry.name, "status": OK, "error": None, "attempts": 1, "seconds": 0.0, **summary_of(timeline),
            **content}


def begun(entry: Entry, work: ArchiveJob) -> None:
    """Tell the log of a recording that is begun."""
    with Path(work.weights[0]).open("a", encoding="utf-8") as log:
        log.write(entry.name + "\n")


def decoded(entry: Entry, work: ArchiveJob) -> Json:
    """A row of a recording that is decoded."""
    begun(entry, work)
    try:
        audio = read_audio(Path(entry.place))
        return row_of(entry, audio.samples.shape[1] / audio.rate)
    except Exception as error:
        return failed(entry.name, told_of(error, entry.name, entry.place), 1, 0.0)


def made_up(entry: Entry, work: ArchiveJob) -> Json:
    """A row without a recording."""
    return row_of(entry, SECONDS)


def heard(entry: Entry, work: ArchiveJob) -> Json:
    """A row of a recording that was heard by all listeners."""
    return analysed(entry, ArchiveJob())


KINDS = {"heard": heard, "decoded": decoded, "made-up": made_up}


def batch(kind: str, manifest: str, folder: str, log: str, workers: str) -> Json:
    """Make an archive, or go on with it."""
    entries = read_manifest(Path(manifest))
    listed = used()["cpu"]
    work = ArchiveJob(weights=(log,))
    rows = partial(local_rows, work=work, workers=int(workers), analyse=KINDS[kind]) if int(workers) else (
        lambda left: (KINDS[kind](entry, work) for entry in left))
    (last,) = deque(make_archive(entries, work, Store(Path(folder)), rows), maxlen=1)
    return {"listed": listed, "done": last.done, "failed": last.failed}


def merge(folder: str, table: str) -> Json:
    """Write the table of an archive."""
    from onpu.archive.merging import merge as merged

    found = merged(Path(folder), Path(table))
    return {"rows": found.rows, "failed": found.failed}


def bare(manifest: str) -> Json:
    """What `heard` does, without an archive: CPU seconds of the recordings alone, and the first one's apart."""
    seconds = []
    for entry in read_manifest(Path(manifest)):
        before = used()["cpu"]
        analysed(entry, ArchiveJob())
        seconds.append(used()["cpu"] - before)
    return {"recordings": seconds}


def used() -> Json:
    """CPU seconds of this process and of those that it had, and the most MiB of this one and of one of those."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"cpu": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime, "peak": own.ru_maxrss / 1024,
            "worker_peak": others.ru_maxrss / 1024}


def take_step() -> None:
    """See the module."""
    began = time.monotonic()
    steps: dict[str, Callable[..., Json]] = {"batch": batch, "merge": merge, "bare": bare}
    found = steps[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(found | used() | {"seconds": time.monotonic() - began}))


if __name__ == "__main__":
    take_step()
