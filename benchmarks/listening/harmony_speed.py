"""Chords and keys: times real time on a three-minute song, and the peak memory for an hour, each in its own process.

    python -m benchmarks.listening.harmony_speed [--threads 2]
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.harmony import Peer, interpreters
from benchmarks.report import save, table
from benchmarks.speed import HOUR, RUNS, SONG, apart, in_own_process, song

ALONE = ("chords", "key", "chroma")
TOGETHER = "beats+key+chords"


def own(tool: str) -> tuple[str, Callable[[Path], object]]:
    """Name and call of shipped weights, or of the main job with several of them."""
    import onpu

    name = f"onpu {onpu.__version__} {tool}"
    if "+" in tool:
        return name, lambda path: onpu.analyze(path, tasks=tool.split("+"))
    return name, onpu.load(tool)


def measure(tool: str, path: str, runs: int) -> dict[str, object]:
    """In this process: seconds of the fastest of `runs` calls after one that is not counted, peak memory in MiB.

    tool: a peer, shipped weights, or several joined by + for the main job. With one run nothing is done beforehand, so
    that the memory is that of a user's first call.
    """
    pythons, _ = interpreters()
    peer = Peer(pythons[tool], tool) if tool in pythons else None
    name, call = (peer.name, peer) if peer is not None else own(tool)
    times = []
    for run in range(runs + (runs > 1)):
        start = time.perf_counter()
        call(Path(path))
        if run or runs == 1:
            times.append(time.perf_counter() - start)
    if peer is not None:
        peer.close()
    who = resource.RUSAGE_SELF if peer is None else resource.RUSAGE_CHILDREN
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {"name": name, "seconds": min(times), "memory": resource.getrusage(who).ru_maxrss / unit}


def main() -> None:
    """Run and write results/harmony_speed.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2, help="of each tool")
    parser.add_argument("--measure", nargs=2, metavar=("TOOL", "PATH"), help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=RUNS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure, given.runs)))
        return
    from onpu.weights import models

    shipped = {card["task"] for card in models().values()}
    tools = [tool for tool in (*ALONE, TOGETHER) if set(tool.split("+")) <= shipped]
    pythons, notes = interpreters()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        apart(song, path, SONG)
        rows = []
        for tool in [*tools, *pythons]:
            found = in_own_process(tool, path, RUNS, given.threads, __spec__.name)
            rows.append([found["name"], SONG / found["seconds"], f"{found['memory']:.0f}"])
            print(*rows[-1], flush=True)
        apart(song, path, HOUR)
        found = {tool: in_own_process(tool, path, 1, given.threads, __spec__.name) for tool in tools}
    hours = [[one["name"], HOUR / one["seconds"], f"{one['memory']:.0f}"] for one in found.values()]
    headings = ("recogniser", "x real time", "peak memory [MiB]")
    parts = [f"## A song of three minutes, {given.threads} threads, best of {RUNS}, file to chords or key\n",
             table(headings, rows), "\n## A file of one hour, first call\n", table(headings, hours),
             *(f"\n{note}\n" for note in notes)]
    print(save("harmony_speed", "Speed and memory of chords and keys", parts))


if __name__ == "__main__":
    main()
