"""Ctrl-C and SIGTERM: a process ends within seconds, and nothing half-written stays.

A signal's Python handler runs between two instructions of the main thread, which may be inside a library for long, or
inside a callback that swallows exceptions. So a thread is woken beside it (`signal.set_wakeup_fd`), which ends the
process where this has not ended by itself in time.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

PATIENCE = 3.0
"""Seconds that a process has to end by itself."""
INTERRUPTED = 128
"""What an exit code adds to the number of the signal."""
UNFINISHED: set[Path] = set()
"""Files that are being written."""
_received: list[int] = []


def end_on(signals: Sequence[int] = (signal.SIGINT, signal.SIGTERM), patience: float = PATIENCE) -> None:
    """From now on the first of these signals raises `KeyboardInterrupt` in the main thread, which calls this, and
    `patience` seconds later the process has ended, whatever it does then."""
    reading, writing = socket.socketpair()  # a pipe would do, but not on Windows
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)  # what is put in order now is not interrupted again
        _received.append(number)
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, interrupt)
    threading.Thread(target=_watch, args=(reading, writing, set(signals), patience), daemon=True).start()


def _watch(reading: socket.socket, writing: socket.socket, signals: set[int], patience: float) -> None:
    """Wait for a signal. writing: the end that signals are written to, which is open as long as this waits."""
    while not (found := signals.intersection(reading.recv(64))):
        continue
    time.sleep(patience)
    end_at_once(INTERRUPTED + found.pop())


def interrupted() -> bool:
    """Whether a signal has interrupted this process."""
    return bool(_received)


def received() -> int:
    """The exit code of a process that a signal has interrupted."""
    return INTERRUPTED + (_received[0] if _received else signal.SIGINT)


def end_at_once(code: int) -> None:
    """End this process without waiting for threads or children, and take away what is half-written."""
    for path in list(UNFINISHED):
        path.unlink(missing_ok=True)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # a pipe that nobody reads any more, a closed file
            pass
    os._exit(code)
