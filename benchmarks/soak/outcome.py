"""What a part of the soak answers, and onpu's command line as a process of its own."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

TEMPORARY = ".onpu-"
"""What the names of files begin with that are not yet whole (`onpu.files.replacing`)."""
RECORDS = ".onpu"
"""The folder in which it is kept what results came from (`onpu.apps.records`)."""
ONPU = (sys.executable, "-c", "from onpu.apps.entry import main; main()")


@dataclass
class Outcome:
    """A row of the table. done: how many things were tried; failures: one line each; peak: MiB of the largest process,
    0 where it was not measured."""

    name: str
    done: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    peak: float = 0.0

    def check(self, holds: bool, otherwise: str) -> None:
        """Count one more; note what is said where it does not hold."""
        self.done += 1
        if not holds:
            self.failures.append(otherwise)


class Ended(NamedTuple):
    """How a command ended. code: exit code, negative for a signal; peak: MiB."""

    code: int
    output: str
    peak: float


def measured(name: str, part: Callable[[Outcome], None]) -> Outcome:
    """The outcome of a part with its time, told as soon as it is there; a part that breaks off has failed."""
    outcome, begin = Outcome(name), time.perf_counter()
    try:
        part(outcome)
    except Exception as error:
        outcome.failures.append(f"broke off: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    outcome.seconds = time.perf_counter() - begin
    print(f"{name}: {outcome.done} tried, {len(outcome.failures)} failed, {outcome.seconds:.0f} s", flush=True)
    return outcome


def start(words: Iterable[object], folder: Path, output: int) -> subprocess.Popen[bytes]:
    """Begin an `onpu` command in a folder, as the head of a process group of its own.

    Where this process was begun in the background, a shell has it ignore Ctrl-C, which commands would inherit.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen([*ONPU, *map(str, words)], cwd=folder, stdout=output, stderr=output,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def onpu(*words: object, folder: Path) -> Ended:
    """Run an `onpu` command in a folder to its end."""
    with tempfile.TemporaryFile() as output:
        process = start(words, folder, output.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Ended(process.returncode, output.read().decode(errors="replace"), usage.ru_maxrss / 1024)


def song(folder: Path) -> Path:
    """A composed song with its labels."""
    ended = onpu("compose", "-n", 1, "--style", "rock", "--seconds", 20, "--seed", 11, "-o", folder, folder=folder)
    assert ended.code == 0, ended.output
    return next(folder.glob("*/*.flac"))


def told_by_shells(code: int) -> int:
    """The exit code that a shell shows: 130 too for a process that Ctrl-C met before its first line."""
    return 128 - code if code < 0 else code


def contents(folder: Path) -> dict[str, bytes]:
    """Relative path -> bytes of every file below a folder, but for temporary ones and records of what was done."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(TEMPORARY) and RECORDS not in path.parts}


def temporary(folder: Path) -> list[str]:
    """Names of the temporary files that lie in a folder."""
    return [path.name for path in folder.rglob(f"{TEMPORARY}*")]
