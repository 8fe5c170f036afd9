"""The command line that all benchmarks share, and result tables in Markdown with what is needed to make them again."""

import argparse
import datetime
import math
import os
import platform
import shlex
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.paths import RESULTS, ROOT
from onpu.errors import OnpuError

PACKAGES = ("onpu", "torch", "numpy", "mir_eval", "librosa")


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The parser of a benchmark with this docstring; it knows the options that `save` and `figure` heed."""
    made = argparse.ArgumentParser(description=" ".join((doc or "").partition("\n\n")[0].split()))
    made.add_argument("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where the table is written")
    made.add_argument("--dry", action="store_true", help="print the table, write no file")
    return made


def run(main: Callable[[], None]) -> None:
    """Call `main`; an error of onpu's is told in its one line."""
    try:
        main()
    except OnpuError as error:
        raise SystemExit(f"error: {error}") from error


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers get three digits after the point, NaN a dash, texts stay."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    lines = [list(headings), ["---"] + ["---:"] * (len(headings) - 1), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.3f}"
    return str(value)


def save(given: argparse.Namespace, name: str, title: str, parts: Sequence[str]) -> None:
    """Print the parts and, unless --dry, write NAME.md in the folder of --results: the title, how it was made, the
    parts."""
    print("\n".join(parts))
    if given.dry:
        return
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    script = Path(sys.argv[0]).resolve().relative_to(ROOT).with_suffix("")
    command = shlex.join(["python", "-m", ".".join(script.parts), *sys.argv[1:]])
    head = (f"# {title}\n\nMade {datetime.date.today()} by `{command}`. Python {platform.python_version()}, "
            f"{packages}; {os.cpu_count()} cores of {platform.machine()}.\n")
    given.results.mkdir(parents=True, exist_ok=True)
    path = given.results / f"{name}.md"
    path.write_text("\n".join([head, *parts]), encoding="utf-8")
    print(path)


def figure(given: argparse.Namespace, usual: Path) -> Path:
    """Where a figure goes: to its usual place or, with --results, beside the table."""
    return usual if given.results == RESULTS else given.results / usual.name
