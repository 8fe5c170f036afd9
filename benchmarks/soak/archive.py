"""Archives (`onpu batch`): broken recordings, killed workers, killed runs, a hundred thousand rows.

    python -m benchmarks.soak.archive [--recordings 1000] [--rows 100000] [--seed 1] [--results FOLDER]

The thousand recordings are decoded and not heard, since all listeners on so many minutes take hours; what hearing costs
is measured by `benchmarks.soak.archive_speed`. Table: benchmarks/results/archive.md. Exit code 1 where a row is lost or
twice.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.paths import ROOT
from benchmarks.report import parser, run, save, table
from benchmarks.soak.archive_run import SECONDS
from onpu.archive.store import UNFINISHED, Store
from onpu.files import Json

BROKEN_EVERY = 20
RATE = 22_050
SCHEDULED = 10
"""One in so many rows goes through workers, which are measured apart."""
KILLS, RUNS = 10, 5
"""Workers that are killed, and whole runs."""


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--recordings", type=int, default=1000)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = recordings(folder, given.recordings)
        parts: list[str] = []
        for part in (partial(broken, folder, manifest, given.recordings, lost),
                     partial(struck, folder, manifest, given, lost), partial(simulated, folder, given.rows, lost)):
            parts.append(part())
            print(parts[-1], file=sys.stderr, flush=True)
    save(given, "archive", "Archives", parts + [f"- {line}\n" for line in lost])
    if lost:
        sys.exit(1)


def step(*words: object) -> Json:
    """What a step used, and found."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.soak.archive_run", *map(str, words)], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: Json = json.loads(done.stdout)
    return found


def recordings(folder: Path, count: int) -> Path:
    """A manifest of recordings of a minute, one sound under many names, every twentieth of them broken or not there."""
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(round(SECONDS * RATE)) / RATE)
    soundfile.write(folder / "sound.wav", tone.astype(np.float32), RATE, subtype="PCM_16")
    whole = (folder / "sound.wav").read_bytes()
    names = [f"{number:04d}.wav" for number in range(count)]
    for number, name in enumerate(names):
        if number % BROKEN_EVERY:
            os.link(folder / "sound.wav", folder / name)
        else:
            damaged = (b"", b"no sound at all", whole[:20], b"RIFF" + bytes(500), None)[number // BROKEN_EVERY % 5]
            if damaged is not None:
                (folder / name).write_bytes(damaged)
    (folder / "all.txt").write_text("\n".join(names), encoding="utf-8")
    return folder / "all.txt"


def broken(folder: Path, manifest: Path, count: int, lost: list[str]) -> str:
    """All of them, once."""
    found = step("batch", "decoded", manifest, folder / "one", folder / "one.log", 1)
    merged = step("merge", folder / "one", folder / "one.parquet")
    rows = table_rows(folder / "one.parquet", count, "one run", lost)
    reasons = Counter(row["error"].partition(": ")[2] for row in rows if row["status"] == "error")
    told = [[reason.replace("|", "/"), number] for reason, number in reasons.items()]
    return (f"## Broken recordings\n\n{count:,} recordings of a minute, decoded and not heard, by one worker: "
            f"{found['done'] - found['failed']} rows with labels, {found['failed']} with a reason; the merged table "
            f"has {merged['rows']:,}. {found['cpu']:.0f} s of CPU.\n\n" + table(["reason", "recordings"], told))


def struck(folder: Path, manifest: Path, given: Namespace, lost: list[str]) -> str:
    """Workers and whole runs killed at random moments."""
    rng, count = np.random.default_rng(given.seed), given.recordings
    rows = []
    for what, kills, whole in (("a worker", KILLS, False), ("the whole run", RUNS, True)):
        name = "worker" if not whole else "whole"
        store, log = folder / name, folder / f"{name}.log"
        command = [sys.executable, "-m", "benchmarks.soak.archive_run", "batch", "decoded", manifest, store, log, "2"]
        killed, process = 0, None
        moments = sorted(rng.choice(np.arange(5, count - 5), kills, replace=False))
        while True:
            process = process or subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL)
            if process.poll() is not None:
                break
            if killed < kills and begun(log) >= moments[killed]:
                if whole:
                    process.kill()
                    process.wait()
                    process = None
                    torn(store)
                elif workers := workers_of(process.pid):
                    os.kill(workers[int(rng.integers(len(workers)))], signal.SIGKILL)
                killed += 1
            time.sleep(0.01)
        step("merge", store, folder / f"{name}.parquet")
        table_rows(folder / f"{name}.parquet", count, f"{what} killed", lost)
        rows.append([what, killed, f"{begun(log) - count} of {count:,}",
                     f"{100 * (begun(log) - count) / count:.1f} %"])
    return ("## Killed\n\nAt random moments, with two workers; the whole run is begun again by the same command, and "
            "its journal ends in half a line each time. Rows that are lost or twice would be listed below.\n\n"
            + table(["what is killed", "times", "recordings done again", "share"], rows))


def begun(log: Path) -> int:
    """How many recordings were begun."""
    return log.read_bytes().count(b"\n") if log.exists() else 0


def torn(store: Path) -> None:
    """Leave half a line in the journal, as a kill in the midst of a write does."""
    journal = Store(store).rows / UNFINISHED
    if journal.exists():
        with journal.open("ab") as file:
            file.write(b'{"file": "0001.wav", "sta')


def workers_of(process: int) -> list[int]:
    """Processes that a run has for recordings."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


def table_rows(path: Path, count: int, what: str, lost: list[str]) -> list[Json]:
    """Rows of a merged table, each recording once; what is lost or twice is told."""
    from pyarrow import parquet

    rows: list[Json] = parquet.read_table(str(path), columns=["file", "status", "error"]).to_pylist()
    times = Counter(row["file"] for row in rows)
    twice = [name for name, number in times.items() if number > 1]
    if len(times) != count or twice:
        lost.append(f"{what}: {count - len(times)} rows lost, {len(twice)} twice")
    return rows


def simulated(folder: Path, count: int, lost: list[str]) -> str:
    """Rows of recordings that are not there."""
    for name, many in (("many", count), ("some", count // SCHEDULED)):
        names = "\n".join(f"{number:06d}.flac" for number in range(many))
        (folder / f"{name}.txt").write_text(names, encoding="utf-8")
    none, some = (step("batch", "made-up", folder / "some.txt", folder / f"some{workers}", folder / "some.log", workers)
                  for workers in (0, 2))
    found = step("batch", "made-up", folder / "many.txt", folder / "many", folder / "many.log", 0)
    merged = step("merge", folder / "many", folder / "many.parquet")
    table_rows(folder / "many.parquet", count, "simulated", lost)
    rows = [[f"manifest of {count:,}", found["listed"] / 60, ""],
            [f"{count:,} rows into parts", (found["cpu"] - found["listed"]) / 60, f"{found['peak']:.0f}"],
            [f"two workers for {count // SCHEDULED:,} rows, beyond those", (some["cpu"] - none["cpu"]) / 60,
             f"{some['peak']:.0f}"],
            [f"merge of {count:,}", merged["cpu"] / 60, f"{merged['peak']:.0f}"]]
    size = (folder / "many.parquet").stat().st_size / 2**20
    return (f"## {count:,} rows\n\nNo recordings and no networks: each row has a minute's beats, tempo, key and metre. "
            f"The merged table has {size:.0f} MiB. Minutes of CPU are those of all processes.\n\n"
            + table(["step", "CPU, minutes", "peak, MiB"], rows))


if __name__ == "__main__":
    run(main)
