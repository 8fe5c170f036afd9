"""The notebooks of docs/course in full: whether they hold what they promise, and their seconds.

    python -m benchmarks.soak.course [--only 1,2] [--results FOLDER]

Each runs in a process of its own, which also writes its page anew. Table: benchmarks/results/course.md, written after
each notebook; rows of notebooks that --only leaves out stay as they were. Exit code 1 where one failed.
"""

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.paths import ROOT
from benchmarks.report import parser, run, save, table
from docs.course.notebooks import NOTEBOOKS, cells

NOTE = ("Each notebook in full, in a process of its own, its start included. Seconds are those of the clock, whatever "
        "else the machine did; seconds of processor are its own.\n")
HEADINGS = ("notebook", "its bands hold", "seconds", "of processor", "to write", "pictures")


def main() -> None:
    """Run, measure, print and write."""
    options = parser(__doc__)
    options.add_argument("--only", default="", metavar="NUMBERS", help="by commas; all where empty")
    given = options.parse_args()
    wanted = {int(number) for number in given.only.split(",") if number}
    rows = _earlier(given.results / "course.md")
    failed = False
    for path in NOTEBOOKS:
        number = int(path.stem[:2])
        if wanted and number not in wanted:
            continue
        began, before = time.perf_counter(), _processor()
        done = subprocess.run([sys.executable, "-m", "docs.course.notebooks", str(number)], cwd=ROOT)
        found = cells(path)
        failed = failed or done.returncode != 0
        rows[number] = [found[0].text.partition("\n")[0].lstrip("# "), "no" if done.returncode else "yes",
                        f"{time.perf_counter() - began:.0f}", f"{_processor() - before:.0f}",
                        sum(cell.kind == "yours" for cell in found),
                        len(list((path.parent / "pictures").glob(f"{path.stem}-*.png")))]
        save(given, "course", "The course", [table(HEADINGS, [rows[each] for each in sorted(rows)]), NOTE])
    if failed:
        raise SystemExit(1)


def _earlier(path: Path) -> dict[int, list[object]]:
    """Rows of the table as it is, by the notebook's number."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = re.findall(r"^\| (\d+\. .*) \|$", text, re.MULTILINE)
    return {int(line.partition(".")[0]): list(line.split(" | ")) for line in lines}


def _processor() -> float:
    """Seconds of processor that processes started from here have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    run(main)
