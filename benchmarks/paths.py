"""Where the benchmarks find recordings, and where they keep what takes long to make."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("ONPU_DATA", ROOT.parent / "shared" / "data"))
CACHE = Path(os.environ.get("ONPU_BENCH_CACHE", ROOT / "benchmarks" / ".cache"))
FIGURES = ROOT / "docs" / "figures"
