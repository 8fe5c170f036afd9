"""Where the benchmarks find recordings, and where they keep what takes long to make."""

import os
from pathlib import Path

DATA = Path(os.environ.get("ONPU_DATA", Path(__file__).parents[2] / "shared" / "data"))
CACHE = Path(os.environ.get("ONPU_BENCH_CACHE", Path(__file__).parent / ".cache"))
