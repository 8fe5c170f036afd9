"""What has been written is on the disk, and not only in the memory of the system, before it is told of."""

import os
from pathlib import Path


def sync_to_disk(*paths: Path) -> None:
    """Have files, and the names in folders, written to the disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
