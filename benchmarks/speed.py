"""Times real time on a three-minute song, and the peak memory for an hour, each tool in a process of its own.

    python -m benchmarks.speed [--tools beats,beats+key+chords,everything,basic-pitch] [--threads 2] [--runs 3]
        [--song 1] [--no-hour] [--results FOLDER] [--dry]

Tools are the weights of listeners, several joined by + for the main job with these, `everything` for the main job with
all that is shipped, and peers (README.md); by default all that are here. Song 1 is of two lines that are taken for a
piano alone, so that a network more is run; song 3 is by a rock band. An hour is not asked of peers. The table goes
to benchmarks/results/speed.md.
"""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.peers import PEERS
from benchmarks.peers.base import Worker, absent
from benchmarks.report import parser, run, save, table

SONG, HOUR = 180.0, 3600.0
TOGETHER, EVERYTHING = "beats+key+chords", "everything"
REFERENCE = "pyworld"
"""The peer that is no competitor."""
P = ParamSpec("P")
T = TypeVar("T")


def apart(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Call in a new process. What this one uses counts as used by those that it starts, so it imports nothing large."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(call, *arguments, **options).result()


def measure(name: str, path: Path, runs: int) -> tuple[str, float, float]:
    """The tool's name, seconds of the fastest of `runs` calls after one that is not counted, peak memory in MiB.

    With one run nothing is done beforehand, so that the memory is that of a user's first call.
    """
    from benchmarks.tools import listener, main_job

    if name in PEERS:
        worker = Worker(name, str(PEERS[name].interpreter))
        label, times = worker.name, [worker.ask(path)[1] for _ in range(runs + (runs > 1))]
        worker.close()
    else:
        tool = (main_job(None, name, ()) if name == EVERYTHING else
                main_job(name.split("+"), name, ()) if "+" in name else listener(name))
        label, times = tool.name, [tool.call(path).seconds for _ in range(runs + (runs > 1))]
    who = resource.RUSAGE_CHILDREN if name in PEERS else resource.RUSAGE_SELF
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return label, min(times[-runs:]), resource.getrusage(who).ru_maxrss / unit


def cells(name: str, path: Path, seconds: float, runs: int) -> list[str]:
    """A row of the table: the tool's name, times real time, MiB."""
    label, fastest, memory = apart(measure, name, path, runs)
    print(f"{label}: {fastest:.2f} s of {seconds:g} s, {memory:.0f} MiB", flush=True)
    return [label, f"{seconds / fastest:.1f}", f"{memory:.0f}"]


def write_song(path: Path, seconds: float, number: int) -> None:
    """Write the composed song of a number, repeated until it is so long, as 44.1 kHz stereo, a block at a time."""
    import numpy as np
    import soundfile

    from onpu.engine.compose import compose
    from onpu.engine.render import produce, render

    audio = produce(render(compose(number, seconds=min(SONG, seconds)), number, 44_100), number)
    left = round(seconds * audio.rate)
    with soundfile.SoundFile(path, "w", audio.rate, audio.channels) as file:
        while left > 0:
            block = audio.samples[:, :left].T
            file.write(np.ascontiguousarray(block))
            left -= len(block)


def shipped_listeners() -> list[str]:
    """Names of the weights of listeners."""
    from onpu.listen import tasks
    from onpu.weights import models

    return [name for name, card in models().items() if card["task"] in tasks()]


def rows(given: argparse.Namespace, names: Sequence[str]) -> list[list[str]]:
    """Rows of the table."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        apart(write_song, path, given.seconds, given.song)
        for name in names:
            found[name] = [*cells(name, path, given.seconds, given.runs), "-", "-"]
        if given.hour:
            apart(write_song, path, HOUR, given.song)
            for name in names:
                if name not in PEERS:
                    found[name][3:] = cells(name, path, HOUR, 1)[1:]
    return list(found.values())


def main() -> None:
    """Run and write speed.md."""
    options = parser(__doc__)
    options.add_argument("--tools", default="", help="by commas; all by default")
    options.add_argument("--threads", type=int, default=2, help="of each tool")
    options.add_argument("--runs", type=int, default=3, help="counted runs on the song; the fastest is shown")
    options.add_argument("--seconds", type=float, default=SONG, help="length of the song")
    options.add_argument("--song", type=int, default=1, help="number of the composed song")
    options.add_argument("--hour", action=argparse.BooleanOptionalAction, default=True, help="measure an hour as well")
    given = options.parse_args()
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(given.threads))
    competitors = [name for name, peer in PEERS.items() if peer.interpreter and name != REFERENCE]
    names = (given.tools.split(",") if given.tools else
             [*apart(shipped_listeners), TOGETHER, EVERYTHING, *competitors])
    headings = ("tool", "x real time", "peak memory [MiB]", "an hour: x real time", "peak memory [MiB]")
    text = table(headings, rows(given, names))
    conditions = (f"Song {given.song}, {given.seconds:g} s (WAV, 44.1 kHz, stereo), {given.threads} threads, best of "
                  f"{given.runs}, from file to result; a file of one hour, first call.\n")
    save(given, "speed", "Speed and memory", [conditions, text, *([] if given.tools else absent(PEERS))])


if __name__ == "__main__":
    run(main)
