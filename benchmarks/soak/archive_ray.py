"""An archive made by a Ray cluster (`onpu batch --address`), a worker of which is killed, beside one made without Ray.

    python -m benchmarks.soak.archive_ray [--recordings 20] [--seconds 15] [--tasks beats,chords,key]
        [--results FOLDER] [--dry]

Needs Ray (`pip install 'onpu[ray]'`). The cluster is begun on this machine, with two processors, and joined by its
address as one elsewhere is. Table: benchmarks/results/archive_ray.md. Exit code 1 where rows are lost, twice or not the
same.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.paths import ROOT
from benchmarks.report import parser, run, save, table
from benchmarks.soak.archive_speed import pieces
from onpu.archive.merging import merge
from onpu.archive.rows import equal
from onpu.archive.store import UNFINISHED, Store
from onpu.errors import OnpuError
from onpu.files import Json

WORKERS = 2
KILLED_AFTER = 5
"""Rows."""
ONPU = (sys.executable, "-c", "from onpu.apps.entry import main; main()")


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--recordings", type=int, default=20)
    options.add_argument("--seconds", type=float, default=15.0, help="of each")
    options.add_argument("--tasks", default="beats,chords,key")
    given = options.parse_args()
    try:
        import ray
    except ImportError:
        raise OnpuError("Ray is not installed; pip install 'onpu[ray]'") from None
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False)
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            manifest = pieces(folder, given.recordings, given.seconds)
            command = [*ONPU, "batch", str(manifest), "--tasks", given.tasks, "-w", str(WORKERS), "-q", "-o"]
            began = time.monotonic()
            subprocess.run([*command, folder / "without"], cwd=ROOT, check=False)
            without = time.monotonic() - began
            began = time.monotonic()
            address = ray.get_runtime_context().gcs_address
            running = subprocess.Popen([*command, folder / "with", "--address", address], cwd=ROOT)
            killed = struck(running, folder / "with")
            running.wait()
            there = time.monotonic() - began
            mine, theirs = (rows_of(folder / kind) for kind in ("without", "with"))
    finally:
        ray.shutdown()
    same = [name for name, row in mine.items() if name in theirs and equal(row, theirs[name])]
    again = sum(row["attempts"] > 1 for row in theirs.values())
    save(given, "archive_ray", "An archive on Ray", [
        f"{given.recordings} pieces of {given.seconds:g} s of real recordings, tasks {given.tasks}, {WORKERS} workers: "
        f"processes of this machine, and actors of a cluster of Ray {ray.__version__} on it, which is joined by its "
        f"address. {killed} of its workers is killed after {KILLED_AFTER} rows. Equal: all that was found, numbers "
        "within 1e-5.\n",
        table(["", "rows", "failed", "tried again", "equal", "seconds"], [
            ["without Ray", len(mine), failures(mine), sum(row["attempts"] > 1 for row in mine.values()), len(mine),
             f"{without:.0f}"],
            ["with Ray", len(theirs), failures(theirs), again, len(same), f"{there:.0f}"]])])
    if not killed or len(same) < given.recordings or failures(theirs):
        sys.exit(1)


def struck(running: "subprocess.Popen[bytes]", store: Path) -> int:
    """Kill a worker of the cluster once some rows are there; how many were killed."""
    journal = Store(store).rows / UNFINISHED
    while running.poll() is None:
        if journal.exists() and journal.read_bytes().count(b"\n") >= KILLED_AFTER:
            for worker in workers():
                os.kill(worker, signal.SIGKILL)
                return 1
        time.sleep(0.02)
    return 0


def workers() -> list[int]:
    """Actors of the cluster that this process has begun."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            own = (path / "cmdline").read_bytes().startswith(b"ray::Actor") and os.getpid() in above(int(path.name))
        except OSError:
            continue
        if own:
            found.append(int(path.name))
    return found


def above(process: int) -> list[int]:
    """Parent of a process, its parent, and so on."""
    found = [process]
    while found[-1] > 1:
        found.append(int(Path(f"/proc/{found[-1]}/stat").read_text().rpartition(")")[2].split()[1]))
    return found[1:]


def rows_of(store: Path) -> dict[str, Json]:
    """Rows of an archive by file."""
    from pyarrow import parquet

    merge(store, store / "all.parquet")
    rows: list[Json] = parquet.read_table(str(store / "all.parquet")).to_pylist()
    found = {row["file"]: row for row in rows}
    if len(found) < len(rows):
        raise OnpuError(f"{store}: {len(rows) - len(found)} rows are there twice")
    return found


def failures(rows: dict[str, Json]) -> int:
    """How many failed."""
    return sum(row["status"] != "ok" for row in rows.values())


if __name__ == "__main__":
    run(main)
