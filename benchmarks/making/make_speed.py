"""What `onpu make` costs: processor and wall seconds of each maker's command as a user runs it.

    python -m benchmarks.making.make_speed [--makers chorale,musicvae] [--runs 1] [--results FOLDER] [--dry]

Each command runs in a process of its own, from the start of Python to the written files, with its default options and
formats, and no variable of the environment that limits threads; of several runs the one with the fewest processor
seconds counts. Processor seconds are those of all cores and of all processes that the command starts. The table goes to
benchmarks/results/make_speed.md.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import parser, run, save, table
from benchmarks.timing import Spent
from onpu.make import makers

COMMAND = "from onpu.apps.entry import main; main()"
LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Variables of the environment that limit threads."""


def made(name: str) -> tuple[Spent, str]:
    """What `onpu make NAME` took, and the suffixes of its files."""
    environment = {key: value for key, value in os.environ.items() if key not in LIMITS}
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", COMMAND, "make", name, "-o", folder], env=environment,
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit(f"onpu make {name} ended with {os.waitstatus_to_exitcode(status)}")
        suffixes = sorted(path.suffix for path in Path(folder).iterdir())
    return Spent(wall, usage.ru_utime + usage.ru_stime), " ".join(suffixes)


def main() -> None:
    """Measure and write the table."""
    arguments = parser(__doc__)
    names = [name for name, maker in makers().items() if maker.command is not None]
    arguments.add_argument("--makers", default=",".join(names), help="with commas; default: all")
    arguments.add_argument("--runs", type=int, default=1, help="of each command")
    given = arguments.parse_args()
    rows = []
    for name in given.makers.split(","):
        spent, files = min((made(name) for _ in range(given.runs)), key=lambda each: each[0].processor)
        rows.append([f"`onpu make {name}`", f"{spent.processor:.1f}", f"{spent.seconds:.1f}", files])
        print(*rows[-1], flush=True)
    load = f"load of the machine at the end, over one minute: {os.getloadavg()[0]:.1f}"
    save(given, "make_speed", "What onpu make costs",
         [f"Of {given.runs} runs the one with the fewest processor seconds; {load}.\n",
          table(("command", "processor seconds", "wall seconds", "files"), rows)])


if __name__ == "__main__":
    run(main)
