"""What each operating system does in its own way: locks, bounds of a process, memory, the disk, signals.

Nothing else asks which system this is, but for `onpu.workers`, whose pipes have another class on Windows. That has no
bounds that a process sets for itself, so there a process that decodes is ended by time alone.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNKNOWN_MEMORY_BYTES = 2**33
"""What a machine is taken to have that does not tell."""
LONGEST_NAME = 255
"""Bytes of a file's name, where the system does not tell."""


def physical_memory() -> int:
    """Bytes of this machine's memory."""
    if sys.platform != "win32":
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    else:
        return UNKNOWN_MEMORY_BYTES


def locked(descriptor: int) -> bool:
    """Lock an open file for this process; whether no other one has it."""
    try:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def bound(memory_bytes: int, file_bytes: int, behind: int) -> None:
    """This process holds and writes so many bytes at most, leaves no core, and is nicer than others by `behind`."""
    if sys.platform != "win32":
        import resource

        for kind, most in ((resource.RLIMIT_DATA, memory_bytes), (resource.RLIMIT_FSIZE, file_bytes),
                           (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        os.nice(behind)


def sync_to_disk(*paths: Path) -> None:
    """Have files, and the names in folders, written to the disk, and not only to the memory of the system, before they
    are told of. Windows writes names by itself."""
    for path in paths:
        if sys.platform == "win32" and path.is_dir():
            continue
        descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def longest_name(folder: Path) -> int:
    """Bytes of a file's name in this folder at most."""
    if sys.platform == "win32":
        return LONGEST_NAME
    else:
        return os.pathconf(folder, "PC_NAME_MAX")


@contextmanager
def left_to_parent() -> Iterator[None]:
    """Processes that are started meanwhile leave Ctrl-C, which reaches them all, to this one; not on Windows, which
    cannot hold a signal back."""
    if sys.platform == "win32":
        yield
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
