"""Times real time on a three-minute song, and the peak memory for an hour, each tool in a process of its own.

    python -m benchmarks.speed [--tools beats,beats+key+chords,everything,basic-pitch] [--threads 2] [--runs 3]
        [--no-hour] [--results FOLDER] [--dry]

Tools are the weights of listeners, several joined by + for the main job with these, `everything` for the main job with
all that is shipped, and peers (README.md); by default all that are here. An hour is not asked of peers. The table goes
to benchmarks/results/speed.md.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.peers import PEERS
from benchmarks.peers.base import Worker, absent
from benchmarks.report import parser, run, save, table
from benchmarks.tools import listener, main_job
from onpu.engine.compose import compose
from onpu.engine.render import produce, render
from onpu.listen import tasks
from onpu.weights import models

SONG, HOUR = 180.0, 3600.0
TOGETHER, EVERYTHING = "beats+key+chords", "everything"
REFERENCE = "pyworld"
"""The peer that is no competitor."""


def measure(name: str, path: Path, runs: int) -> dict[str, object]:
    """In this process: seconds of the fastest of `runs` calls after one that is not counted, peak memory in MiB.

    With one run nothing is done beforehand, so that the memory is that of a user's first call.
    """
    worker = Worker(name, str(PEERS[name].interpreter)) if name in PEERS else None
    if worker is not None:
        label, times = worker.name, [worker.ask(path)[1] for _ in range(runs + (runs > 1))]
        worker.close()
    else:
        tool = (main_job(None, name, ()) if name == EVERYTHING else
                main_job(name.split("+"), name, ()) if "+" in name else listener(name))
        label, times = tool.name, [tool(path).seconds for _ in range(runs + (runs > 1))]
    who = resource.RUSAGE_SELF if worker is None else resource.RUSAGE_CHILDREN
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {"name": label, "seconds": min(times[-runs:]), "memory": resource.getrusage(who).ru_maxrss / unit}


def cells(name: str, path: Path, seconds: float, runs: int, threads: int) -> tuple[str, list[str]]:
    """`measure` in a fresh interpreter with so many threads: the tool's name; times real time, MiB."""
    limits = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    answer = subprocess.run([sys.executable, "-m", "benchmarks.speed", "--measure", name, str(path), "--runs",
                             str(runs)], check=True, stdout=subprocess.PIPE, text=True, env=os.environ | limits)
    found = json.loads(answer.stdout.splitlines()[-1])
    print(found, flush=True)
    return found["name"], [f"{seconds / found['seconds']:.1f}", f"{found['memory']:.0f}"]


def apart(call: Callable[..., None], *arguments: object) -> None:
    """Call in a new process: what this one has used would count as used by those that it starts."""
    process = get_context("spawn").Process(target=call, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{call.__name__} failed")


def write_song(path: Path, seconds: float) -> None:
    """Write a composed song, repeated until it is so long, as 44.1 kHz stereo, a block at a time."""
    audio = produce(render(compose(1, seconds=min(SONG, seconds)), 1, 44_100), 1)
    left = round(seconds * audio.rate)
    with soundfile.SoundFile(path, "w", audio.rate, audio.channels) as file:
        while left > 0:
            block = audio.samples[:, :left].T
            file.write(np.ascontiguousarray(block))
            left -= len(block)


def default_tools() -> list[str]:
    """Listeners that are shipped, two forms of the main job, the competitors that are installed."""
    own = [name for name, card in models().items() if card["task"] in tasks()]
    return [*own, TOGETHER, EVERYTHING, *(name for name, peer in PEERS.items() if peer.interpreter
                                          and name != REFERENCE)]


def rows(given: argparse.Namespace, names: Sequence[str]) -> list[list[str]]:
    """Of the table."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        apart(write_song, path, given.seconds)
        for name in names:
            label, song = cells(name, path, given.seconds, given.runs, given.threads)
            found[name] = [label, *song, "-", "-"]
        if given.hour:
            apart(write_song, path, HOUR)
            for name in names:
                if name not in PEERS:
                    found[name][3:] = cells(name, path, HOUR, 1, given.threads)[1]
    return list(found.values())


def main() -> None:
    """Run and write speed.md."""
    options = parser(__doc__)
    options.add_argument("--tools", default="", help="by commas; all by default")
    options.add_argument("--threads", type=int, default=2, help="of each tool")
    options.add_argument("--runs", type=int, default=3, help="counted runs on the song; the fastest is shown")
    options.add_argument("--seconds", type=float, default=SONG, help="length of the song")
    options.add_argument("--hour", action=argparse.BooleanOptionalAction, default=True, help="measure an hour as well")
    options.add_argument("--measure", nargs=2, metavar=("TOOL", "PATH"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure[0], Path(given.measure[1]), given.runs)))
        return
    headings = ("tool", "x real time", "peak memory [MiB]", "an hour: x real time", "peak memory [MiB]")
    text = table(headings, rows(given, given.tools.split(",") if given.tools else default_tools()))
    conditions = (f"A song of {given.seconds:g} s (WAV, 44.1 kHz, stereo), {given.threads} threads, best of "
                  f"{given.runs}, from file to result; a file of one hour, first call.\n")
    save(given, "speed", "Speed and memory", [conditions, text, *([] if given.tools else absent(PEERS))])


if __name__ == "__main__":
    run(main)
