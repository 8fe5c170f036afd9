"""The workbench under a crowd and under kills, in some minutes.

    python -m benchmarks.soak.workbench [--uploads 1000] [--clients 100] [--kills 20] [--seed 1] [--results FOLDER]
        [--dry]

A hundred clients at once upload a thousand files, a twentieth of which is broken or malicious; the analyses hear
nothing, since the server is what is tried. Then `onpu serve` is killed at random moments while it analyses composed
songs and versions are saved: the library opens, and what was confirmed is there. Ends with exit code 1 where something
does not hold. Table: benchmarks/results/workbench-soak.md.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.report import parser, run, save, table
from benchmarks.soak.crowd import attacks, crowd
from benchmarks.soak.outcome import Outcome, measured
from benchmarks.soak.struck import struck

SHOWN = 20
"""Failures that are listed."""


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--uploads", type=int, default=1000)
    options.add_argument("--clients", type=int, default=100)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def crowded(outcome: Outcome) -> None:
            waits.extend(crowd(folder / "crowd", given.uploads, given.clients, outcome))

        outcomes = [measured(f"{given.clients} clients, {given.uploads} uploads", crowded)] if given.uploads else []
        if given.kills:
            killed = partial(struck, folder / "struck", given.kills, given.seed)
            outcomes.append(measured(f"{given.kills} kills", killed))
    rows = [[each.name, each.done, len(each.failures), f"{each.seconds:.0f}"] for each in outcomes]
    parts = [table(["what", "checked", "failed", "seconds"], rows)]
    if waits:
        shares = np.quantile(waits, [0.5, 0.99, 1.0])
        parts.append(table(["answers", "median, s", "99 of 100, s", "slowest, s"], [[len(waits), *map(float, shares)]]))
    failures = [failure for each in outcomes for failure in each.failures]
    parts += [f"- {failure}\n" for failure in failures[:SHOWN]]
    if waits:
        parts.append("What was broken or malicious: " + "; ".join(attacks()) + ".\n")
    save(given, "workbench-soak", "The workbench under a crowd and under kills", parts)
    if failures:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
