"""Notes, onsets, melody, drums and voice: times real time on a three-minute song, and the peak memory for an hour, each
tool in a process of its own.

    python -m benchmarks.listening.notes_speed [--threads 2] [--tools piano,everything,basic-pitch] [--no-hour] [--dry]
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.notes import Peer, interpreters
from benchmarks.report import save, table
from benchmarks.speed import HOUR, RUNS, SONG, apart, in_own_process, song

EVERYTHING = "everything"
REFERENCE = "pyworld"


def own(tool: str) -> tuple[str, Callable[[Path], object]]:
    """Name and call of weights, by name or path, or of the main job with all that is shipped."""
    import onpu

    name = f"onpu {onpu.__version__} {tool}"
    return (name, onpu.analyze) if tool == EVERYTHING else (name, onpu.load(tool))


def measure(tool: str, path: str, runs: int) -> dict[str, object]:
    """In this process: seconds of the fastest of `runs` calls after one that is not counted, peak memory in MiB.

    With one run nothing is done beforehand, so that the memory is that of a user's first call.
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


def rows(tools: list[str], path: Path, seconds: float, runs: int, threads: int) -> list[list[object]]:
    """Name, times real time and MiB of each tool."""
    out: list[list[object]] = []
    for tool in tools:
        found = in_own_process(tool, path, runs, threads, __file__)
        out.append([found["name"], f"{seconds / found['seconds']:.1f}", f"{found['memory']:.0f}"])
        print(*out[-1], flush=True)
    return out


def main() -> None:
    """Run and write results/notes_speed.md."""
    parser = argparse.ArgumentParser(description=" ".join(__doc__.split("\n\n")[0].split()))
    parser.add_argument("--threads", type=int, default=2, help="of each tool")
    parser.add_argument("--tools", default="", help="weights, everything, peers, by commas; all by default")
    parser.add_argument("--hour", action=argparse.BooleanOptionalAction, default=True, help="measure an hour as well")
    parser.add_argument("--dry", action="store_true", help="write no file")
    parser.add_argument("--measure", nargs=2, metavar=("TOOL", "PATH"), help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=RUNS, help="counted runs on the song; the fastest is shown")
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure, given.runs)))
        return
    from benchmarks.listening.notes_tools import WEIGHTS
    from onpu.weights import models

    pythons, notes = interpreters()
    named = given.tools.split(",") if given.tools else [*(name for name in WEIGHTS if name in models()), EVERYTHING,
                                                        *(peer for peer in pythons if peer != REFERENCE)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        apart(song, path, SONG)
        headings = ("", "x real time", "peak memory [MiB]")
        parts = [f"## A song of three minutes, {given.threads} threads, best of {given.runs}, file to result\n",
                 table(headings, rows(named, path, SONG, given.runs, given.threads))]
        if given.hour:
            apart(song, path, HOUR)
            parts += ["\n## A file of one hour, first call\n", table(headings, rows(
                [tool for tool in named if tool not in pythons], path, HOUR, 1, given.threads))]
    parts += [f"\n{note}\n" for note in notes]
    print(*parts)
    if not given.dry:
        print(save("notes_speed", "Speed and memory of notes, onsets, melody, drums and voice", parts))


if __name__ == "__main__":
    main()
