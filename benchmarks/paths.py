"""Where the benchmarks find recordings and programs, and where they keep what takes long to make."""

import os
import shutil
from pathlib import Path

from onpu.errors import OnpuError

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("ONPU_DATA", ROOT.parent / "shared" / "data"))
CACHE = Path(os.environ.get("ONPU_BENCH_CACHE", ROOT / "benchmarks" / ".cache"))
RESULTS = ROOT / "benchmarks" / "results"
FIGURES = ROOT / "docs" / "figures"
NODE = shutil.which("node")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Programs that pages are tried with; None where they are not installed."""


class Missing(OnpuError):
    """Something that a benchmark needs is not installed or not downloaded."""


def data(name: str) -> Path:
    """A file or folder below `DATA`.

    Raises
    ------
    Missing
        When it is not there.
    """
    path = DATA / name
    if not path.exists():
        folder = "which ONPU_DATA names" if "ONPU_DATA" in os.environ else "the default; ONPU_DATA names another folder"
        raise Missing(f"there is no {name} in {DATA} ({folder}; see benchmarks/README.md)")
    return path
