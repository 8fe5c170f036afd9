"""The workbench as a process of its own, with analyses in which nothing is heard, and small limits."""

import argparse
from pathlib import Path

import uvicorn

from benchmarks.soak.crowd import FILE_BYTES
from benchmarks.soak.unheard import analyse, hear_again, learn
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService


def begin() -> None:
    """Serve until it is killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    service = WorkbenchService(given.folder, Limits(file_bytes=FILE_BYTES, silent_seconds=5.0), analyse,
                               hear_again, learn)
    uvicorn.run(application(service), host="127.0.0.1", port=given.port, log_level="error", access_log=False)
