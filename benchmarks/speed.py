"""Times real time on a three-minute song, and the peak memory for an hour, each tool in a process of its own.

    python -m benchmarks.speed [--threads 2]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from benchmarks.report import save, table

SONG, HOUR = 180.0, 3600.0
RUNS = 3


def measure(tool: str, path: str, runs: int) -> dict[str, object]:
    """In this process: seconds of the fastest of `runs` calls after one that is not counted, peak memory in MiB.

    With one run nothing is done beforehand, so that the memory is that of a user's first call.
    """
    from benchmarks.peers.beats import Librosa, Madmom

    if tool == "librosa":
        call = Librosa()
        name = call.name
    elif tool == "madmom":
        call = Madmom(os.environ["ONPU_MADMOM_PYTHON"])
        name = call.name
    else:
        import onpu

        call, name = onpu.load(tool), f"onpu {onpu.__version__} {tool}"
    if runs > 1:
        call(Path(path))
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call(Path(path))
        times.append(time.perf_counter() - start)
    if tool == "madmom":
        call.close()
    who = resource.RUSAGE_CHILDREN if tool == "madmom" else resource.RUSAGE_SELF
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {"name": name, "seconds": min(times), "memory": resource.getrusage(who).ru_maxrss / unit}


def in_own_process(tool: str, path: Path, runs: int, threads: int, module: str = __spec__.name) -> dict:
    """The script's `measure` in a fresh interpreter with so many threads."""
    limits = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    answer = subprocess.run([sys.executable, "-m", module, "--measure", tool, str(path), "--runs", str(runs)],
                            check=True, capture_output=True, text=True, env=os.environ | limits)
    return json.loads(answer.stdout.splitlines()[-1])


def apart(call, *arguments) -> None:
    """Call in a new process: what this one has used would count as used by those that it starts."""
    process = get_context("spawn").Process(target=call, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{call.__name__} failed")


def song(path: Path, seconds: float) -> None:
    """Write a composed song, repeated until it is so long, as 44.1 kHz stereo, a block at a time."""
    import numpy as np
    import soundfile

    from onpu.engine.compose import compose
    from onpu.engine.render import produce, render

    audio = produce(render(compose(1, seconds=SONG), 1, 44_100), 1)
    left = round(seconds * audio.rate)
    with soundfile.SoundFile(path, "w", audio.rate, audio.channels) as file:
        while left > 0:
            block = audio.samples[:, :left].T
            file.write(np.ascontiguousarray(block))
            left -= len(block)


def main() -> None:
    """Run and write results/speed.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2, help="of each tool")
    parser.add_argument("--measure", nargs=2, metavar=("TOOL", "PATH"), help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=RUNS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure, given.runs)))
        return
    from onpu.weights import models

    tools = [name for name, card in models().items() if card["task"] == "beats"]
    peers = ["librosa", *(["madmom"] if "ONPU_MADMOM_PYTHON" in os.environ else [])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.flac"
        apart(song, path, SONG)
        found = [in_own_process(tool, path, RUNS, given.threads) for tool in [*tools, *peers]]
        rows = [[f["name"], SONG / f["seconds"], f"{f['memory']:.0f}"] for f in found]
        apart(song, path, HOUR)
        found = [in_own_process(tool, path, 1, given.threads) for tool in tools]
        hours = [[f["name"], HOUR / f["seconds"], f"{f['memory']:.0f}"] for f in found]
    headings = ("beat tracker", "x real time", "peak memory [MiB]")
    parts = [f"## A song of three minutes, {given.threads} threads, best of {RUNS}, file to beats\n",
             table(headings, rows), "\n## A file of one hour, first call\n", table(headings, hours)]
    if len(peers) == 1:
        parts.append("\nmadmom left out: ONPU_MADMOM_PYTHON does not name its interpreter (README.md)\n")
    print(save("speed", "Speed and memory", parts))


if __name__ == "__main__":
    main()
