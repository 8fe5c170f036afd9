"""Result tables in Markdown, with what is needed to make them again."""

import datetime
import math
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.paths import ROOT

RESULTS = ROOT / "benchmarks" / "results"


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers get three digits after the point, NaN a dash, texts stay."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    lines = [list(headings), ["---"] + ["---:"] * (len(headings) - 1), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.3f}"
    return str(value)


def save(name: str, title: str, parts: Sequence[str]) -> Path:
    """Write results/NAME.md: the title, how it was made, and the parts."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("onpu", "torch", "numpy", "mir_eval", "librosa"))
    script = Path(sys.argv[0]).resolve().relative_to(ROOT).with_suffix("")
    command = shlex.join(["python", "-m", ".".join(script.parts), *sys.argv[1:]])
    head = (f"# {title}\n\nMade {datetime.date.today()} by `{command}`. Python {platform.python_version()}, "
            f"{packages}; {os.cpu_count()} cores of {platform.machine()}.\n")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text("\n".join([head, *parts]), encoding="utf-8")
    return path
